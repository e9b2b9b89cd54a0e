import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ReservaCanceladaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { PermanentError } from '@plataforma/runtime/event-message';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { PostgresLivroDeCreditos } from '../src/infrastructure/persistence/livro-de-creditos.ts';
import { deliver, type PagamentosUnderTest, startPagamentos } from './pagamentos-under-test.ts';

// Room for servers that start on a busy machine.
jest.setTimeout(30_000);

const DIA_MS = 24 * 60 * 60_000;
const reais = (valor: number) => Dinheiro.deCentavos(BigInt(valor * 100));

let clock: FixedClock;
let sistema: PagamentosUnderTest;
let livro: PostgresLivroDeCreditos;

beforeEach(async () => {
  clock = new FixedClock('2026-11-24T12:00:00Z');
  sistema = await startPagamentos({ clock });
  livro = new PostgresLivroDeCreditos(sistema.dataSource);
});

afterEach(() => sistema.stop());

const conceder = (valor: Dinheiro, motivo: string) => livro.conceder('cli_1', valor, motivo, clock.now());
const usar = (valor: Dinheiro, pagamentoId: string) => livro.usar('cli_1', valor, pagamentoId, clock.now());
const saldo = (clienteId = 'cli_1') => livro.saldo(clienteId, clock.now());

/** What each account holds; together always nothing. */
async function contas(): Promise<Record<string, number>> {
  const sql =
    'select conta, sum(centavos)::int as total from creditos_lancamentos group by conta order by conta';
  const rows: Array<{ conta: string; total: number }> = await sistema.dataSource.query(sql);
  return Object.fromEntries(rows.map(({ conta, total }) => [conta, total]));
}

const cancelada = (reservaId: string, centavos: bigint, moeda = 'BRL') =>
  deliver(
    sistema.parts,
    ReservaCanceladaSchema,
    { reservaId, clienteId: 'cli_1', creditoBonus: { centavos, moeda } },
    4,
  );

describe('the bonus of a cancelled reservation', () => {
  it('is given once and told to its customer and to administrators only', async () => {
    await Promise.all([cancelada('res_1', 1_500n), cancelada('res_1', 1_500n)]);
    const cliente = sistema.clientFor({ sub: 'cli_1', papeis: ['CLIENTE'] });
    const outro = sistema.clientFor({ sub: 'cli_2', papeis: ['CLIENTE'] });
    const admin = sistema.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
    const centavos = [cliente.obterCreditos({}), outro.obterCreditos({ clienteId: 'cli_1' })];
    expect((await Promise.all(centavos)).map((resposta) => resposta.saldo?.centavos)).toEqual([1_500n, 0n]);
    expect((await admin.obterCreditos({ clienteId: 'cli_1' })).saldo).toMatchObject({
      centavos: 1_500n,
      moeda: 'BRL',
    });
    expect(await contas()).toEqual({ 'cliente:cli_1': 1_500, 'plataforma:bonus': -1_500 });
  });

  it.each([
    ['negative', -1n, 'BRL'],
    ['in another currency', 1n, 'USD'],
  ])('goes to the dead letters when it is %s', async (_, centavos, moeda) => {
    await expect(cancelada('res_1', centavos, moeda)).rejects.toThrow(PermanentError);
    expect(await contas()).toEqual({});
  });
});

describe('store credit', () => {
  it('is spent oldest first, and once for a payment', async () => {
    await conceder(reais(5), 'a');
    clock.advance(DIA_MS);
    await conceder(reais(10), 'b');
    expect(await usar(reais(7), 'pag_1')).toEqual(reais(7));
    expect(await usar(reais(7), 'pag_1')).toEqual(reais(7));
    const restos = await sistema.dataSource.query('select id, restante from creditos_lotes order by id');
    expect(restos).toEqual([
      { id: 'a', restante: '0' },
      { id: 'b', restante: '800' },
    ]);
    expect(await usar(reais(99), 'pag_2')).toEqual(reais(8));
    expect(await saldo()).toEqual(reais(0));
  });

  it('is never spent twice when many want it at once', async () => {
    await conceder(reais(10), 'a');
    const usos = await Promise.all(Array.from({ length: 8 }, (_, n) => usar(reais(3), `pag_${n}`)));
    expect(usos.reduce((soma, uso) => soma.somar(uso))).toEqual(reais(10));
    expect(await saldo()).toEqual(reais(0));
    const total = Object.values(await contas()).reduce((soma, conta) => soma + conta, 0);
    expect(total).toBe(0);
  });

  it('is gone after 365 days', async () => {
    await conceder(reais(5), 'a');
    await usar(reais(2), 'pag_1');
    clock.advance(365 * DIA_MS - 1);
    expect([await saldo(), await livro.expirar(clock.now())]).toEqual([reais(3), 0]);
    clock.advance(1);
    expect([await saldo(), await usar(reais(1), 'pag_2')]).toEqual([reais(0), reais(0)]);
    expect([await livro.expirar(clock.now()), await livro.expirar(clock.now())]).toEqual([1, 0]);
    expect(await contas()).toMatchObject({ 'cliente:cli_1': 0, 'plataforma:expirados': 300 });
  });
});

describe('the database', () => {
  const lancar = (conta: string, centavos: number) =>
    sistema.dataSource.query(
      `insert into creditos_lancamentos (transacao, lote, conta, centavos, em) values ('x', 'a', $1, $2, now())`,
      [conta, centavos],
    );

  it.each<[string, string, number, string]>([
    ['one side only', 'plataforma:bonus', 1, 'do not add up to zero'],
    ['more than is left', 'cliente:cli_1', -501, 'creditos_lotes_restante_ck'],
    ["somebody else's credit", 'cliente:cli_2', -1, 'is not of'],
  ])('refuses %s', async (_, conta, centavos, motivo) => {
    await conceder(reais(5), 'a');
    await expect(lancar(conta, centavos)).rejects.toThrow(motivo);
  });

  it('refuses to change what was entered', async () => {
    await expect(sistema.dataSource.query('delete from creditos_lancamentos')).rejects.toThrow(
      'is append-only',
    );
  });
});
