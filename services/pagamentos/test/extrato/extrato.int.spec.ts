import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type Client, Code, ConnectError } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import {
  GranularidadeTotais,
  type PagamentosService,
  TipoTransacao,
} from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { motivoDe } from '@plataforma/runtime/errors';
import { type Barrier, stopAt } from '@plataforma/testing/barrier';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { PagamentoEvent } from '../../src/pagamento/domain/eventos.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { type PagamentosUnderTest, startPagamentos } from '../pagamentos-under-test.ts';

const clock = new FixedClock('2026-07-01T12:00:00Z');
const ADMIN = { sub: 'usr_admin', papeis: ['ADMIN'] };
const ANA = { sub: 'cli_ana', papeis: ['CLIENTE'] };
const BIA = { sub: 'cli_bia', papeis: ['CLIENTE'] };

let system: PagamentosUnderTest;
let admin: Client<typeof PagamentosService>;
let ana: Client<typeof PagamentosService>;
let bia: Client<typeof PagamentosService>;
let barreira: Barrier | undefined;

const reais = (valor: number) => ({ centavos: BigInt(valor * 100), moeda: 'BRL' });
const instante = (texto: string) => timestampFromDate(new Date(texto));
const junho = {
  dataInicio: instante('2026-06-01T00:00:00Z'),
  dataFim: instante('2026-07-01T00:00:00Z'),
};

/** A payment of R$ 100 with its refunds, each movement at its own instant. */
async function pago(
  n: number,
  clienteId: string,
  em: string,
  estornos: Array<[valor: number, em: string]> = [],
) {
  const [id, T] = [`pag_${n}`, new Date(em)];
  const valor = Dinheiro.deCentavos(100_00);
  const eventos: PagamentoEvent[] = [
    {
      tipo: 'CobrancaCriada',
      pagamentoId: id,
      reservaId: `res_${n}`,
      clienteId,
      valor,
      creditos: Dinheiro.zero(),
      descricao: 'Sala',
      expiraEm: T,
      em: T,
    },
    { tipo: 'PagamentoAprovado', intencaoId: `pi_${n}`, valor, em: T },
    ...estornos.flatMap(([quanto, quando], i): PagamentoEvent[] => {
      const comum = { numero: i + 1, valor: Dinheiro.deCentavos(quanto * 100), em: new Date(quando) };
      return [
        { tipo: 'EstornoSolicitado', ...comum, meio: 'CARTAO', origem: 'ADMIN', motivo: 'x' },
        { tipo: 'EstornoConcluido', ...comum, refundId: `re_${n}_${i}` },
      ];
    }),
  ];
  await createUnitOfWork(system.dataSource).run(async ({ pagamentos }) =>
    pagamentos.append(await pagamentos.findById(id), eventos, 'teste'),
  );
}

beforeAll(async () => {
  system = await startPagamentos({ clock });
  admin = system.clientFor(ADMIN);
  ana = system.clientFor(ANA);
  bia = system.clientFor(BIA);
  await pago(1, 'cli_ana', '2026-05-20T15:00:00Z', [[30, '2026-06-03T15:00:00Z']]);
  // One minute before and after midnight in São Paulo.
  await pago(2, 'cli_ana', '2026-06-11T02:59:00Z');
  await pago(3, 'cli_ana', '2026-06-11T03:00:00Z', [[100, '2026-06-12T12:00:00Z']]);
  await pago(4, 'cli_bia', '2026-06-11T15:00:00Z');
  await pago(5, 'cli_ana', '2026-07-01T00:00:00Z');
});

afterEach(() => barreira?.open());

afterAll(() => system.stop());

async function falha(chamada: Promise<unknown>): Promise<string> {
  const error = await chamada.then(() => undefined, ConnectError.from);
  return error ? `${Code[error.code]} ${motivoDe(error)}` : 'nothing';
}

