import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { HttpRoute } from '@plataforma/runtime/http-routes';
import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { oneByOne } from '@plataforma/runtime/one-by-one';
import type { Background } from '@plataforma/runtime/service';
import { Worker } from '@plataforma/runtime/worker';
import type { WorkerMetrics } from '@plataforma/runtime/worker-metrics';
import type { DataSource } from 'typeorm';
import { AplicarRetornos } from './application/aplicar-retorno.ts';
import type { Transacao } from './application/ports.ts';
import { ReceberRespostaHandler } from './application/receber-resposta.ts';
import { ReceberRetornosHandler } from './application/receber-retornos.ts';
import { createObservadorDeRetornos } from './infrastructure/observador.ts';
import { LeitorResend } from './infrastructure/provedores/resend.ts';
import { LeitorSendGrid } from './infrastructure/provedores/sendgrid.ts';
import { LeitorTwilio } from './infrastructure/provedores/twilio.ts';
import { LeitorDeRespostasTwilio } from './infrastructure/provedores/twilio-respostas.ts';
import { type RetornosConfig, twilioOf } from './infrastructure/retornos-config.ts';
import { resendWebhookRoute } from './presentation/resend-webhook.ts';
import { sendgridWebhookRoute } from './presentation/sendgrid-webhook.ts';
import { twilioRespostasRoute } from './presentation/twilio-respostas-webhook.ts';
import { twilioWebhookRoute } from './presentation/twilio-webhook.ts';

interface Deps {
  readonly config: Partial<RetornosConfig>;
  readonly clock: Clock;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly dataSource: DataSource;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly workerMetrics: WorkerMetrics;
}

const LOTE = 50;
/** Longer than any provider tells something again. */
const GUARDA_MS = 7 * 24 * 3_600_000;
const ESQUECER_MS = 60_000;
const ESQUECER_LOTE = 1_000;

/** What providers tell of messages that they took. A route is there where the key that proves the provider is. */
export function createRetornos(deps: Deps): {
  readonly routes: readonly HttpRoute[];
  readonly background: readonly Background[];
} {
  const { config, clock, uow, logger } = deps;
  const observador = createObservadorDeRetornos(deps);
  const aplicar = new AplicarRetornos({ clock, uow, observador });
  const comum = { logger, metrics: deps.workerMetrics };
  const worker = new Worker({
    ...{ ...comum, name: 'retornos', batch: LOTE },
    work: oneByOne(aplicar),
    state: () => aplicar.situacao(),
  });
  const guarda = new Worker({
    ...{ ...comum, name: 'retornos-guarda', batch: ESQUECER_LOTE, intervalMs: ESQUECER_MS },
    work: (limite) =>
      uow.run(({ retornos }) => retornos.esquecer(new Date(clock.now().getTime() - GUARDA_MS), limite)),
  });
  const receber = new ReceberRetornosHandler({ clock, uow, observador, wake: () => worker.wake() });
  const responder = new ReceberRespostaHandler({ clock, uow, observador });
  return { routes: rotasDe(config, receber, responder), background: [worker, guarda] };
}

function rotasDe(
  config: Partial<RetornosConfig>,
  receber: ReceberRetornosHandler,
  responder: ReceberRespostaHandler,
): readonly HttpRoute[] {
  const { sendgridWebhookKeys, resendWebhookSecrets } = config;
  const twilio = twilioOf(config);
  const routes: HttpRoute[] = [];
  if (sendgridWebhookKeys)
    routes.push(sendgridWebhookRoute({ receber, leitor: new LeitorSendGrid(sendgridWebhookKeys) }));
  if (resendWebhookSecrets)
    routes.push(resendWebhookRoute({ receber, leitor: new LeitorResend(resendWebhookSecrets) }));
  if (twilio) {
    routes.push(twilioWebhookRoute({ receber, leitor: new LeitorTwilio(twilio) }));
    routes.push(twilioRespostasRoute({ receber: responder, leitor: new LeitorDeRespostasTwilio(twilio) }));
  }
  return routes;
}
