import { timestampDate } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TipoTransacao } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { ReservaCanceladaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { PermanentError } from '@plataforma/runtime/event-message';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { CreditosQueries } from '../../src/creditos/application/creditos-queries.ts';
import { PostgresLivroDeCreditos } from '../../src/creditos/infrastructure/livro-de-creditos.ts';
import { deliver, type PagamentosUnderTest, startPagamentos } from '../pagamentos-under-test.ts';

const DIA_MS = 24 * 60 * 60_000;
const reais = (valor: number) => Dinheiro.deCentavos(BigInt(valor * 100));

let clock: FixedClock;
let system: PagamentosUnderTest;
let livro: PostgresLivroDeCreditos;

beforeEach(async () => {
  clock = new FixedClock('2026-11-24T12:00:00Z');
  system = await startPagamentos({ clock });
  livro = new PostgresLivroDeCreditos(system.dataSource);
});

afterEach(() => system.stop());

const conceder = (valor: Dinheiro, motivo: string) => livro.conceder('cli_1', valor, motivo, clock.now());
const saldo = async () => (await new CreditosQueries(livro).doCliente('cli_1', clock.now())).saldo;

/** What each account holds; together always nothing. */
async function contas(): Promise<Record<string, number>> {
  const sql =
    'select conta, sum(centavos)::int as total from creditos_lancamentos group by conta order by conta';
  const rows: Array<{ conta: string; total: number }> = await system.dataSource.query(sql);
  return Object.fromEntries(rows.map(({ conta, total }) => [conta, total]));
}

const cancelada = (reservaId: string, centavos: bigint, moeda = 'BRL') =>
  deliver(
    system.parts,
    ReservaCanceladaSchema,
    { reservaId, clienteId: 'cli_1', creditoBonus: { centavos, moeda } },
    4,
  );

describe('the bonus of a cancelled reservation', () => {
  it('is given once and told to its customer and to administrators only', async () => {
    await Promise.all([cancelada('res_1', 1_500n), cancelada('res_1', 1_500n)]);
    const cliente = system.clientFor({ sub: 'cli_1', papeis: ['CLIENTE'] });
    const outro = system.clientFor({ sub: 'cli_2', papeis: ['CLIENTE'] });
    const admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
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
  it('is gone after 365 days, and the movements tell of both', async () => {
    await conceder(reais(5), 'bonus:res_1');
    clock.advance(365 * DIA_MS - 1);
    expect([await saldo(), await livro.expirar(clock.now())]).toEqual([reais(5), 0]);
    clock.advance(1);
    expect(await saldo()).toEqual(reais(0));
    expect([await livro.expirar(clock.now()), await livro.expirar(clock.now())]).toEqual([1, 0]);
    expect(await contas()).toMatchObject({ 'cliente:cli_1': 0, 'plataforma:expirados': 500 });
    const cliente = system.clientFor({ sub: 'cli_1', papeis: ['CLIENTE'] });
    const { transacoes } = await cliente.listarTransacoes({});
    expect(transacoes).toMatchObject([
      { tipo: TipoTransacao.CREDITO_EXPIRADO, valor: { centavos: 500n }, pagamentoId: '', reservaId: '' },
      {
        tipo: TipoTransacao.CREDITO_CONCEDIDO,
        valor: { centavos: 500n },
        pagamentoId: '',
        reservaId: 'res_1',
      },
    ]);
  });

  it('expires although another lot cannot', async () => {
    await conceder(reais(5), 'ruim');
    await conceder(reais(7), 'boa');
    const { dataSource } = system;
    await dataSource.query(`
      create function quebrar() returns trigger language plpgsql as $$
      begin raise exception 'broken for a spec'; end $$`);
    await dataSource.query(`
      create trigger quebrar before insert on creditos_lancamentos for each row
      when (new.transacao = 'expiracao:ruim') execute function quebrar()`);
    clock.advance(365 * DIA_MS);
    await expect(livro.expirar(clock.now())).rejects.toThrow('1 of 2 lots of credit did not expire');
    expect(await contas()).toMatchObject({ 'cliente:cli_1': 500, 'plataforma:expirados': 700 });
    await dataSource.query('drop function quebrar() cascade');
    expect(await livro.expirar(clock.now())).toBe(1);
  });

  it('expires although a hundred lots that were spent have expired before it', async () => {
    await system.dataSource.query(
      `insert into creditos_lotes (id, cliente_id, centavos, criado_em, expira_em)
       select 'gasto_' || n, 'cli_2', 5, $1, $1 from generate_series(1, 100) n`,
      [clock.now()],
    );
    await conceder(reais(5), 'a');
    await conceder(reais(7), 'b');
    clock.advance(365 * DIA_MS);
    expect(await livro.expirar(clock.now())).toBe(2);
    expect(await contas()).toMatchObject({ 'cliente:cli_1': 0, 'plataforma:expirados': 1_200 });
    const expirados = `select id from transacoes where tipo = 'CREDITO_EXPIRADO' order by id`;
    expect(await system.dataSource.query(expirados)).toEqual([{ id: 'expiracao:a' }, { id: 'expiracao:b' }]);
  });

  it('is of its customer, as far as it is left and has not ended', async () => {
    await conceder(reais(5), 'a');
    await livro.conceder('cli_2', reais(7), 'b', clock.now());
    await system.dataSource.query(
      `insert into creditos_lotes (id, cliente_id, centavos, criado_em, expira_em) values ('gasto', 'cli_1', 5, $1, 'infinity')`,
      [clock.now()],
    );
    expect(await livro.lotes('cli_1', clock.now())).toMatchObject([{ restante: reais(5) }]);
    clock.advance(365 * DIA_MS);
    expect(await livro.lotes('cli_1', clock.now())).toEqual([]);
  });

  it('is listed lot by lot, what ends first comes first', async () => {
    await conceder(reais(5), 'a');
    clock.advance(DIA_MS);
    await conceder(reais(10), 'b');
    const cliente = system.clientFor({ sub: 'cli_1', papeis: ['CLIENTE'] });
    const { saldo: total, lotes } = await cliente.obterCreditos({});
    expect(total?.centavos).toBe(1_500n);
    expect(lotes.map(({ restante }) => restante?.centavos)).toEqual([500n, 1_000n]);
    expect(lotes[0]?.expiraEm && timestampDate(lotes[0].expiraEm)).toEqual(new Date('2027-11-24T12:00:00Z'));
  });
});

describe('the database', () => {
  const lancar = (conta: string, centavos: number) =>
    system.dataSource.query(
      `insert into creditos_lancamentos (transacao, lote, conta, centavos, em) values ('x', 'a', $1, $2, now())`,
      [conta, centavos],
    );

  it.each<[string, string, number, string]>([
    ['one side only', 'plataforma:bonus', 1, 'do not add up to zero'],
    ['more than is left', 'cliente:cli_1', -501, 'creditos_lotes_restante_ck'],
    ["somebody else's credit", 'cliente:cli_2', -1, 'is not of'],
    ['more back from a payment than it took', 'pagamento:pag_1', -1, 'leaves pagamento:pag_1 than came in'],
  ])('refuses %s', async (_, conta, centavos, motivo) => {
    await conceder(reais(5), 'a');
    await expect(lancar(conta, centavos)).rejects.toThrow(motivo);
  });

  it.each([
    [
      'to add credit to a lot without an entry',
      'update creditos_lotes set restante = 1',
      'what its entries say',
    ],
    ['to let a lot live longer', "update creditos_lotes set expira_em = 'infinity'", 'is frozen'],
    ['to remove a lot', 'delete from creditos_lotes', 'is frozen'],
  ])('refuses %s', async (_, sql, motivo) => {
    await conceder(reais(5), 'a');
    await expect(system.dataSource.query(sql)).rejects.toThrow(motivo);
  });

  it('refuses to make up in one lot for what is missing in another', async () => {
    await conceder(reais(5), 'a');
    await conceder(reais(5), 'b');
    const sql = `insert into creditos_lancamentos (transacao, lote, conta, centavos, em)
      values ('x', 'a', 'plataforma:bonus', -1, now()), ('x', 'b', 'plataforma:bonus', 1, now())`;
    await expect(system.dataSource.query(sql)).rejects.toThrow('do not add up to zero');
  });

  it('refuses to change what was entered', async () => {
    await expect(system.dataSource.query('delete from creditos_lancamentos')).rejects.toThrow(
      'is append-only',
    );
  });
});