describe('ObterExtrato', () => {
  it('tells the balance before, after each movement and at the end, and the sums', async () => {
    const extrato = await ana.obterExtrato(junho);
    expect(extrato.saldoInicial?.pago).toMatchObject(reais(100));
    expect(
      extrato.linhas.map(({ transacao, movimento, saldo }) => [
        transacao?.pagamentoId,
        movimento?.centavos,
        saldo?.pago?.centavos,
        saldo?.creditos?.centavos,
      ]),
    ).toEqual([
      ['pag_1', -30_00n, 70_00n, 0n],
      ['pag_2', 100_00n, 170_00n, 0n],
      ['pag_3', 100_00n, 270_00n, 0n],
      ['pag_3', -100_00n, 170_00n, 0n],
    ]);
    expect(extrato.saldoFinal?.pago).toMatchObject(reais(170));
    expect(extrato.totais).toMatchObject([
      { tipo: TipoTransacao.CAPTURA, quantidade: 2n, valor: reais(200) },
      { tipo: TipoTransacao.ESTORNO, quantidade: 2n, valor: reais(130) },
    ]);
  });

  it('gives the same lines and balances whatever the pages are', async () => {
    const inteiro = await ana.obterExtrato(junho);
    for (const pageSize of [1, 2, 3]) {
      const linhas = [];
      let pageToken = '';
      do {
        const pagina = await ana.obterExtrato({ ...junho, pageSize, pageToken });
        expect([pagina.saldoInicial, pagina.saldoFinal]).toEqual([inteiro.saldoInicial, inteiro.saldoFinal]);
        expect(pagina.totais).toEqual(inteiro.totais);
        linhas.push(...pagina.linhas);
        pageToken = pagina.nextPageToken;
      } while (pageToken !== '');
      expect(linhas).toEqual(inteiro.linhas);
    }
  });

  it('is about the 30 days up to now when nothing is said', async () => {
    const { dataInicio, dataFim, linhas } = await bia.obterExtrato({});
    expect([dataInicio, dataFim].map((data) => data && timestampDate(data))).toEqual([
      new Date('2026-06-01T12:00:00Z'),
      clock.now(),
    ]);
    expect(linhas).toHaveLength(1);
  });

  it('is of another customer for administrators only', async () => {
    const doAdmin = await admin.obterExtrato({ ...junho, clienteId: 'cli_ana' });
    expect(doAdmin).toMatchObject({ clienteId: 'cli_ana', linhas: { length: 4 } });
    expect(await bia.obterExtrato({ ...junho, clienteId: 'cli_ana' })).toMatchObject({
      clienteId: 'cli_bia',
      linhas: { length: 1 },
    });
  });

  it('is empty, not missing, for somebody who never paid', async () => {
    expect(await admin.obterExtrato({ ...junho, clienteId: 'cli_ninguem' })).toMatchObject({
      saldoInicial: { pago: reais(0) },
      saldoFinal: { pago: reais(0) },
      linhas: [],
      totais: [],
      nextPageToken: '',
    });
  });

  it.each([
    ['that ends before it begins', { dataInicio: junho.dataFim, dataFim: junho.dataInicio }],
    ['that is empty', { dataInicio: junho.dataFim, dataFim: junho.dataFim }],
    ['of more than 366 days', { ...junho, dataInicio: instante('2025-06-01T00:00:00Z') }],
  ])('refuses a period %s', async (_, periodo) => {
    expect(await falha(ana.obterExtrato(periodo))).toBe('InvalidArgument PERIODO_INVALIDO');
  });

  it('refuses a period outside of the calendar', async () => {
    const periodo = { dataFim: { seconds: 10n ** 15n, nanos: 0 } };
    expect(await falha(ana.obterExtrato(periodo))).toBe('InvalidArgument REQUISICAO_INVALIDA');
  });

  it('refuses a page token that it did not give', async () => {
    expect(await falha(ana.obterExtrato({ ...junho, pageToken: 'lixo' }))).toBe(
      'InvalidArgument PAGINA_INVALIDA',
    );
  });
});

