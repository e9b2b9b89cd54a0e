import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { PostgresConsultaDeExtratos } from '../../src/extrato/infrastructure/consulta-de-extratos.ts';
import { PostgresConsultaDeTransacoes } from '../../src/extrato/infrastructure/consulta-de-transacoes.ts';
import { openTestDatabase } from '../pagamentos-under-test.ts';

const INICIO = new Date('2026-11-01T03:00:00Z');
const FIM = new Date('2026-12-01T03:00:00Z');
const depois = (ms: number) => new Date(INICIO.getTime() + ms);

/** Cents are powers of two: a sum tells which rows it is of. */
const LINHAS: ReadonlyArray<readonly [id: string, cliente: string, centavos: number, em: Date]> = [
  ['a', 'cli_1', 1, depois(-1)],
  ['b', 'cli_1', 2, INICIO],
  ['c', 'cli_1', 4, depois(1)],
  ['d', 'cli_1', 8, depois(1)],
  ['e', 'cli_1', 16, new Date(FIM.getTime() - 1)],
  ['f', 'cli_1', 32, FIM],
  ['g', 'cli_2', 64, depois(-1)],
  ['h', 'cli_2', 128, depois(1)],
];

let dataSource: DataSource;
let close: () => Promise<void>;
let extratos: PostgresConsultaDeExtratos;
let transacoes: PostgresConsultaDeTransacoes;

beforeAll(async () => {
  ({ dataSource, close } = await openTestDatabase());
  extratos = new PostgresConsultaDeExtratos(dataSource);
  transacoes = new PostgresConsultaDeTransacoes(dataSource);
  await dataSource.query(
    `insert into pagamentos (id, reserva_id, cliente_id, centavos, moeda, descricao, status, expira_em, criado_em,
       atualizado_em, versao)
     select 'pag_' || id, 'res_' || id, 'cli_1', 1, 'BRL', '', 'PENDENTE', $2, $2, $2, 1 from unnest($1::text[]) id`,
    [LINHAS.map(([id]) => id), INICIO],
  );
  for (const [id, cliente, centavos, em] of LINHAS)
    await dataSource.query(
      `insert into transacoes (id, pagamento_id, reserva_id, cliente_id, tipo, centavos, moeda, ocorrida_em)
       values ($1, 'pag_' || $1::text, 'res_' || $1::text, $2, $3, $4, 'BRL', $5)`,
      [id, cliente, id === 'd' ? 'ESTORNO' : 'CAPTURA', centavos, em],
    );
});

afterAll(() => close());

const somas = (totais: ReadonlyArray<{ tipo: string; quantidade: number; valor: { centavos: bigint } }>) =>
  totais.map(({ tipo, quantidade, valor }) => [tipo, quantidade, Number(valor.centavos)]);

describe('the movements of a customer', () => {
  const pedido = { clienteId: 'cli_1', inicio: INICIO, fim: FIM, depoisDe: undefined, limite: 9 };

  it('are those from the beginning on and before the end, and what was before', async () => {
    const lido = await extratos.movimentos(pedido);
    expect(somas(lido.antes)).toEqual([['CAPTURA', 1, 1]]);
    expect(somas(lido.noPeriodo)).toEqual([
      ['CAPTURA', 3, 2 + 4 + 16],
      ['ESTORNO', 1, 8],
    ]);
    expect(lido.pagina.map(({ id }) => id)).toEqual(['b', 'c', 'd', 'e']);
    expect(lido.ateAPagina).toEqual([]);
  });

  it('go on after a row, and add up what came up to it', async () => {
    const depoisDe = { ordem: depois(1).toISOString(), id: 'c' };
    const lido = await extratos.movimentos({ ...pedido, depoisDe, limite: 1 });
    expect(somas(lido.ateAPagina)).toEqual([['CAPTURA', 2, 2 + 4]]);
    expect(lido.pagina.map(({ id }) => id)).toEqual(['d']);
    const noFim = { ordem: FIM.toISOString(), id: 'z' };
    const tudo = await extratos.movimentos({ ...pedido, depoisDe: noFim });
    expect(somas(tudo.ateAPagina)).toEqual(somas(tudo.noPeriodo));
  });
});

describe('totals', () => {
  const pedido = { inicio: INICIO, fim: FIM, fusoHorario: 'America/Sao_Paulo' };

  it('are of all customers, by local month or day', async () => {
    const mes = await extratos.totais({ ...pedido, granularidade: 'MES' });
    expect(mes?.map(({ periodo, inicio }) => [periodo, inicio])).toEqual([
      ['2026-11', INICIO],
      ['2026-11', INICIO],
    ]);
    expect(somas(mes ?? [])).toEqual([
      ['CAPTURA', 4, 2 + 4 + 16 + 128],
      ['ESTORNO', 1, 8],
    ]);
    const dias = await extratos.totais({ ...pedido, granularidade: 'DIA' });
    expect(dias?.map(({ periodo }) => periodo)).toEqual(['2026-11-01', '2026-11-01', '2026-11-30']);
  });

  it('are of one kind or customer where one is named', async () => {
    const totais = async (filtro: object) =>
      somas((await extratos.totais({ ...pedido, granularidade: 'MES', ...filtro })) ?? []);
    expect(await totais({ tipo: 'ESTORNO' })).toEqual([['ESTORNO', 1, 8]]);
    expect(await totais({ clienteId: 'cli_2' })).toEqual([['CAPTURA', 1, 128]]);
  });

  it('are of no time zone that the database does not know, and of none while it is broken', async () => {
    expect(
      await extratos.totais({ ...pedido, granularidade: 'DIA', fusoHorario: 'Nowhere/Land' }),
    ).toBeUndefined();
    const quebrada = new PostgresConsultaDeExtratos({
      query: () => Promise.reject(new Error('away')),
    } as unknown as DataSource);
    await expect(quebrada.totais({ ...pedido, granularidade: 'DIA' })).rejects.toThrow('away');
  });
});

describe('the list of movements', () => {
  const ids = async (filtro: object, ...resto: [depoisDe?: { ordem: string; id: string }, limite?: number]) =>
    (await transacoes.listar(filtro, resto[0], resto[1] ?? 9)).map(({ id }) => id).join('');

  it.each<[object, string]>([
    [{}, 'fehdcbga'],
    [{ clienteId: 'cli_2' }, 'hg'],
    [{ reservaId: 'res_c' }, 'c'],
    [{ pagamentoId: 'pag_d' }, 'd'],
    [{ tipo: 'ESTORNO' }, 'd'],
    [{ inicio: INICIO }, 'fehdcb'],
    [{ fim: FIM }, 'ehdcbga'],
    [{ clienteId: 'cli_1', inicio: depois(1), fim: FIM }, 'edc'],
  ])('is filtered, newest first: %j', async (filtro, achadas) => {
    expect(await ids(filtro)).toBe(achadas);
  });

  it('goes on after a row', async () => {
    expect(await ids({}, { ordem: depois(1).toISOString(), id: 'd' }, 2)).toBe('cb');
  });
});
