import { expect } from '@jest/globals';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import { EncerrarCobrancaSchema } from '@plataforma/contratos/reservas/v1/comandos_pb';
import { ReservaCanceladaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import type { FixedClock } from '@plataforma/testing/fixed-clock';
import { deliver, type PagamentosUnderTest } from '../pagamentos-under-test.ts';

/** Payments that end in every way there is, so that every event about them has been published. */
export async function tellEverything(system: PagamentosUnderTest, clock: FixedClock): Promise<void> {
  const { admin, stripe } = system;
  const charged = () => admin.criarCobranca(system.pedido());
  const paid = async () => {
    const { id, reservaId } = await charged();
    return { id, reservaId, session: await system.pagar(id) };
  };
  const cancelled = (reservaId: string, centavos: bigint) =>
    deliver(
      system.parts,
      ReservaCanceladaSchema,
      { reservaId, clienteId: 'cli_1', reembolso: { centavos, moeda: 'BRL' } },
      4,
    );

  const refunded = await paid();
  await expect(cancelled(refunded.reservaId, 10_001n)).rejects.toThrow('ESTORNO_ALEM_DO_CAPTURADO');
  await cancelled(refunded.reservaId, 10_000n);
  await system.reach(refunded.id, StatusPagamento.ESTORNADO);
  const [refund = {}] = stripe.refundsOf(refunded.id);
  Object.assign(refund, { status: 'failed', failure_reason: 'lost_or_stolen_card' });
  await system.deliverWebhook('refund.failed', refund);
  await system.reach(refunded.id, StatusPagamento.APROVADO);

  const given = await paid();
  await admin.estornarPagamento({ pagamentoId: given.id, motivo: 'cortesia' });
  await system.reach(given.id, StatusPagamento.ESTORNADO);
  await cancelled(given.reservaId, 10_000n);

  const disputed = await paid();
  const dispute = { id: 'dp_1', payment_intent: disputed.session.payment_intent, amount: 10_000 };
  const lost = { ...dispute, currency: 'brl', reason: 'fraudulent', status: 'lost' };
  await system.deliverWebhook('charge.dispute.closed', lost);
  const { reservaId, id } = await charged();
  const { metadata, amount_total: amount_received, currency, ...session } = stripe.sessionOf(id);
  await system.deliverWebhook('payment_intent.payment_failed', {
    ...{
      id: session.id.replace('cs_', 'pi_'),
      object: 'payment_intent',
      metadata,
      amount_received,
      currency,
    },
    last_payment_error: { charge: 'ch_1', code: 'card_declined', decline_code: 'insufficient_funds' },
  });
  await system.workUntil(async () => {
    const told = await system.dataSource.query(`select 1 from outbox where assunto = any($1)`, [
      ['pagamentos.v1.DisputaPerdida', 'pagamentos.v1.PagamentoRecusado'],
    ]);
    expect(told).toHaveLength(2);
  });
  await deliver(system.parts, EncerrarCobrancaSchema, { reservaId, clienteId: 'cli_1' }, 2);
  await system.reach(id, StatusPagamento.CANCELADO);

  await paid();
  clock.advance(6 * 60_000);
  await system.parts.background?.find(({ name }) => name === 'reconciliacao')?.turn?.();
}
