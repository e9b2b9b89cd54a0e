/** `npm run reconcile`: compares every payment that is due with Stripe, repairs, and prints a report. */
import { systemClock } from '@plataforma/domain/clock';
import { loadConfig } from '@plataforma/runtime/config';
import { Reconciliar, type RelatorioDeReconciliacao } from '../application/commands/reconciliar.ts';
import { fields } from '../config.ts';
import { PostgresPainelDeReconciliacao } from '../infrastructure/persistence/painel-de-reconciliacao.ts';
import { PostgresUnitOfWork } from '../infrastructure/persistence/unit-of-work.ts';
import { createStripe } from '../infrastructure/stripe/client.ts';
import { StripeGateway } from '../infrastructure/stripe/stripe-gateway.ts';
import { withDatabase } from './with-database.ts';

const LOTE = 100;

await withDatabase('reconcile', async (dataSource) => {
  const { stripeSecretKey, stripeApiUrl, checkoutSuccessUrl, checkoutCancelUrl } = fields;
  const config = loadConfig(process.env, {
    stripeSecretKey,
    stripeApiUrl,
    checkoutSuccessUrl,
    checkoutCancelUrl,
  });
  const gateway = new StripeGateway({
    stripe: createStripe({ secretKey: config.stripeSecretKey, apiUrl: config.stripeApiUrl }),
    clock: systemClock,
    successUrl: config.checkoutSuccessUrl,
    cancelUrl: config.checkoutCancelUrl,
  });
  const uow = new PostgresUnitOfWork(dataSource);
  const painel = new PostgresPainelDeReconciliacao(dataSource);
  const reconciliar = new Reconciliar({ uow, gateway, painel, clock: systemClock });
  try {
    for (;;) {
      const relatorio = await reconciliar.execute(LOTE);
      imprimir(relatorio);
      if (relatorio.interrompida || relatorio.divergencias.some(({ reparada }) => !reparada)) return false;
      if (relatorio.verificados < LOTE)
        return relatorio.semReserva.length === 0 && relatorio.creditosDivergentes.length === 0;
    }
  } finally {
    gateway.close();
  }
});

function imprimir(relatorio: RelatorioDeReconciliacao): void {
  const { verificados, divergencias, interrompida } = relatorio;
  console.log(`${verificados} payments compared with Stripe, ${divergencias.length} differed`);
  for (const { pagamentoId, detalhe, reparada } of divergencias)
    console.log(`  ${pagamentoId}: ${detalhe} (${reparada ? 'repaired' : 'NOT repaired'})`);
  if (interrompida) console.log('  Stripe does not answer: the rest is left to the next run');
  listar('captured, but no reservation took it', relatorio.semReserva);
  listar('refunds under way for more than a day', relatorio.estornosAtrasados);
  listar('charges that could not be closed for minutes', relatorio.encerramentosAtrasados);
  listar('credit set aside differs from the events', relatorio.creditosDivergentes);
}

function listar(titulo: string, ids: readonly string[]): void {
  if (ids.length > 0) console.log(`${titulo}: ${ids.join(', ')}`);
}
