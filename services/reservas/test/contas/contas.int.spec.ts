import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { createUnitOfWork, type Transacao } from '../../src/persistence/unit-of-work.ts';
import { remover, tellConta } from '../contas-fixture.ts';
import { NOW, newId } from '../reservas-fixture.ts';
import { startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;
let uow: UnitOfWork<Transacao>;
let existe: (usuarioId: string) => Promise<boolean>;

beforeAll(async () => {
  sut = await startReservas();
  uow = createUnitOfWork(sut.dataSource);
  existe = (usuarioId) => uow.run(({ pessoas }) => pessoas.existe(usuarioId));
});

afterAll(() => sut?.close());

describe('an account', () => {
  it('is known once auth has told of it, however often', async () => {
    const id = newId('cli');
    expect(await existe(id)).toBe(false);
    await tellConta(sut.parts, id);
    await tellConta(sut.parts, id);
    expect(await existe(id)).toBe(true);
  });

  it('is as the newest event says, in whatever order they come', async () => {
    const id = newId('cli');
    await tellConta(sut.parts, id, { ativo: false, versao: 3 });
    await tellConta(sut.parts, id, { ativo: true, versao: 2 });
    await tellConta(sut.parts, id);
    expect(await existe(id)).toBe(false);
    await tellConta(sut.parts, id, { ativo: true, versao: 4 });
    expect(await existe(id)).toBe(true);
  });

  it('does not come back once it is gone', async () => {
    const id = newId('cli');
    await tellConta(sut.parts, id);
    await remover(sut.parts, id);
    await tellConta(sut.parts, id, { ativo: true, versao: 12 });
    expect(await existe(id)).toBe(false);
  });

  it('was that of an ADMIN until it was gone, if it was one, and only then', async () => {
    const [admin, cliente] = [newId('cli'), newId('cli')];
    await tellConta(sut.parts, admin, { papeis: ['ADMIN'] });
    await tellConta(sut.parts, cliente);
    for (const id of [admin, cliente, admin]) await remover(sut.parts, id);
    const geria = (id: string, desde: number) =>
      uow.run(({ pessoas }) => pessoas.geriaDesde(id, 'esp_1', new Date(desde)));
    const ate = Date.parse(NOW);
    expect([await geria(admin, ate), await geria(admin, ate + 1)]).toEqual([true, false]);
    expect(await geria(cliente, ate)).toBe(false);
  });
});
