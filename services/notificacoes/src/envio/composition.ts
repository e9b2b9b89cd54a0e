import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { ProviderAwayError } from '@plataforma/domain/work-queue';
import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import type { Background } from '@plataforma/runtime/service';
import { Worker } from '@plataforma/runtime/worker';
import type { WorkerMetrics } from '@plataforma/runtime/worker-metrics';
import type { DataSource } from 'typeorm';
import type { Canal } from '../canais/domain/mensagem.ts';
import { CANAIS } from '../preferencias/domain/grade.ts';
import { EncerrarDesligadasHandler, type MensagensDesligadas } from './application/encerrar-desligadas.ts';
import { EnviarNotificacoesHandler, LEVA } from './application/enviar-notificacoes.ts';
import type { Destino, Faixa } from './application/faixa.ts';
import type { Observador, Transacao } from './application/ports.ts';
import { createObservador } from './infrastructure/observador.ts';
import { situacaoDaFila } from './infrastructure/situacao-da-fila.ts';

interface Deps {
  readonly clock: Clock;
  readonly dataSource: DataSource;
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly workers: WorkerMetrics;
  readonly uow: Pick<UnitOfWork<Transacao & { readonly desligadas: MensagensDesligadas }>, 'run'>;
  /** One for each channel that is configured, e-mail first. */
  readonly faixas: readonly Faixa<Destino>[];
  /** Follows from e-mails that have gone; answers how much there was to do. */
  readonly encerrar: () => Promise<number>;
}

const DESLIGADOS = { name: 'envio-desligados', batch: 100, intervalMs: 60_000 } as const;

/** The senders, one for each channel. */
interface Envio {
  readonly workers: readonly Background[];
  /** There may be a message to send now, by any channel. */
  wake(): void;
}

/**
 * A lane for each channel, with its own worker and its own messages in hand: a provider that hangs keeps its own channel
 * waiting and no other.
 */
export function createEnvio({ faixas, ...deps }: Deps): Envio {
  const canais = faixas.map(({ canal }) => canal);
  const observador = createObservador({ ...deps, canais });
  const vias = faixas.map((faixa) => viaDe(faixa, observador, deps));
  const workers = vias.map(({ worker }) => worker);
  return {
    workers: [...vias.map(({ worker, envio }) => semComecarMais(worker, envio)), ...desligados(canais, deps)],
    wake() {
      for (const worker of workers) worker.wake();
    },
  };
}

/** Looks after the channels that have no lane: nobody else does. */
function desligados(ligados: readonly Canal[], deps: Omit<Deps, 'faixas'>): Worker[] {
  const canais = CANAIS.filter((canal) => !ligados.includes(canal));
  if (canais.length === 0) return [];
  const { clock, uow, logger, workers: metrics } = deps;
  const encerrar = new EncerrarDesligadasHandler({ clock, uow, canais });
  const work = (limite: number) => encerrar.execute(limite);
  return [new Worker({ ...DESLIGADOS, work, logger, metrics })];
}

function viaDe(faixa: Faixa<Destino>, observador: Observador, deps: Omit<Deps, 'faixas'>) {
  const { clock, dataSource, logger, workers: metrics, uow, encerrar } = deps;
  const { canal } = faixa;
  const envio = new EnviarNotificacoesHandler({ clock, faixa, observador, uow });
  const worker = new Worker({
    ...{ name: `envio-${canal.toLowerCase()}`, batch: LEVA, logger, metrics },
    async work() {
      const encerradas = canal === 'EMAIL' ? await encerrar() : 0;
      const { tomadas, indisponivel } = await envio.execute();
      if (indisponivel) throw new ProviderAwayError(indisponivel.message, { cause: indisponivel });
      return tomadas + encerradas;
    },
    state: () => situacaoDaFila(dataSource, canal, clock.now()),
  });
  return { worker, envio };
}

/** At its end it waits for what is at the provider, and not for all that is leased. */
function semComecarMais(
  worker: Worker,
  envio: Pick<EnviarNotificacoesHandler<Destino>, 'parar'>,
): Background {
  return {
    name: worker.name,
    start: () => worker.start(),
    turn: () => worker.turn(),
    stop() {
      envio.parar();
      return worker.stop();
    },
  };
}
