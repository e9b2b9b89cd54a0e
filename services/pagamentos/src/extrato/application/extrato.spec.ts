import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { ObterExtratoHandler } from './obter-extrato.ts';
import { ObterTotaisHandler } from './obter-totais.ts';
import type {
  ConsultaDeExtratos,
  PedidoDeExtrato,
  PedidoDeTotais,
  TotalPorPeriodo,
  TransacaoView,
} from './ports.ts';
import { TransacoesQueries } from './transacoes-queries.ts';

const DIA_MS = 24 * 60 * 60_000;
const AGORA = new Date('2026-11-24T12:00:00Z');
const antes = (ms: number) => new Date(AGORA.getTime() - ms);
const clock = new FixedClock(AGORA.toISOString());
const valor = (centavos: number) => Dinheiro.deCentavos(centavos);

const total = (dia: number, tipo: TotalPorPeriodo['tipo'], centavos: number): TotalPorPeriodo => ({
  ...{ periodo: `2026-11-0${dia}`, inicio: new Date(Date.UTC(2026, 10, dia)), tipo, quantidade: 2 },
  valor: valor(centavos),
});

function totais(achados: readonly TotalPorPeriodo[] | undefined) {
  const pedidos: PedidoDeTotais[] = [];
  const extratos: ConsultaDeExtratos = {
    movimentos: async () => {
      throw new Error('not asked for here');
    },
    totais: async (pedido) => {
      pedidos.push(pedido);
      return achados;
    },
  };
  const handler = new ObterTotaisHandler({ extratos, clock });
  const pedir = (granularidade: 'DIA' | 'MES', ms: number, fusoHorario = '') =>
    handler.execute({ granularidade, fusoHorario, inicio: antes(ms), fim: undefined });
  return { pedir, pedidos };
}

describe('totals', () => {
  it.each<['DIA' | 'MES', number]>([
    ['DIA', 366],
    ['MES', 3_660],
  ])('by %s go over %s days at most', async (granularidade, dias) => {
    const { pedir, pedidos } = totais([]);
    expect(await pedir(granularidade, dias * DIA_MS)).toMatchObject({ isSuccess: true });
    expect(pedidos).toMatchObject([{ granularidade, fusoHorario: 'America/Sao_Paulo', fim: AGORA }]);
    const recusa = { isFailure: true, error: { motivo: 'PERIODO_INVALIDO' } };
    expect(await pedir(granularidade, dias * DIA_MS + 1)).toMatchObject(recusa);
    expect(pedidos).toHaveLength(1);
  });

  it('are of a time zone that both we and the database know', async () => {
    const recusa = { isFailure: true, error: { motivo: 'FUSO_INVALIDO' } };
    const { pedir, pedidos } = totais(undefined);
    expect(await pedir('DIA', DIA_MS, 'Nowhere/Land')).toMatchObject(recusa);
    expect(pedidos).toEqual([]);
    expect(await pedir('DIA', DIA_MS, 'Europe/Lisbon')).toMatchObject(recusa);
    expect(pedidos).toMatchObject([{ fusoHorario: 'Europe/Lisbon' }]);
  });

  it('are listed by period, and added up by kind', async () => {
    const achados = [total(1, 'ESTORNO', 5), total(1, 'CAPTURA', 7), total(2, 'CAPTURA', 11)];
    const { pedir } = totais(achados);
    expect(await pedir('DIA', DIA_MS)).toMatchObject({
      value: {
        fusoHorario: 'America/Sao_Paulo',
        periodos: [
          { periodo: '2026-11-01', inicio: new Date(Date.UTC(2026, 10, 1)), totais: achados.slice(0, 2) },
          { periodo: '2026-11-02', inicio: new Date(Date.UTC(2026, 10, 2)), totais: achados.slice(2) },
        ],
        totais: [
          { tipo: 'CAPTURA', quantidade: 4, valor: valor(18) },
          { tipo: 'ESTORNO', quantidade: 2, valor: valor(5) },
        ],
      },
    });
  });
});

const movimento = (n: number, tipo: TransacaoView['tipo'], centavos: number): TransacaoView => ({
  ...{ id: `t_${n}`, pagamentoId: '', reservaId: '', clienteId: 'cli_1', tipo, valor: valor(centavos) },
  ocorridoEm: antes(1_000 - n),
});

