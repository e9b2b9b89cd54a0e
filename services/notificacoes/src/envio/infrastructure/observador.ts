import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { Counter, Gauge, Histogram } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { Canal } from '../../canais/domain/mensagem.ts';
import { CANAIS } from '../../preferencias/domain/grade.ts';
import type { NotificacaoTomada, Observador } from '../application/ports.ts';

const LABELS = ['modelo', 'canal'] as const;

/** From "at once" to "the provider was away for a day". */
const DELAY_BUCKETS_S = [0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 1_800, 7_200, 86_400];

interface Deps {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly dataSource: DataSource;
  /** Those that are sent by. */
  readonly canais: readonly Canal[];
}

/** What operators are told about messages: counters, the delay of delivery, the queue, and a line of log on failure. */
export function createObservador({ logger, metrics, dataSource, canais }: Deps): Observador {
  const registers = [metrics.registry];
  const enviadas = new Counter({
    name: 'notificacoes_enviadas_total',
    help: 'Messages that the provider accepted.',
    labelNames: LABELS,
    registers,
  });
  const recusas = new Counter({
    name: 'notificacoes_tentativas_falhas_total',
    help: 'Attempts that failed and will be made again.',
    labelNames: [...LABELS, 'tipo'],
    registers,
  });
  const falhas = new Counter({
    name: 'notificacoes_falhas_total',
    help: 'Messages that were given up.',
    labelNames: LABELS,
    registers,
  });
  const semMarca = new Counter({
    name: 'notificacoes_sem_marca_total',
    help: 'Times that a message was sent and the database could not be told; the message is not sent again meanwhile.',
    labelNames: ['canal'],
    registers,
  });
  const demora = new Histogram({
    name: 'notificacoes_demora_segundos',
    help: 'From the moment a message was due until the provider accepted it.',
    labelNames: LABELS,
    buckets: DELAY_BUCKETS_S,
    registers,
  });
  observarFila({ logger, metrics, dataSource, canais });
  const labels = ({ modelo, canal }: NotificacaoTomada) => ({ modelo, canal });
  return {
    enviada(notificacao, em) {
      enviadas.inc(labels(notificacao));
      demora.observe(labels(notificacao), (em.getTime() - notificacao.devidaEm.getTime()) / 1_000);
    },
    recusada(notificacao, { tipo, message }) {
      recusas.inc({ ...labels(notificacao), tipo });
      logger.warn(
        { notificacao: notificacao.id, tipo, motivo: message },
        'message not accepted, will be tried again',
      );
    },
    semMarca({ id, canal }, vezes, causa) {
      semMarca.inc({ canal });
      logger.error(
        { err: causa, notificacao: id, vezes },
        'message is sent and could not be marked, trying again',
      );
    },
    desistiu(notificacao, { tipo, message }) {
      falhas.inc(labels(notificacao));
      logger.error({ notificacao: notificacao.id, tipo, motivo: message }, 'message given up');
    },
  };
}

const QUEUE = `
  select case when canal <> all($1) then 'desligada' when c.usuario_id is null then 'sem_contato' when n.retida then 'nao_verificada'
      when n.silencio_ate > now() then 'silencio' when n.devida_em > now() then 'agendada' else 'pronta' end as situacao,
    canal, count(*)::int as quantas
  from notificacoes n left join contatos c on c.usuario_id = n.cliente_id
  where n.status = 'PENDENTE'
  group by 1, 2`;

/**
 * Counted when it is read. `sem_contato` that stays up means that events of auth do not arrive, or that customers are
 * charged who do not exist. `desligada` waits for a channel that nothing is sent by, as long as it is news.
 */
function observarFila({ logger, metrics, dataSource, canais }: Deps): void {
  new Gauge({
    name: 'notificacoes_na_fila',
    help: 'Messages that wait to be sent.',
    labelNames: ['situacao', 'canal'] as const,
    registers: [metrics.registry],
    async collect() {
      this.reset();
      for (const canal of canais)
        for (const situacao of ['pronta', 'sem_contato', 'nao_verificada', 'agendada', 'silencio'])
          this.set({ situacao, canal }, 0);
      for (const canal of CANAIS) if (!canais.includes(canal)) this.set({ situacao: 'desligada', canal }, 0);
      try {
        const linhas: Array<{ situacao: string; canal: Canal; quantas: number }> = await dataSource.query(
          QUEUE,
          [canais],
        );
        for (const { situacao, canal, quantas } of linhas) this.set({ situacao, canal }, quantas);
      } catch (error) {
        // The other metrics must still be readable while the database is away.
        this.reset();
        logger.warn({ err: error }, 'the queue of messages cannot be counted');
      }
    },
  });
}
