import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type Client, Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import type { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { motivoDe } from '@plataforma/runtime/errors';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import fc from 'fast-check';
import type { PagamentoEvent } from '../../src/pagamento/domain/eventos.ts';
import { fold } from '../../src/pagamento/domain/pagamento.ts';
import { EventStore } from '../../src/pagamento/infrastructure/event-store.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { type PagamentosUnderTest, startPagamentos } from '../pagamentos-under-test.ts';

// Room for servers that start on a busy machine.
jest.setTimeout(60_000);

const T0 = new Date('2026-06-01T12:00:00Z');
const segundo = (n: number) => new Date(T0.getTime() + n * 1_000);
const valor = Dinheiro.deCentavos(100_00);

let system: PagamentosUnderTest;
let admin: Client<typeof PagamentosService>;
let ana: Client<typeof PagamentosService>;
let reservas: Client<typeof PagamentosService>;

beforeAll(async () => {
  system = await startPagamentos({ clock: new FixedClock('2026-07-01T12:00:00Z') });
  admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
  ana = system.clientFor({ sub: 'cli_ana', papeis: ['CLIENTE'] });
  reservas = system.clientFor({ sub: 'reservas', tipo: 'servico' });
  await createUnitOfWork(system.dataSource).run(async ({ pagamentos }) =>
    pagamentos.append(await pagamentos.findById('pag_vida'), VIDA, 'teste'),
  );
});

afterAll(() => system.stop());

const criada = (id: string, em: Date): PagamentoEvent => ({
  tipo: 'CobrancaCriada',
  pagamentoId: id,
  reservaId: `res_${id}`,
  clienteId: 'cli_ana',
  valor,
  creditos: Dinheiro.zero(),
  descricao: 'Sala',
  expiraEm: segundo(900),
  em,
});

const url = 'https://checkout.test/cs_1';
const VIDA: PagamentoEvent[] = [
  criada('pag_vida', segundo(0)),
  { tipo: 'CheckoutSolicitado', tentativa: 1, expiraEm: segundo(2_100), em: segundo(10) },
  {
    tipo: 'CheckoutAberto',
    tentativa: 1,
    sessaoId: 'cs_1',
    checkoutUrl: url,
    expiraEm: segundo(2_100),
    em: segundo(20),
  },
  { tipo: 'CartaoRecusado', recusaId: 'ch_1', codigo: 'card_declined', em: segundo(30) },
  { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor, em: segundo(40) },
  {
    tipo: 'EstornoSolicitado',
    numero: 1,
    meio: 'CARTAO',
    valor,
    origem: 'ADMIN',
    motivo: 'x',
    em: segundo(50),
  },
  { tipo: 'EstornoConcluido', numero: 1, refundId: 're_1', valor, em: segundo(60) },
];

async function falha(chamada: Promise<unknown>): Promise<string> {
  const error = await chamada.then(() => undefined, ConnectError.from);
  return error ? `${Code[error.code]} ${motivoDe(error)}` : 'nothing';
}

describe('ObterPagamento at an instant', () => {
  const em = (instante: Date, quem = admin) =>
    quem.obterPagamento({ pagamentoId: 'pag_vida', em: timestampFromDate(instante) });

  it.each([
    [0, 'PENDENTE', '', 0, 0n],
    [25, 'PENDENTE', url, 0, 0n],
    [30, 'PENDENTE', url, 1, 0n],
    [39.999, 'PENDENTE', url, 1, 0n],
    [40, 'APROVADO', url, 1, 0n],
    [55, 'ESTORNO_PENDENTE', url, 1, 0n],
    [60, 'ESTORNADO', url, 1, 100_00n],
    [10 ** 6, 'ESTORNADO', url, 1, 100_00n],
  ] as const)('is as it was after %d seconds', async (quando, status, checkoutUrl, recusas, centavos) => {
    const pagamento = await em(segundo(quando));
    expect(pagamento).toMatchObject({ status: StatusPagamento[status], checkoutUrl, recusas });
    expect(pagamento.estornado?.centavos).toBe(centavos);
  });

  it('is the payment of now when everything has happened', async () => {
    expect(await em(segundo(60))).toEqual(await admin.obterPagamento({ pagamentoId: 'pag_vida' }));
  });

  it('is not found before it began', async () => {
    expect(await falha(em(segundo(-1)))).toBe('NotFound PAGAMENTO_NAO_ENCONTRADO');
  });

  it('is for administrators only, also to its owner', async () => {
    expect(await falha(em(segundo(40), ana))).toBe('PermissionDenied ACESSO_NEGADO');
    expect(await falha(em(segundo(40), reservas))).toBe('PermissionDenied ACESSO_NEGADO');
  });
});

describe('ListarEventos', () => {
  it('gives every event once over all pages, in order', async () => {
    const versoes: number[] = [];
    let pageToken = '';
    do {
      const pagina = await admin.listarEventos({ pagamentoId: 'pag_vida', pageSize: 3, pageToken });
      expect(pagina.eventos.length).toBeLessThanOrEqual(3);
      versoes.push(...pagina.eventos.map(({ versao }) => versao));
      pageToken = pagina.nextPageToken;
    } while (pageToken !== '');
    expect(versoes).toEqual([1, 2, 3, 4, 5, 6, 7]);
  });

  it('has no page after one that ends with the last event', async () => {
    expect((await admin.listarEventos({ pagamentoId: 'pag_vida', pageSize: 7 })).nextPageToken).toBe('');
  });

  it.each(['0', '-1', 'x', '1.5', '7', '9999999999'])('refuses the page token %s', async (pageToken) => {
    expect(await falha(admin.listarEventos({ pagamentoId: 'pag_vida', pageToken }))).toBe(
      'InvalidArgument PAGINA_INVALIDA',
    );
  });

  it('refuses pages of more than 500', async () => {
    expect(await falha(admin.listarEventos({ pagamentoId: 'pag_vida', pageSize: 501 }))).toBe(
      'InvalidArgument REQUISICAO_INVALIDA',
    );
  });
});

/** Any history that a payment may have, sensible or not, with the seconds between its events. */
function historia(id: string) {
  const n = fc.integer({ min: 1, max: 9 });
  const evento = fc.oneof(
    n.map((i) => ({ tipo: 'CartaoRecusado', recusaId: `ch_${i}`, codigo: 'card_declined' }) as const),
    n.map((i) => ({ tipo: 'CheckoutSolicitado', tentativa: i, expiraEm: T0 }) as const),
    fc.constant({ tipo: 'PagamentoAprovado', intencaoId: 'pi', valor } as const),
    fc.constant({ tipo: 'CobrancaCancelada', motivo: 'SESSAO_EXPIRADA' } as const),
    n.map(
      (i) =>
        ({
          tipo: 'EstornoSolicitado',
          numero: i,
          meio: 'CARTAO',
          valor,
          origem: 'ADMIN',
          motivo: 'x',
        }) as const,
    ),
    n.map((i) => ({ tipo: 'EstornoConcluido', numero: i, refundId: `re_${i}`, valor }) as const),
    n.map(
      (i) =>
        ({ tipo: 'EstornoFalhou', numero: i, refundId: 're', valor, motivo: 'x', devolvido: true }) as const,
    ),
    n.map((i) => ({ tipo: 'DisputaAberta', disputaId: `dp_${i}`, motivo: 'x', valor }) as const),
  );
  const passo = fc.tuple(evento, fc.integer({ min: 0, max: 3 }));
  const passos = fc.array(passo, { minLength: 1, maxLength: 140, size: 'max' });
  return passos.map((pares) => {
    let agora = 0;
    return [
      criada(id, T0),
      ...pares.map(([dados, espera]): PagamentoEvent => {
        agora += espera;
        return { ...dados, em: segundo(agora) };
      }),
    ];
  });
}

describe('a stream read up to an instant', () => {
  it('gives the state after exactly the events up to then, through snapshots too', async () => {
    let corrida = 0;
    let comVarios = 0;
    await fc.assert(
      fc.asyncProperty(historia('pag_x'), fc.integer({ min: 1, max: 40 }), async (eventos, tamanho) => {
        corrida += 1;
        if (eventos.length > tamanho) comVarios += 1;
        const fluxo = `pag_h${corrida}`;
        const store = new EventStore(system.dataSource.manager);
        for (let versao = 0; versao < eventos.length; versao += tamanho) {
          const parte = eventos.slice(versao, versao + tamanho);
          const depois = versao + parte.length;
          await store.append(fluxo, versao, parte, {});
          await store.snapshot(fluxo, versao, depois, fold(eventos.slice(0, depois)));
        }
        expect(await store.stateOf(fluxo)).toEqual({ versao: eventos.length, estado: fold(eventos) });
        for (const n of new Set([1, 2, Math.ceil(eventos.length / 2), eventos.length])) {
          const ate = eventos[n - 1]?.em ?? T0;
          const prefixo = eventos.filter(({ em }) => em <= ate);
          expect((await store.stateAt(fluxo, ate)).estado).toEqual(fold(prefixo));
        }
      }),
      { numRuns: 20 },
    );
    expect(comVarios).toBeGreaterThan(5);
  });

  it('begins with no snapshot that is newer than that, or of another shape', async () => {
    const recusas = Array.from({ length: 129 }, (_, i): PagamentoEvent => {
      return { tipo: 'CartaoRecusado', recusaId: `ch_${i}`, codigo: 'card_declined', em: segundo(i + 1) };
    });
    const eventos = [criada('pag_longo', T0), ...recusas];
    const store = new EventStore(system.dataSource.manager);
    await store.append('pag_longo', 0, eventos, {});
    await store.snapshot('pag_longo', 0, 100, fold(eventos.slice(0, 100)));
    const estadoEm = async (n: number) => (await store.stateAt('pag_longo', segundo(n))).estado;
    for (const n of [0, 50, 98, 99, 129]) expect(await estadoEm(n)).toEqual(fold(eventos.slice(0, n + 1)));
    await system.dataSource.query(
      `update instantaneos_pagamento set esquema = esquema - 1, estado = '{}' where fluxo = 'pag_longo'`,
    );
    expect(await estadoEm(129)).toEqual(fold(eventos));
  });

  it('never leaves out an event before one that it takes, when the clocks of two replicas differ', async () => {
    const eventos = [criada('pag_r', segundo(5)), ...VIDA.slice(1, 3)].map((evento, i) => ({
      ...evento,
      em: segundo([5, 9, 7][i] ?? 0),
    }));
    const store = new EventStore(system.dataSource.manager);
    await store.append('pag_r', 0, eventos, {});
    expect((await store.stateAt('pag_r', segundo(7))).estado).toEqual(fold(eventos.slice(0, 1)));
    expect((await store.stateAt('pag_r', segundo(9))).estado).toEqual(fold(eventos));
  });
});
