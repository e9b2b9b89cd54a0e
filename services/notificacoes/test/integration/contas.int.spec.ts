import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { IdRepetidoError } from '@plataforma/domain/id';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { RegistrarContaHandler } from '../../src/contatos/application/registrar-conta.ts';
import { descartarRetidas } from '../../src/envio/application/descartar-retidas.ts';
import type { NotificacaoTomada } from '../../src/envio/application/ports.ts';
import { PostgresFilaDeSaida } from '../../src/envio/infrastructure/fila-de-saida.ts';
import type { NovaNotificacao } from '../../src/mensagens/domain/notificacao.ts';
import { PostgresFila } from '../../src/mensagens/infrastructure/fila.ts';
import { createModelos } from '../../src/modelos/infrastructure/modelos.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';

const DIA_MS = 24 * 3_600_000;
const em = new Date('2026-11-23T12:00:00Z');
const daqui = (ms: number) => new Date(em.getTime() + ms);
const modelos = createModelos({ nome: 'Plataforma', email: 'reservas@plataforma.local' });
const ANA = { usuarioId: 'cli_ana', nome: 'Ana', email: 'ana@exemplo.com', versao: 1, verificado: false };

let database: ServiceDatabase;
let uow: ReturnType<typeof createUnitOfWork>;
let contas: RegistrarContaHandler;
let pedidas: number;

beforeAll(async () => {
  database = await createServiceDatabase();
  uow = createUnitOfWork(database.dataSource);
});

beforeEach(async () => {
  await database.dataSource.query('delete from notificacoes; delete from contatos');
  pedidas = 0;
  const ids = { next: async () => `not_${++pedidas}` };
  contas = new RegistrarContaHandler({
    ids,
    clock: new FixedClock(em.toISOString()),
    modelos,
    uow,
  });
});

afterAll(() => database.drop());

const registrar = (versao: number) =>
  contas.execute({ contato: { ...ANA, versao }, codigo: `codigo-${versao}`, em });

const fila = () => new PostgresFila(database.dataSource.manager);

const saida = () => new PostgresFilaDeSaida(database.dataSource.manager);

async function tomar(agora: Date): Promise<NotificacaoTomada[]> {
  return saida().tomar({ canal: 'EMAIL', limite: 10, agora, ate: new Date(agora.getTime() + 1_000) });
}

/** A message of a reservation that waits. */
const escrever = (id: string, outros: { clienteId?: string; criadoEm?: Date } = {}) =>
  fila().add({
    ...{ id, clienteId: 'cli_ana', canal: 'EMAIL', modelo: 'RESERVA_CANCELADA', reservaId: `res_${id}` },
    ...{ assunto: () => '', dados: { motivo: 'Choveu' }, fato: '', criadoEm: em, devidaEm: em },
    ...{ validoAte: undefined, grupo: undefined, ...outros },
  } as unknown as NovaNotificacao);

describe('the code for an account', () => {
  it('can be sent for seven days', async () => {
    await registrar(1);
    expect(await tomar(em)).toMatchObject([{ modelo: 'BOAS_VINDAS', validoAte: daqui(7 * DIA_MS) }]);
  });

  it('waits for nobody to verify the address, also when the account changes once more', async () => {
    await registrar(1);
    await contas.execute({ contato: { ...ANA, versao: 2 }, codigo: '', em });
    expect(await tomar(em)).toMatchObject([{ dados: { codigo: 'codigo-1' } }]);
  });

  it('passes over identities that are taken, four of them and no more', async () => {
    for (const numero of [1, 2, 3, 4, 6, 7, 8, 9, 10]) await escrever(`not_${numero}`);
    await registrar(1);
    expect(await tomar(em)).toMatchObject([{ id: 'not_5', dados: { codigo: 'codigo-1' } }]);
    await expect(registrar(2)).rejects.toThrow(IdRepetidoError);
    expect(pedidas).toBe(10);
  });

  it('is not tried again when something else is wrong', async () => {
    await database.dataSource.query('alter table contatos rename to contatos_fora');
    try {
      await expect(registrar(1)).rejects.toThrow('contatos');
    } finally {
      await database.dataSource.query('alter table contatos_fora rename to contatos');
    }
    expect(pedidas).toBe(1);
  });
});

describe('an address that is not verified', () => {
  it('has what waits for it for thirty days', async () => {
    await escrever('not_1', { criadoEm: daqui(-30 * DIA_MS) });
    await escrever('not_2', { criadoEm: daqui(-30 * DIA_MS - 1) });
    await descartarRetidas(uow, em);
    const esperam: unknown[] = await database.dataSource.query(
      `select id from notificacoes where status = 'PENDENTE'`,
    );
    expect(esperam).toEqual([{ id: 'not_1' }]);
  });

  it('has no bearing on what was sent before, nor on what waits already, nor on anybody else', async () => {
    const bia = { ...ANA, usuarioId: 'cli_bia', email: 'bia@exemplo.com', verificado: true };
    await contas.execute({ contato: bia, codigo: '', em });
    for (const id of ['not_a', 'not_b']) await escrever(id);
    await escrever('not_c', { clienteId: 'cli_bia' });
    await saida().marcarEnviadas([
      { id: 'not_a', clienteId: 'cli_ana', destino: 'a***a@exemplo.com', em, recibo: { provedor: 'smtp' } },
    ]);
    const linhas = () => database.dataSource.query('select *, xmin from notificacoes order by id');
    const antes = await linhas();
    await contas.execute({ contato: ANA, codigo: '', em });
    expect(await linhas()).toEqual(antes);
    await contas.execute({ contato: { ...ANA, versao: 2, verificado: true }, codigo: '', em });
    expect((await linhas())[0]).toEqual(antes[0]);
    expect(await tomar(em)).toMatchObject([{ id: 'not_b' }, { id: 'not_c' }]);
  });
});