describe('ObterTotais', () => {
  const resumo = async (pedido: Parameters<typeof admin.obterTotais>[0]) => {
    const { periodos } = await admin.obterTotais({ ...junho, ...pedido });
    return periodos.map(({ periodo, totais }) => [
      periodo,
      ...totais.map(({ quantidade, valor }) => `${quantidade}x${(valor?.centavos ?? 0n) / 100n}`),
    ]);
  };

  it('adds up by day and kind in the time zone asked for', async () => {
    expect(await resumo({})).toEqual([
      ['2026-06-03', '1x30'],
      ['2026-06-10', '1x100'],
      ['2026-06-11', '2x200'],
      ['2026-06-12', '1x100'],
    ]);
    expect(await resumo({ fusoHorario: 'UTC' })).toEqual([
      ['2026-06-03', '1x30'],
      ['2026-06-11', '3x300'],
      ['2026-06-12', '1x100'],
    ]);
    expect(await resumo({ fusoHorario: 'Asia/Tokyo', tipo: TipoTransacao.CAPTURA })).toEqual([
      ['2026-06-11', '2x200'],
      ['2026-06-12', '1x100'],
    ]);
  });

  it('says when each day begins', async () => {
    const { periodos, fusoHorario } = await admin.obterTotais(junho);
    expect(fusoHorario).toBe('America/Sao_Paulo');
    expect(periodos[1]?.dataInicio).toEqual(instante('2026-06-10T03:00:00Z'));
  });

  it('adds up by month, and everything together', async () => {
    const { periodos, totais } = await admin.obterTotais({
      dataInicio: instante('2026-05-01T00:00:00Z'),
      dataFim: instante('2026-08-01T00:00:00Z'),
      granularidade: GranularidadeTotais.MES,
      clienteId: 'cli_ana',
    });
    expect(periodos.map(({ periodo, totais: doMes }) => [periodo, doMes.length])).toEqual([
      ['2026-05', 1],
      ['2026-06', 2],
    ]);
    expect(totais).toMatchObject([
      { tipo: TipoTransacao.CAPTURA, quantidade: 4n, valor: reais(400) },
      { tipo: TipoTransacao.ESTORNO, quantidade: 2n, valor: reais(130) },
    ]);
  });

  it.each(['Lua/Cratera', '+03:00', 'FOO+5', 'BRT3', 'x', "'; drop table transacoes; --"])(
    'refuses the time zone %s, also where nothing happened',
    async (fusoHorario) => {
      const vazio = {
        dataInicio: instante('2020-01-01T00:00:00Z'),
        dataFim: instante('2020-02-01T00:00:00Z'),
      };
      expect(await falha(admin.obterTotais({ ...vazio, fusoHorario }))).toBe('InvalidArgument FUSO_INVALIDO');
    },
  );

  it('takes ten years by month, and one by day', async () => {
    const longo = {
      dataInicio: instante('2017-01-01T00:00:00Z'),
      dataFim: instante('2026-12-31T00:00:00Z'),
    };
    expect(
      (await admin.obterTotais({ ...longo, granularidade: GranularidadeTotais.MES })).totais,
    ).toHaveLength(2);
    expect(await falha(admin.obterTotais(longo))).toBe('InvalidArgument PERIODO_INVALIDO');
  });

  it('is for administrators', async () => {
    expect(await falha(ana.obterTotais(junho))).toBe('PermissionDenied ACESSO_NEGADO');
  });
});

describe('ListarTransacoes', () => {
  it.each([
    ['that ends before it begins', { dataInicio: junho.dataFim, dataFim: junho.dataInicio }],
    ['that is empty', { dataInicio: junho.dataFim, dataFim: junho.dataFim }],
  ])('refuses a period %s', async (_, periodo) => {
    expect(await falha(ana.listarTransacoes(periodo))).toBe('InvalidArgument PERIODO_INVALIDO');
  });

  it('filters by kind and by payment', async () => {
    const doTipo = await admin.listarTransacoes({ tipo: TipoTransacao.ESTORNO });
    expect(doTipo.transacoes.map(({ pagamentoId }) => pagamentoId)).toEqual(['pag_3', 'pag_1']);
    const doPagamento = await admin.listarTransacoes({ pagamentoId: 'pag_3' });
    expect(doPagamento.transacoes.map(({ tipo }) => tipo)).toEqual([
      TipoTransacao.ESTORNO,
      TipoTransacao.CAPTURA,
    ]);
    const alheio = await ana.listarTransacoes({ pagamentoId: 'pag_4' });
    expect(alheio.transacoes).toEqual([]);
  });
});

