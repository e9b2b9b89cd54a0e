import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { createUnitOfWork, type Transacao } from '../../src/persistence/unit-of-work.ts';
import { NOW, openDatabase, storeEspaco } from '../reservas-fixture.ts';

let database: Awaited<ReturnType<typeof openDatabase>>;
let uow: UnitOfWork<Transacao>;

beforeAll(async () => {
  database = await openDatabase();
  uow = createUnitOfWork(database.dataSource);
});

afterAll(() => database.close());

describe('a unit of work', () => {
  it('is done again when it was the victim of a deadlock, without a trace of the first attempt', async () => {
    const [a, b] = [await storeEspaco(uow), await storeEspaco(uow)];
    const depois = new Date(Date.parse(NOW) + 60_000);
    let encontros = 0;
    let seguir = () => {};
    const ambosTravaram = new Promise<void>((resolve) => {
      seguir = resolve;
    });
    const mudar = (primeiro: string, segundo: string, nome: string) =>
      uow.run(async ({ espacos }) => {
        const um = await espacos.paraAlterar(primeiro);
        um?.atualizar({ nome }, undefined, depois);
        if (um) await espacos.save(um);
        encontros += 1;
        if (encontros === 2) seguir();
        await ambosTravaram;
        const outro = await espacos.paraAlterar(segundo);
        outro?.atualizar({ nome }, undefined, depois);
        if (outro) await espacos.save(outro);
      });
    await Promise.all([mudar(a.id, b.id, 'Um'), mudar(b.id, a.id, 'Dois')]);
    const [umFinal, outroFinal] = await uow.run(async ({ espacos }) => [
      await espacos.findById(a.id),
      await espacos.findById(b.id),
    ]);
    // Two changes each, one after the other, and the third attempt was the one that had to wait.
    expect([umFinal?.estado.versao, outroFinal?.estado.versao, encontros]).toEqual([3, 3, 3]);
    expect(umFinal?.estado.nome).toBe(outroFinal?.estado.nome);
  });

  it('is given up at once when something else went wrong', async () => {
    let tentativas = 0;
    const trabalho = uow.run(async () => {
      tentativas += 1;
      throw new Error('a mistake of ours');
    });
    await expect(trabalho).rejects.toThrow('a mistake of ours');
    expect(tentativas).toBe(1);
  });
});

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);
