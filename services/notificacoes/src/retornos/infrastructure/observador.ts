import type { Logger } from '@plataforma/runtime/logger';
import type { Metrics } from '@plataforma/runtime/metrics';
import { createPacedLog } from '@plataforma/runtime/paced-log';
import { Counter, Gauge } from 'prom-client';
import type { DataSource } from 'typeorm';
import type { ObservadorDeRetornos } from '../application/ports.ts';

interface Deps {
  readonly logger: Logger;
  readonly metrics: Pick<Metrics, 'registry'>;
  readonly dataSource: DataSource;
}

const COME_BACK = 'select count(*)::int as quantos from contatos where devolve_desde is not null';

/** What operators are told about what providers tell: labels are fixed words, and no line names an address. */
export function createObservadorDeRetornos({ logger, metrics, dataSource }: Deps): ObservadorDeRetornos {
  const registers = [metrics.registry];
  const entregas = new Counter({
    name: 'notificacoes_entregas_total',
    help: 'Messages of which the provider has told what became of them, and readers who want no more.',
    labelNames: ['canal', 'provedor', 'situacao'] as const,
    registers,
  });
  const recebidos = new Counter({
    name: 'notificacoes_retornos_total',
    help: 'Events that providers told: new ones, ones that were known, and ones that are not about messages of ours.',
    labelNames: ['provedor', 'resultado'] as const,
    registers,
  });
  const recusados = new Counter({
    name: 'notificacoes_retornos_recusados_total',
    help: 'Requests to the addresses for providers that did not prove who they are. All of them: the key here is not theirs.',
    labelNames: ['provedor', 'motivo'] as const,
    registers,
  });
  const respostas = new Counter({
    name: 'notificacoes_respostas_sms_total',
    help: 'Answers to text messages: that people want no more, or more again, and those that decided nothing.',
    labelNames: ['provedor', 'resposta'] as const,
    registers,
  });
  observarEnderecos({ logger, metrics, dataSource });
  const avisar = createPacedLog(logger, 'request of a provider refused');
  return {
    recusado(provedor, motivo) {
      recusados.inc({ provedor, motivo });
      avisar({ provedor, motivo });
    },
    recebidos(provedor, contagem) {
      recebidos.inc({ provedor, resultado: 'novo' }, contagem.novos);
      // Known, or about a message that is none of ours, or whose reader is gone.
      recebidos.inc({ provedor, resultado: 'sem_efeito' }, contagem.repetidos);
      recebidos.inc({ provedor, resultado: 'ignorado' }, contagem.ignorados);
    },
    respondido(provedor, resposta) {
      respostas.inc({ provedor, resposta: resposta ?? 'NENHUMA' });
    },
    entrega(canal, provedor, situacao) {
      entregas.inc({ canal, provedor, situacao });
    },
    devolve(clienteId, motivo) {
      logger.warn({ clienteId, motivo }, 'messages to an address come back: it is written to no more');
    },
  };
}

/** Counted when it is read. */
function observarEnderecos({ logger, metrics, dataSource }: Deps): void {
  new Gauge({
    name: 'notificacoes_contatos_nao_entregaveis',
    help: 'Accounts whose address is written to no more, because messages come back.',
    registers: [metrics.registry],
    async collect() {
      try {
        const [linha]: { quantos: number }[] = await dataSource.query(COME_BACK);
        this.set(linha?.quantos ?? 0);
      } catch (err) {
        // The other metrics must still be readable while the database is away.
        this.remove();
        logger.warn({ err }, 'addresses that take no messages could not be counted');
      }
    },
  });
}
