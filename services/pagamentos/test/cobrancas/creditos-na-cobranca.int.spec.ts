import { timestampDate } from '@bufbuild/protobuf/wkt';
import type { Client } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import type { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { EncerrarCobrancaSchema } from '@plataforma/contratos/reservas/v1/comandos_pb';
import {
  PagamentoNaoAproveitadoSchema,
  ReservaCanceladaSchema,
  ReservaCriadaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { criarCobranca } from '../../src/cobrancas/domain/cobranca.ts';
import { ReconciliarHandler } from '../../src/conciliacao/application/reconciliar.ts';
import { PostgresPainelDeReconciliacao } from '../../src/conciliacao/infrastructure/painel-de-reconciliacao.ts';
import { PostgresLivroDeCreditos } from '../../src/creditos/infrastructure/livro-de-creditos.ts';
import { verificarLivro } from '../../src/livro/infrastructure/ledger-verifier.ts';
import { reconstruirProjecoes } from '../../src/livro/infrastructure/reconstruir-projecoes.ts';
import { EventStore } from '../../src/pagamento/infrastructure/event-store.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import type { StripeGateway } from '../../src/stripe/infrastructure/stripe-gateway.ts';
import { deliver, outboxOf, type PagamentosUnderTest, startPagamentos } from '../pagamentos-under-test.ts';

const DIA_MS = 24 * 60 * 60_000;

let clock: FixedClock;
let system: PagamentosUnderTest;
let admin: Client<typeof PagamentosService>;
/** The service through which customers spend their credit. */
let reservas: Client<typeof PagamentosService>;
let livro: PostgresLivroDeCreditos;
let numero = 0;
/** Each test has a customer of its own. */
let clienteId: string;

beforeAll(async () => {
  clock = new FixedClock('2026-11-24T12:00:00Z');
  system = await startPagamentos({ clock });
  admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
  reservas = system.clientFor({ sub: 'reservas', tipo: 'servico' });
  livro = new PostgresLivroDeCreditos(system.dataSource);
});

beforeEach(() => {
  clienteId = `cli_${++numero}`;
});

afterAll(() => system.stop());

const conceder = (centavos: number, motivo = `bonus:res_${++numero}`) =>
  livro.conceder(clienteId, Dinheiro.deCentavos(centavos), motivo, clock.now());

const pedido = (centavos = 10_000n, guardarCreditos = false) => ({
  ...system.pedido(clienteId),
  valor: { centavos, moeda: 'BRL' },
  guardarCreditos,
});

const cobrar = (centavos?: bigint) => reservas.criarCobranca(pedido(centavos));
const pagamentoDe = (pagamentoId: string) => admin.obterPagamento({ pagamentoId });
const saldo = async () => Number((await admin.obterCreditos({ clienteId })).saldo?.centavos);
const validades = async () =>
  (await admin.obterCreditos({ clienteId })).lotes.map(({ restante, expiraEm }) => [
    Number(restante?.centavos),
    expiraEm && timestampDate(expiraEm).toISOString(),
  ]);

/** A charge whose card part was paid. */
async function pago(centavos?: bigint) {
  const { id, reservaId } = await cobrar(centavos);
  return { id, reservaId, session: await system.pagar(id) };
}

const cancelada = (reservaId: string, centavos: bigint) => {
  const reembolso = { centavos, moeda: 'BRL' };
  return deliver(system.parts, ReservaCanceladaSchema, { reservaId, clienteId, reembolso, motivo: 'x' }, 4);
};

const expirando = (reservaId: string) =>
  deliver(system.parts, EncerrarCobrancaSchema, { reservaId, clienteId }, 3);

/** The event says what the call says. */
const criada = (um: ReturnType<typeof pedido>) => deliver(system.parts, ReservaCriadaSchema, um, 1);

const fatos = async (id: string) =>
  (await outboxOf(system.dataSource, id)).map(({ assunto }) => assunto.replace('pagamentos.v1.', ''));

/** Kind and cents of the movements of the customer, in the order of their kinds. */
async function movimentos() {
  const sql = `select tipo || ' ' || centavos as um from transacoes where cliente_id = $1 order by tipo, centavos`;
  const rows: Array<{ um: string }> = await system.dataSource.query(sql, [clienteId]);
  return rows.map(({ um }) => um).join(', ');
}

describe('a charge of a customer with credit', () => {
  it('asks the card for what credit does not pay', async () => {
    await conceder(3_000);
    const { id } = await cobrar();
    expect(system.stripe.sessionOf(id).amount_total).toBe(7_000);
    expect(await pagamentoDe(id)).toMatchObject({
      valor: { centavos: 10_000n },
      creditosUsados: { centavos: 3_000n },
      valorCartao: { centavos: 7_000n },
      status: StatusPagamento.PENDENTE,
    });
    expect(await saldo()).toBe(0);
    expect(await movimentos()).toBe('CREDITO_CONCEDIDO 3000, CREDITO_USADO 3000');
    expect((await outboxOf(system.dataSource, id))[0]?.payload).toMatchObject({
      valor: { centavos: '10000' },
      creditosUsados: { centavos: '3000' },
    });
  });

  it('is paid at once, without Stripe, when credit pays everything', async () => {
    await conceder(10_000);
    const pedidos = system.stripe.creations.length;
    const pagamento = await cobrar();
    expect(pagamento).toMatchObject({ status: StatusPagamento.APROVADO, checkoutUrl: '' });
    expect(pagamento.aprovadoEm).toBeDefined();
    expect(system.stripe.creations).toHaveLength(pedidos);
    expect(await outboxOf(system.dataSource, pagamento.id)).toMatchObject([
      {
        assunto: 'pagamentos.v1.PagamentoAprovado',
        payload: { valor: { centavos: '10000' }, creditosUsados: { centavos: '10000' } },
      },
    ]);
    expect(await movimentos()).toBe('CREDITO_CONCEDIDO 10000, CREDITO_USADO 10000');
  });

  it('leaves the card no less than Stripe takes', async () => {
    await conceder(9_999);
    const { id } = await cobrar();
    expect(system.stripe.sessionOf(id).amount_total).toBe(50);
    expect(await saldo()).toBe(49);
  });

  it('takes what ends first', async () => {
    await conceder(2_000, 'bonus:velho');
    clock.advance(DIA_MS);
    await conceder(2_000, 'bonus:novo');
    await cobrar(2_500n);
    expect(await validades()).toEqual([
      [1_500, new Date(clock.now().getTime() + 365 * DIA_MS).toISOString()],
    ]);
  });

  it.each([
    ['call', (um: ReturnType<typeof pedido>) => reservas.criarCobranca(um)],
    ['event', criada],
  ])('keeps it when the customer wants to, told by the %s', async (_, pedir) => {
    await conceder(3_000);
    const um = pedido(10_000n, true);
    await pedir(um);
    const { id } = await reservas.criarCobranca(um);
    expect(system.stripe.sessionOf(id).amount_total).toBe(10_000);
    expect(await saldo()).toBe(3_000);
  });

  it('is charged once when call and event race, and again and again', async () => {
    await conceder(3_000);
    const um = pedido();
    const outra = system.createInstance();
    await Promise.all([reservas.criarCobranca(um), criada(um), reservas.criarCobranca(um), criada(um)]);
    await deliver(outra, ReservaCriadaSchema, um, 1);
    expect(await movimentos()).toBe('CREDITO_CONCEDIDO 3000, CREDITO_USADO 3000');
  });

  it('never spends the same credit twice when many charges come at once', async () => {
    await conceder(10_000, 'bonus:a');
    await conceder(5_000, 'bonus:b');
    const pagamentos = await Promise.all(Array.from({ length: 8 }, () => cobrar(4_000n)));
    const usados = pagamentos.map(({ creditosUsados }) => Number(creditosUsados?.centavos));
    expect(usados.reduce((soma, um) => soma + um, 0)).toBe(15_000);
    expect(usados.sort((a, b) => b - a)).toEqual([4_000, 4_000, 4_000, 3_000, 0, 0, 0, 0]);
    expect(await saldo()).toBe(0);
  });

  it('keeps its credit set aside while Stripe is away, and takes none again', async () => {
    await conceder(3_000);
    const um = pedido();
    system.stripe.failNext('unavailable', 1_000);
    await expect(reservas.criarCobranca(um)).rejects.toThrow('indisponível');
    expect(await saldo()).toBe(0);
    system.stripe.recover();
    const { id } = await reservas.criarCobranca(um);
    expect(system.stripe.sessionOf(id).amount_total).toBe(7_000);
    expect(await movimentos()).toBe('CREDITO_CONCEDIDO 3000, CREDITO_USADO 3000');
  });
});

describe('a process that dies', () => {
  const morrer = () => {
    throw new Error('died');
  };

  it('leaves no credit set aside for a charge that was not committed', async () => {
    await conceder(3_000);
    const { reservaId, valor, descricao, expiraEm } = pedido();
    const morta = createUnitOfWork(system.dataSource).run(async ({ pagamentos, creditos }) => {
      const disponivel = await creditos.disponivel(clienteId, clock.now());
      const dados = { reservaId, clienteId, descricao, valor: Dinheiro.deCentavos(valor.centavos) };
      const pedida = { ...dados, expiraEm: timestampDate(expiraEm) };
      const atual = await pagamentos.findById('pag_morto');
      const decidido = criarCobranca(atual.estado, 'pag_morto', pedida, clock.now(), disponivel);
      if (decidido.isFailure) throw decidido.error;
      await pagamentos.append(atual, decidido.value, 'teste');
      morrer();
    });
    await expect(morta).rejects.toThrow('died');
    expect(await saldo()).toBe(3_000);
    expect(await movimentos()).toBe('CREDITO_CONCEDIDO 3000');
  });

  it('between charge and checkout leaves both to the next one, credit set aside once', async () => {
    await conceder(3_000);
    system.stripe.failNext('lost', 1_000);
    const um = pedido();
    await expect(reservas.criarCobranca(um)).rejects.toThrow('indisponível');
    const sql = 'select id from pagamentos where reserva_id = $1';
    const [{ id }] = await system.dataSource.query(sql, [um.reservaId]);
    system.stripe.recover();
    clock.advance(10_000);
    await system.workUntil(async () => expect(await fatos(id)).toEqual(['CobrancaCriada']));
    expect(system.stripe.sessionOf(id).amount_total).toBe(7_000);
    expect(await movimentos()).toBe('CREDITO_CONCEDIDO 3000, CREDITO_USADO 3000');
  });
});

describe('a charge that is closed unpaid', () => {
  it('gives the credit back to where it came from, once', async () => {
    await conceder(2_000, 'bonus:primeiro');
    clock.advance(DIA_MS);
    await conceder(1_500, 'bonus:segundo');
    const antes = await validades();
    const { id, reservaId } = await cobrar();
    await expirando(reservaId);
    await system.reach(id, StatusPagamento.CANCELADO);
    await expirando(reservaId);
    expect(await validades()).toEqual(antes);
    expect(await movimentos()).toBe(
      'CREDITO_CONCEDIDO 1500, CREDITO_CONCEDIDO 2000, CREDITO_DEVOLVIDO 3500, CREDITO_USADO 3500',
    );
  });

  it('gives back what has ended meanwhile, and it expires', async () => {
    await conceder(3_000);
    clock.advance(365 * DIA_MS - 60_000);
    const { id, reservaId } = await cobrar();
    clock.advance(60_000);
    await expirando(reservaId);
    await system.reach(id, StatusPagamento.CANCELADO);
    expect(await saldo()).toBe(0);
    await livro.expirar(clock.now());
    expect(await movimentos()).toBe(
      'CREDITO_CONCEDIDO 3000, CREDITO_DEVOLVIDO 3000, CREDITO_EXPIRADO 3000, CREDITO_USADO 3000',
    );
  });

  it('gives late money back at once, for the card alone does not pay it', async () => {
    await conceder(3_000);
    const { id, reservaId } = await cobrar();
    await expirando(reservaId);
    await system.reach(id, StatusPagamento.CANCELADO);
    const session = system.stripe.sessionOf(id);
    system.stripe.pay(session);
    await system.deliverWebhook('checkout.session.completed', session);
    await system.reach(id, StatusPagamento.ESTORNADO);
    expect(system.stripe.refundsOf(id)).toMatchObject([{ amount: 7_000 }]);
    expect(await saldo()).toBe(3_000);
    expect(await fatos(id)).toEqual([
      'CobrancaCriada',
      'CobrancaCancelada',
      'EstornoSolicitado',
      'EstornoConcluido',
    ]);
  });
});

describe('a refund of a payment by credit and card', () => {
  it.each([
    ['100 %', 10_000n, 3_000, 7_000],
    ['50 %', 5_000n, 1_500, 3_500],
    ['an odd amount', 3_333n, 1_000, 2_333],
  ])('gives %s back in its proportion, once', async (_, centavos, emCredito, noCartao) => {
    await conceder(3_000);
    const { id, reservaId } = await pago();
    await Promise.all([cancelada(reservaId, centavos), cancelada(reservaId, centavos)]);
    expect(await saldo()).toBe(emCredito);
    const fim = centavos === 10_000n ? StatusPagamento.ESTORNADO : StatusPagamento.ESTORNADO_PARCIAL;
    await system.reach(id, fim);
    await cancelada(reservaId, centavos);
    expect(system.stripe.refundsOf(id)).toMatchObject([{ amount: noCartao }]);
    expect((await pagamentoDe(id)).estornado?.centavos).toBe(centavos);
    const ditos = (await outboxOf(system.dataSource, id)).slice(2);
    expect(ditos.map(({ assunto, payload }) => [assunto, payload.emCreditos ?? false])).toEqual([
      ['pagamentos.v1.EstornoSolicitado', true],
      ['pagamentos.v1.EstornoConcluido', true],
      ['pagamentos.v1.EstornoSolicitado', false],
      ['pagamentos.v1.EstornoConcluido', false],
    ]);
    expect(await movimentos()).toBe(
      [
        'CAPTURA 7000',
        'CREDITO_CONCEDIDO 3000',
        `CREDITO_DEVOLVIDO ${emCredito}`,
        'CREDITO_USADO 3000',
        `ESTORNO ${noCartao}`,
      ].join(', '),
    );
  });

  it('gives nothing back when nothing is to go back', async () => {
    await conceder(3_000);
    const { id, reservaId } = await pago();
    await cancelada(reservaId, 0n);
    expect(await saldo()).toBe(0);
    expect((await pagamentoDe(id)).status).toBe(StatusPagamento.APROVADO);
  });

  it('never gives more of a part than it had when an administrator gives it back bit by bit', async () => {
    await conceder(3_333);
    const { id } = await pago();
    for (const centavos of [1n, 4_999n, 3n, 2_000n]) {
      const valor = { centavos, moeda: 'BRL' };
      await admin.estornarPagamento({ pagamentoId: id, valor, motivo: 'cortesia' });
    }
    await admin.estornarPagamento({ pagamentoId: id, motivo: 'o resto' });
    await system.reach(id, StatusPagamento.ESTORNADO);
    expect(await saldo()).toBe(3_333);
    expect(system.stripe.refundsOf(id).reduce((soma, { amount }) => soma + amount, 0)).toBe(6_667);
  });

  it('is done at once where credit paid everything, and the credit lives on for 30 days at least', async () => {
    await conceder(10_000);
    const { id, reservaId } = await cobrar();
    clock.advance(360 * DIA_MS);
    await deliver(
      system.parts,
      PagamentoNaoAproveitadoSchema,
      { pagamentoId: id, reservaId, clienteId, codigo: 'SLOT_OCUPADO' },
      5,
    );
    expect((await pagamentoDe(id)).status).toBe(StatusPagamento.ESTORNADO);
    expect(await validades()).toEqual([
      [10_000, new Date(clock.now().getTime() + 30 * DIA_MS).toISOString()],
    ]);
    await cobrar(4_000n);
    expect(await saldo()).toBe(6_000);
  });

  it('gives credit back to the lots that live longest first', async () => {
    await conceder(2_000, 'bonus:antes');
    clock.advance(DIA_MS);
    await conceder(1_000, 'bonus:depois');
    const { reservaId } = await pago();
    await cancelada(reservaId, 5_000n);
    expect((await validades()).map(([centavos]) => centavos)).toEqual([500, 1_000]);
  });
});

describe('a customer of whom everything is wanted at once', () => {
  it('loses and wins nothing, and nobody waits in a circle', async () => {
    await conceder(20_000);
    const cobrancas = await Promise.all(Array.from({ length: 6 }, () => cobrar(4_000n)));
    const pagas = cobrancas.filter(({ status }) => status === StatusPagamento.APROVADO);
    expect(pagas).toHaveLength(5);
    await Promise.all([
      ...pagas.flatMap(({ reservaId }) => [cancelada(reservaId, 2_000n), cancelada(reservaId, 2_000n)]),
      ...pagas.map(({ id }) =>
        admin.estornarPagamento({ pagamentoId: id, valor: { centavos: 1_000n, moeda: 'BRL' }, motivo: 'x' }),
      ),
      ...Array.from({ length: 4 }, () => cobrar(1_500n)),
      ...Array.from({ length: 3 }, () => conceder(100)),
      livro.expirar(clock.now()),
    ]);
    const [{ retidos }] = await system.dataSource.query(
      'select sum(creditos_retidos)::int as retidos from pagamentos where cliente_id = $1',
      [clienteId],
    );
    expect((await saldo()) + retidos).toBe(20_300);
  });
});

describe('the books', () => {
  const reconciliar = () => {
    const { dataSource } = system;
    const gateway = {} as StripeGateway;
    const painel = new PostgresPainelDeReconciliacao(dataSource);
    return new ReconciliarHandler({ uow: createUnitOfWork(dataSource), gateway, painel, clock }).execute(0);
  };
  const tabelas = () =>
    Promise.all(
      ['pagamentos', 'estornos', 'transacoes'].map((tabela) =>
        system.dataSource.query(`select * from ${tabela} order by 1, 2, 3`),
      ),
    );

  it('are whole after all this: ledger, events, projections and movements agree to the cent', async () => {
    expect((await verificarLivro(system.dataSource)).defeitos).toEqual([]);
    expect((await reconciliar()).creditosDivergentes).toEqual([]);
    const saldos = `
      select t.cliente_id from transacoes t where t.tipo like 'CREDITO%' group by t.cliente_id
      having sum(case when tipo in ('CREDITO_CONCEDIDO', 'CREDITO_DEVOLVIDO') then centavos else -centavos end) <>
        (select sum(restante) from creditos_lotes l where l.cliente_id = t.cliente_id)`;
    expect(await system.dataSource.query(saldos)).toEqual([]);
  });

  it('are found whole while payments go on', async () => {
    await conceder(3_000);
    const { id } = await cobrar();
    const uow = createUnitOfWork(system.dataSource);
    const cancelar = () =>
      uow.run(async ({ pagamentos }) =>
        pagamentos.append(
          await pagamentos.findById(id),
          [{ tipo: 'CobrancaCancelada', motivo: 'SESSAO_EXPIRADA', em: new Date() }],
          'teste',
        ),
      );
    const ler = EventStore.prototype.read;
    // Its credit goes back after the verifier has begun.
    const espiao = jest.spyOn(EventStore.prototype, 'read').mockImplementationOnce(async function (
      this: EventStore,
      ...argumentos
    ) {
      await cancelar();
      return ler.apply(this, argumentos);
    });
    expect((await verificarLivro(system.dataSource)).defeitos).toEqual([]);
    espiao.mockRestore();
    expect((await verificarLivro(system.dataSource)).defeitos).toEqual([]);
  });

  it('are written anew from events and ledger as they were', async () => {
    const antes = await tabelas();
    await reconstruirProjecoes(system.dataSource);
    expect(await tabelas()).toEqual(antes);
  });

  it('name a payment for which the ledger keeps something else than its events say', async () => {
    await conceder(3_000);
    const { id } = await cobrar();
    const [{ lote }] = await system.dataSource.query(
      'select lote from creditos_lancamentos where transacao = $1 limit 1',
      [`uso:${id}`],
    );
    await system.dataSource.query(
      `insert into creditos_lancamentos (transacao, lote, conta, centavos, em)
       values ('fraude', $1, $2, -1, now()), ('fraude', $1, $3, 1, now())`,
      [lote, `pagamento:${id}`, `cliente:${clienteId}`],
    );
    expect((await reconciliar()).creditosDivergentes).toEqual([id]);
    expect((await verificarLivro(system.dataSource)).defeitos).toMatchObject([
      { fluxo: id, problema: 'the events keep 3000 cents of credit, the ledger 2999' },
      { fluxo: clienteId, problema: 'the movements tell of 0 cents of credit, the ledger of 1' },
    ]);
  });
});
