/** `npm run reconcile`: compares payments with Stripe, repairs, and prints a report. */
import { systemClock } from '@plataforma/domain/clock';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { loadConfig } from '@plataforma/runtime/config';
import type { DataSource } from 'typeorm';
import { ReconciliarHandler, type RelatorioDeReconciliacao } from '../conciliacao/application/reconciliar.ts';
import { PostgresPainelDeReconciliacao } from '../conciliacao/infrastructure/painel-de-reconciliacao.ts';
import { createUnitOfWork } from '../persistence/unit-of-work.ts';
import { stripeFields } from '../stripe/infrastructure/stripe-config.ts';
import { createStripeGateway, type StripeGateway } from '../stripe/infrastructure/stripe-gateway.ts';
import { withDatabase } from './with-database.ts';

const AJUDA = `usage: npm run reconcile [-- --all]

Compares payments with Stripe, repairs what differs, and lists what should not last. The service does the same every
minute, so there is little due right after it.

  --all    compare every open charge and every captured payment, due or not, however old. One request of Stripe for
           each; says how far it is. Ctrl-C ends it after the payment in hand, with a report.
  --help   print this

Exit code 1: something could not be repaired or compared, or one of the lists is not empty.`;

const LOTE = 100;

const { all } = readCommandLine({
  name: 'reconcile',
  help: AJUDA,
  options: { all: { type: 'boolean' } },
}).values;

await withDatabase('reconcile', async (dataSource) => {
  const gateway = createGateway();
  try {
    const relatorio = await comparar(criar(dataSource, gateway));
    imprimir(relatorio);
    return estaEmDia(relatorio);
  } finally {
    gateway.close();
  }
});

/** The secrets of webhooks are not asked for: no webhook comes here. */
function createGateway(): StripeGateway {
  const { stripeWebhookSecrets: _, ...campos } = stripeFields;
  return createStripeGateway(loadConfig(process.env, campos), systemClock);
}

function criar(dataSource: DataSource, gateway: StripeGateway): ReconciliarHandler {
  const uow = createUnitOfWork(dataSource);
  const painel = new PostgresPainelDeReconciliacao(dataSource);
  return new ReconciliarHandler({ uow, gateway, painel, clock: systemClock });
}

async function comparar(reconciliar: ReconciliarHandler): Promise<RelatorioDeReconciliacao> {
  if (!all) return compararVencidos(reconciliar);
  const parar = new AbortController();
  // The second Ctrl-C ends the program.
  process.once('SIGINT', () => parar.abort());
  return reconciliar.tudo(parar.signal, (n) => console.error(`${n} payments compared ...`));
}

async function compararVencidos(reconciliar: ReconciliarHandler): Promise<RelatorioDeReconciliacao> {
  let verificados = 0;
  const divergencias: RelatorioDeReconciliacao['divergencias'][number][] = [];
  for (;;) {
    const lote = await reconciliar.execute(LOTE);
    verificados += lote.verificados;
    divergencias.push(...lote.divergencias);
    if (lote.verificados < LOTE || lote.erros.length > 0) return { ...lote, verificados, divergencias };
  }
}

function estaEmDia({ divergencias, interrompida, erros, ...resto }: RelatorioDeReconciliacao): boolean {
  const { semReserva, estornosAtrasados, encerramentosAtrasados, creditosDivergentes } = resto;
  const listas = [erros, semReserva, estornosAtrasados, encerramentosAtrasados, creditosDivergentes];
  return (
    !interrompida &&
    divergencias.every(({ reparada }) => reparada) &&
    listas.every((lista) => lista.length === 0)
  );
}

function imprimir(relatorio: RelatorioDeReconciliacao): void {
  const { verificados, divergencias, interrompida, erros } = relatorio;
  console.log(`${verificados} payments compared with Stripe, ${divergencias.length} differed`);
  for (const { pagamentoId, detalhe, reparada } of divergencias)
    console.log(`  ${pagamentoId}: ${detalhe} (${reparada ? 'repaired' : 'NOT repaired'})`);
  if (interrompida) console.log('  ended early, or Stripe does not answer: the rest is left to the next run');
  for (const erro of erros) console.log(`  FAILED: ${erro instanceof Error ? erro.message : String(erro)}`);
  listar('captured, but no reservation took it', relatorio.semReserva);
  listar('refunds under way for more than a day', relatorio.estornosAtrasados);
  listar('charges that could not be closed for minutes', relatorio.encerramentosAtrasados);
  listar('credit set aside differs from the events', relatorio.creditosDivergentes);
}

function listar(titulo: string, ids: readonly string[]): void {
  if (ids.length > 0) console.log(`${titulo}: ${ids.join(', ')}`);
}
