import { poll } from '@plataforma/cliente/poll';
import type { Entrega } from '@plataforma/contratos/notificacoes/v1/webhook_pb';
import { WebhooksService } from '@plataforma/contratos/notificacoes/v1/webhooks_service_pb';
import { misused, readCommandLine } from '@plataforma/runtime/command-line';
import { asAdministrator, askStripe, type RunningStack, runningStack, VerbError } from './running-stack.ts';

const HELP = `npm run plataforma -- trigger <whk_... | evt_... | type>

Has a webhook sent, to see what its receiver makes of it.

  whk_...   a test event of the platform to one of the addresses that it tells; prints what that has answered
  evt_...   an event of the Stripe stand-in to the platform, once more
  type      the newest event of that type, once more: checkout.session.completed, payment_intent.payment_failed, ...`;

/** An event of the stand-in, as far as it is looked at. */
interface StripeEvents {
  readonly data: readonly { readonly event: { readonly id: string; readonly type: string } }[];
}

/** `trigger`: a webhook at the time one wants it. */
export async function trigger(args: readonly string[]): Promise<void> {
  const { words } = readCommandLine({ name: 'trigger', help: HELP, words: 1 }, args);
  const [what] = words;
  if (what === undefined) misused('trigger', 'no webhook was named');
  if (!/^(whk_\w+|evt_\w+|[a-z_]+(\.[a-z_]+)+)$/.test(what)) misused('trigger', `"${what}" is no webhook`);
  const stack = await runningStack();
  if (what.startsWith('whk_')) return test(stack, what);
  const id = what.startsWith('evt_') ? what : await newest(stack, what);
  await askStripe(stack, 'POST', `redeliver/${id}`);
  console.log(
    `${id} is on its way to the platform again; what it makes of it is in ${stack.dataDir}/logs/pagamentos.log`,
  );
}

async function newest(stack: RunningStack, type: string): Promise<string> {
  const { data } = await askStripe<StripeEvents>(stack, 'GET', 'events');
  const found = data.findLast(({ event }) => event.type === type);
  if (found) return found.event.id;
  const types = [...new Set(data.map(({ event }) => event.type))].sort().join(', ') || 'none';
  throw new VerbError(`there was no ${type} yet; there were: ${types}`);
}

async function test(stack: RunningStack, webhookId: string): Promise<void> {
  await asAdministrator(stack, async (plataforma) => {
    const webhooks = plataforma.client(WebhooksService);
    const { eventoId } = await webhooks.testarWebhook({ webhookId });
    const attempted = await poll<Entrega | undefined>(
      async () =>
        (await webhooks.listarEntregas({ webhookId })).entregas.find((one) => one.eventoId === eventoId),
      { until: (entrega) => (entrega?.tentativas ?? 0) > 0, intervalMs: 300, timeoutMs: 30_000 },
    );
    const { statusHttp = 0, duracaoMs = 0, erro = '', resposta = '' } = attempted ?? {};
    console.log(`${eventoId} ${statusHttp || erro} in ${duracaoMs} ms${resposta ? `: ${resposta}` : ''}`);
    if (statusHttp < 200 || statusHttp > 299) process.exitCode = 1;
  });
}
