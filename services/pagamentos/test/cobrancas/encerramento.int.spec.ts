import { type Client, Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import type { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { EncerrarCobrancaSchema } from '@plataforma/contratos/reservas/v1/comandos_pb';
import { ReservaCanceladaSchema, ReservaCriadaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { motivoDe } from '@plataforma/runtime/errors';
import type { ServiceParts } from '@plataforma/runtime/service';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { criarCobranca } from '../../src/cobrancas/domain/cobranca.ts';
import { INEXISTENTE } from '../../src/pagamento/domain/pagamento.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { deliver, outboxOf, type PagamentosUnderTest, startPagamentos } from '../pagamentos-under-test.ts';

/** Requests until a call counts as failed: the SDK repeats one that was cut off. */
const DROPPED = 2;

const clock = new FixedClock('2026-11-24T12:00:00Z');
let system: PagamentosUnderTest;
let admin: Client<typeof PagamentosService>;

beforeAll(async () => {
  system = await startPagamentos({ clock });
  admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
});

afterAll(() => system.stop());

const expirando = (reservaId: string, versao: number, parts: ServiceParts = system.parts) =>
  deliver(parts, EncerrarCobrancaSchema, { reservaId, clienteId: 'cli_1' }, versao);

const cancelada = (reservaId: string, versao: number) =>
  deliver(system.parts, ReservaCanceladaSchema, { reservaId, clienteId: 'cli_1' }, versao);

const criada = (reserva: ReturnType<PagamentosUnderTest['pedido']>) =>
  deliver(system.parts, ReservaCriadaSchema, reserva, 1);

const fatos = async (id: string) =>
  (await outboxOf(system.dataSource, id)).map(({ assunto }) => assunto.replace('pagamentos.v1.', ''));

async function idDe(reservaId: string): Promise<string> {
  const sql = 'select id from pagamentos where reserva_id = $1';
  const [row] = await system.dataSource.query(sql, [reservaId]);
  return row.id;
}

describe('a reservation that ends unpaid', () => {
  it.each([
    ['expires', expirando],
    ['is cancelled', cancelada],
  ])('has its session expired at Stripe before the charge is called off when it %s', async (_, terminar) => {
    const { id, reservaId } = await admin.criarCobranca(system.pedido());
    await terminar(reservaId, 3);
    expect(await fatos(id)).toEqual(['CobrancaCriada']);
    await system.workUntil(async () =>
      expect(await fatos(id)).toEqual(['CobrancaCriada', 'CobrancaCancelada']),
    );
    expect(system.stripe.sessionOf(id).status).toBe('expired');
    expect(await system.statusOf(id)).toBe(StatusPagamento.CANCELADO);
  });

  it('is answered once when it asks twice before Stripe has answered', async () => {
    const { id, reservaId } = await admin.criarCobranca(system.pedido());
    await Promise.all([expirando(reservaId, 3), expirando(reservaId, 3), expirando(reservaId, 4)]);
    await system.workUntil(async () =>
      expect(await fatos(id)).toEqual(['CobrancaCriada', 'CobrancaCancelada']),
    );
    expect(
      system.stripe.expirations.filter((key) => key.includes(system.stripe.sessionOf(id).id)),
    ).toHaveLength(1);
  });

  it('is answered again when it asks again, and not when the same request comes twice', async () => {
    const { id, reservaId } = await admin.criarCobranca(system.pedido());
    await expirando(reservaId, 3);
    await system.workUntil(async () => expect(await fatos(id)).toHaveLength(2));
    await expirando(reservaId, 3);
    expect(await fatos(id)).toHaveLength(2);
    await expirando(reservaId, 5);
    await expirando(reservaId, 5);
    expect((await fatos(id)).slice(2)).toEqual(['CobrancaCancelada']);
  });

  it('is told of the payment instead when Stripe says that it was paid', async () => {
    const { id, reservaId } = await admin.criarCobranca(system.pedido());
    system.stripe.pay(system.stripe.sessionOf(id));
    await expirando(reservaId, 3);
    await system.workUntil(async () =>
      expect(await fatos(id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']),
    );
    await expirando(reservaId, 4);
    expect((await fatos(id)).slice(2)).toEqual(['PagamentoAprovado']);
    await cancelada(reservaId, 5);
    expect(await fatos(id)).toHaveLength(3);
  });

  it('is not answered while money for it is on its way, and then by what became of it', async () => {
    const [vem, naoVem] = [
      await admin.criarCobranca(system.pedido()),
      await admin.criarCobranca(system.pedido()),
    ];
    for (const { id, reservaId } of [vem, naoVem]) {
      system.stripe.payLater(system.stripe.sessionOf(id));
      await expirando(reservaId, 3);
    }
    await system.workUntil(async () => {
      const sql =
        'select count(*)::int as n from encerramentos_pendentes where pagamento_id = any ($1) and falhas > 0';
      const [{ n }] = await system.dataSource.query(sql, [[vem.id, naoVem.id]]);
      expect(n).toBe(2);
    });
    expect([await fatos(vem.id), await fatos(naoVem.id)]).toEqual([['CobrancaCriada'], ['CobrancaCriada']]);
    system.stripe.pay(system.stripe.sessionOf(vem.id));
    Object.assign(system.stripe.sessionOf(naoVem.id), { intent_status: 'requires_payment_method' });
    clock.advance(60_000);
    await system.workUntil(async () => {
      expect(await fatos(vem.id)).toEqual(['CobrancaCriada', 'PagamentoAprovado']);
      expect(await fatos(naoVem.id)).toEqual(['CobrancaCriada', 'CobrancaCancelada']);
    });
  });

  it.each([
    ['is closed when less was captured than charged', 9_999, 9_999, 'CobrancaCancelada'],
    ['was paid when more was captured, and only the surplus goes back', 10_001, 1, 'PagamentoAprovado'],
  ])('hears that its charge %s', async (_, amount_total, volta, fim) => {
    const { id, reservaId } = await admin.criarCobranca(system.pedido());
    const session = system.stripe.sessionOf(id);
    system.stripe.pay(session);
    Object.assign(session, { amount_total });
    await expirando(reservaId, 3);
    const devolvido = () => system.stripe.refundsOf(id).map(({ amount }) => amount);
    await system.workUntil(async () => expect(devolvido()).toEqual([volta]));
    expect((await fatos(id)).filter((fato) => !fato.startsWith('Estorno'))).toEqual(['CobrancaCriada', fim]);
  });

  it('is not charged at all when its end comes before its beginning', async () => {
    const reserva = system.pedido();
    await expirando(reserva.reservaId, 2);
    await criada(reserva);
    const id = await idDe(reserva.reservaId);
    expect(await fatos(id)).toEqual(['CobrancaCancelada']);
    const recusa = await admin.criarCobranca(reserva).then(() => undefined, ConnectError.from);
    expect(recusa?.code).toBe(Code.FailedPrecondition);
    expect(recusa && motivoDe(recusa)).toBe('COBRANCA_ENCERRADA');
    expect(system.stripe.creations.filter(({ key }) => key.includes(id))).toEqual([]);
  });

  it('leaves the charge of another reservation alone when it comes first and its identity is taken', async () => {
    const { id } = await admin.criarCobranca(system.pedido());
    const alheio = `pag_${String(Number(id.slice(4)) + 1).padStart(8, '0')}`;
    const { expiraEm: _, valor: __, ...outra } = system.pedido();
    const cobranca = { ...outra, valor: Dinheiro.deCentavos(10_000n), expiraEm: clock.now() };
    const criada = criarCobranca(INEXISTENTE, alheio, cobranca, clock.now());
    const uow = createUnitOfWork(system.dataSource);
    await uow.run(async ({ pagamentos }) =>
      pagamentos.append(await pagamentos.findById(alheio), criada.isSuccess ? criada.value : [], 'teste'),
    );
    const { reservaId } = system.pedido();
    await expirando(reservaId, 2);
    expect([await system.statusOf(alheio), await fatos(alheio)]).toEqual([StatusPagamento.PENDENTE, []]);
    expect(await fatos(await idDe(reservaId))).toEqual(['CobrancaCancelada']);
  });

  it('is charged never or closed always when beginning and end race', async () => {
    const reserva = system.pedido();
    await Promise.all([criada(reserva), expirando(reserva.reservaId, 2), expirando(reserva.reservaId, 2)]);
    const id = await idDe(reserva.reservaId);
    await system.workUntil(async () => expect((await fatos(id)).at(-1)).toBe('CobrancaCancelada'));
    const ditos = await fatos(id);
    expect(ditos.filter((fato) => fato === 'CobrancaCancelada')).toHaveLength(1);
    expect(await system.statusOf(id)).toBe(StatusPagamento.CANCELADO);
  });
});

describe('a Stripe that fails while a charge is closed', () => {
  it('is asked again until it answers, and the slot is not given up before', async () => {
    const { id, reservaId } = await admin.criarCobranca(system.pedido());
    await expirando(reservaId, 3);
    system.stripe.failNext('unavailable', 1_000);
    const erro = 'select erro from encerramentos_pendentes where pagamento_id = $1';
    await system.workUntil(async () =>
      expect(await system.dataSource.query(erro, [id])).toMatchObject([
        { erro: expect.stringContaining('Stripe') },
      ]),
    );
    expect(await fatos(id)).toEqual(['CobrancaCriada']);
    system.stripe.recover();
    clock.advance(2_000);
    await system.workUntil(async () =>
      expect(await fatos(id)).toEqual(['CobrancaCriada', 'CobrancaCancelada']),
    );
  });

  it('closes it once when the answer was lost', async () => {
    const { id, reservaId } = await admin.criarCobranca(system.pedido());
    await expirando(reservaId, 3);
    system.stripe.failNext('lost', DROPPED);
    await system.workUntil(async () => {
      clock.advance(1_000);
      expect(await fatos(id)).toEqual(['CobrancaCriada', 'CobrancaCancelada']);
    });
  });
});
