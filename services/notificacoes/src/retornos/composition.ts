import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { HttpRoute } from '@plataforma/runtime/http-routes';
import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { oneByOne } from '@plataforma/runtime/one-by-one';
import type { Background } from '@plataforma/runtime/service';
import { Worker } from '@plataforma/runtime/worker';
import type { WorkerMetrics } from '@plataforma/runtime/worker-metrics';
import type { DataSource } from 'typeorm';
import type { Modelos } from '../modelos/application/modelos.ts';
import { AplicarRetornos } from './application/aplicar-retorno.ts';
import { AvisarAdministradoresHandler } from './application/avisar-administradores.ts';
import type { Transacao, TransacaoDoResumo } from './application/ports.ts';
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
  readonly ids: IdGenerator;
  readonly modelos: Pick<Modelos, 'em'>;
  readonly uow: Pick<UnitOfWork<Transacao & TransacaoDoResumo>, 'run'>;
  readonly dataSource: DataSource;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly workerMetrics: WorkerMetrics;
  /** There are messages to send now. */
  readonly wake: () => void;
}

const LOTE = 50;
/** Longer than any provider tells something again. */
const GUARDA_MS = 7 * 24 * 3_600_000;
const ESQUECER_MS = 60_000;
const ESQUECER_LOTE = 1_000;
const AVISAR_MS = 60_000;

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
  const avisar = new AvisarAdministradoresHandler(deps);
  const avisos = new Worker({
    ...{ ...comum, name: 'retornos-avisos', intervalMs: AVISAR_MS },
    async work() {
      const escritas = await avisar.execute();
      if (escritas > 0) deps.wake();
      return escritas;
    },
  });
  const receber = new ReceberRetornosHandler({ clock, uow, observador, wake: () => worker.wake() });
  const responder = new ReceberRespostaHandler({ clock, uow, observador });
  return { routes: rotasDe(config, receber, responder), background: [worker, guarda, avisos] };
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