describe('GET /api/v1/transacoes.csv', () => {
  const CSV = '/api/v1/transacoes.csv';
  const linhas = (texto: string) => texto.split('\r\n').slice(0, -1);

  it('answers every movement, newest first, under a header', async () => {
    const response = await system.get(CSV, ADMIN);
    expect([
      response.status,
      response.headers.get('content-type'),
      response.headers.get('content-disposition'),
    ]).toEqual([200, 'text/csv; charset=utf-8; header=present', 'attachment; filename="transacoes.csv"']);
    const [titulo, primeira, ...resto] = linhas(await response.text());
    expect(titulo).toBe('id,ocorrida_em,tipo,valor,moeda,pagamento_id,reserva_id,cliente_id');
    expect(primeira).toBe('pag_5:2,2026-07-01T00:00:00.000Z,CAPTURA,100.00,BRL,pag_5,res_5,cli_ana');
    expect(resto).toHaveLength(6);
  });

  it("answers a customer's own only, whatever is asked for", async () => {
    const texto = await (await system.get(`${CSV}?clienteId=cli_ana`, BIA)).text();
    expect(
      linhas(texto)
        .slice(1)
        .map((linha) => linha.split(',')[0]),
    ).toEqual(['pag_4:2']);
  });

  it('takes the filters of the list', async () => {
    const filtro =
      'tipo=ESTORNO&dataInicio=2026-06-01T00:00:00Z&dataFim=2026-06-10T00:00:00-03:00&clienteId=cli_ana';
    const texto = await (await system.get(`${CSV}?${filtro}`, ADMIN)).text();
    expect(linhas(texto)).toEqual([
      expect.any(String),
      'pag_1:4,2026-06-03T15:00:00.000Z,ESTORNO,30.00,BRL,pag_1,res_1,cli_ana',
    ]);
  });

  it('disarms what a spreadsheet would run', async () => {
    await pago(6, '=HYPERLINK("http://mau.test";"oi")', '2026-04-01T00:00:00Z');
    const texto = await (await system.get(`${CSV}?pagamentoId=pag_6`, ADMIN)).text();
    expect(linhas(texto)[1]).toMatch(/,"'=HYPERLINK\(""http:\/\/mau.test"";""oi""\)"$/);
  });

  it('gives every row once over many batches', async () => {
    await system.dataSource.query(
      `insert into transacoes (id, pagamento_id, reserva_id, cliente_id, tipo, centavos, moeda, ocorrida_em)
       select 'lote:' || n, 'pag_4', 'res_4', 'cli_lote', 'CAPTURA', n, 'BRL', timestamptz '2026-03-01' + (n / 7) * interval '1 s'
       from generate_series(1, 1500) n`,
    );
    const texto = await (await system.get(`${CSV}?clienteId=cli_lote`, ADMIN)).text();
    const ids = linhas(texto)
      .slice(1)
      .map((linha) => linha.split(',')[0]);
    expect([ids.length, new Set(ids).size]).toEqual([1500, 1500]);
  });

  it.each([
    [401, 'NAO_AUTENTICADO', CSV, undefined],
    [403, 'ACESSO_NEGADO', CSV, { sub: 'reservas', tipo: 'servico' as const }],
    [400, 'REQUISICAO_INVALIDA', `${CSV}?tipo=TROCO`, ADMIN],
    [400, 'REQUISICAO_INVALIDA', `${CSV}?dataInicio=ontem`, ADMIN],
    [400, 'REQUISICAO_INVALIDA', `${CSV}?dataInicio=2027-02-30T15:00:00Z`, ADMIN],
    [400, 'REQUISICAO_INVALIDA', `${CSV}?dataInicio=2026-03-01T00:00:00+00:00`, ADMIN],
    [400, 'REQUISICAO_INVALIDA', `${CSV}?dataFim=`, ADMIN],
    [400, 'REQUISICAO_INVALIDA', `${CSV}?tipo=`, ADMIN],
    [400, 'REQUISICAO_INVALIDA', `${CSV}?cliente=cli_ana`, ADMIN],
    [400, 'REQUISICAO_INVALIDA', `${CSV}?pageSize=10`, ADMIN],
    [400, 'REQUISICAO_INVALIDA', `${CSV}?clienteId=cli_ana&clienteId=cli_bia`, ADMIN],
    [400, 'REQUISICAO_INVALIDA', `${CSV}?reservaId=res%00`, ADMIN],
    [400, 'REQUISICAO_INVALIDA', `${CSV}?pagamentoId=${'x'.repeat(5_000)}`, ADMIN],
  ])('answers %i %s to %s', async (status, reason, caminho, quem) => {
    const response = await system.get(caminho, quem);
    expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ reason })]);
  });
});

describe('an extract that is asked for while money moves', () => {
  it('adds up what it lists although money moves meanwhile', async () => {
    await pago(8001, 'cli_cid', '2026-06-10T12:00:00Z');
    barreira = stopAt(/ocorrida_em < \$3 group by/);
    const cid = system.clientFor({ sub: 'cli_cid', papeis: ['CLIENTE'] });
    const extrato = cid.obterExtrato(junho);
    await barreira.reached();
    await pago(8002, 'cli_cid', '2026-06-11T12:00:00Z');
    barreira.open();
    const { linhas, saldoFinal, totais } = await extrato;
    expect([linhas.length, saldoFinal?.pago?.centavos, totais[0]?.quantidade]).toEqual([1, 100_00n, 1n]);
  });
});