describe('a statement', () => {
  const soma = (tipo: TransacaoView['tipo'], centavos: number) => ({
    tipo,
    quantidade: 1,
    valor: valor(centavos),
  });
  const pagina = [
    movimento(1, 'CAPTURA', 100),
    movimento(2, 'ESTORNO', 30),
    movimento(3, 'CREDITO_CONCEDIDO', 5),
  ];

  function extrato(movimentos: readonly TransacaoView[]) {
    const pedidos: PedidoDeExtrato[] = [];
    const handler = new ObterExtratoHandler({
      extratos: {
        totais: async () => undefined,
        movimentos: async (pedido) => {
          pedidos.push(pedido);
          return {
            antes: [soma('CAPTURA', 1_000)],
            ateAPagina: [soma('CREDITO_CONCEDIDO', 7)],
            noPeriodo: [soma('CAPTURA', 100), soma('CREDITO_CONCEDIDO', 12)],
            pagina: movimentos,
          };
        },
      },
      clock,
    });
    const pedir = (resto: { inicio?: Date; pageToken?: string; pageSize?: number } = {}) =>
      handler.execute({
        clienteId: 'cli_1',
        inicio: undefined,
        fim: undefined,
        pageSize: 2,
        pageToken: '',
        ...resto,
      });
    return { pedir, pedidos };
  }

  it('goes on from the balance before it, line by line', async () => {
    const { pedir, pedidos } = extrato(pagina);
    const lido = await pedir();
    expect(pedidos).toMatchObject([
      { limite: 3, inicio: antes(30 * DIA_MS), fim: AGORA, depoisDe: undefined },
    ]);
    expect(lido).toMatchObject({
      value: {
        saldoInicial: { pago: 1_000n, creditos: 0n },
        saldoFinal: { pago: 1_100n, creditos: 12n },
        linhas: [
          { movimento: 100n, saldos: { pago: 1_100n, creditos: 7n } },
          { movimento: -30n, saldos: { pago: 1_070n, creditos: 7n } },
        ],
        proxima: { id: 't_2' },
      },
    });
  });

  it('has no page after the one that is just full', async () => {
    const { pedir } = extrato(pagina.slice(0, 2));
    const lido = await pedir();
    expect(lido.isSuccess && [lido.value.linhas.length, lido.value.proxima]).toEqual([2, undefined]);
  });

  it('goes over 366 days at most, and takes its own page tokens only', async () => {
    const { pedir } = extrato([]);
    expect(await pedir({ inicio: antes(366 * DIA_MS) })).toMatchObject({ isSuccess: true });
    expect(await pedir({ inicio: antes(366 * DIA_MS + 1) })).toMatchObject({
      error: { motivo: 'PERIODO_INVALIDO' },
    });
    expect(await pedir({ inicio: AGORA })).toMatchObject({ error: { motivo: 'PERIODO_INVALIDO' } });
    expect(await pedir({ pageToken: 'x' })).toMatchObject({ error: { motivo: 'PAGINA_INVALIDA' } });
  });
});

describe('the list of movements', () => {
  const lista = (...paginas: number[]) => {
    const pedidos: unknown[][] = [];
    let n = 0;
    const consulta = {
      async listar(...pedido: unknown[]) {
        pedidos.push(pedido);
        return Array.from({ length: paginas.shift() ?? 0 }, () => movimento(++n, 'CAPTURA', 1));
      },
    };
    return { queries: new TransacoesQueries(consulta), pedidos };
  };
  const lotes = async (queries: TransacoesQueries) => {
    const tamanhos: number[] = [];
    for await (const lote of queries.exportar({ clienteId: 'cli_9' }, { clienteId: 'cli_1' }))
      tamanhos.push(lote.length);
    return tamanhos;
  };

  it('knows whether another page follows', async () => {
    const { queries, pedidos } = lista(3, 2);
    const pagina = () => queries.listar({ clienteId: 'cli_9', pageSize: 2, pageToken: '' }, 'TODOS');
    expect(await pagina()).toMatchObject({ value: { itens: [{}, {}], proxima: { id: 't_2' } } });
    expect(await pagina()).toMatchObject({ value: { itens: [{}, {}], proxima: undefined } });
    expect(pedidos).toEqual([
      [{ clienteId: 'cli_9' }, undefined, 3],
      [{ clienteId: 'cli_9' }, undefined, 3],
    ]);
  });

  it('refuses a page token that it did not give', async () => {
    const recusa = { error: { motivo: 'PAGINA_INVALIDA' } };
    expect(await lista().queries.listar({ pageSize: 2, pageToken: 'x' }, 'TODOS')).toMatchObject(recusa);
  });

  it('is exported batch by batch, within the reach of the caller', async () => {
    const { queries, pedidos } = lista(501, 500);
    expect(await lotes(queries)).toEqual([500, 500]);
    expect(pedidos).toMatchObject([
      [{ clienteId: 'cli_1' }, undefined, 501],
      [{ clienteId: 'cli_1' }, { id: 't_500' }, 501],
    ]);
  });

  it('exports no batch where there is nothing', async () => {
    expect(await lotes(lista(0).queries)).toEqual([]);
  });
});
