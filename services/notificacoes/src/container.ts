import type { ServiceDeps, ServiceParts } from '@plataforma/runtime/service';
import { EnviarNotificacoes, LOTE } from './application/enviar-notificacoes.ts';
import { ListarNotificacoes } from './application/listar-notificacoes.ts';
import { PreferenciasDoCliente } from './application/preferencias-do-cliente.ts';
import { RegistrarConta } from './application/registrar-conta.ts';
import { RegistrarFato } from './application/registrar-fato.ts';
import type { NotificacoesConfig } from './config.ts';
import { createConsumers } from './consumers.ts';
import { createObservador } from './events.ts';
import { RemetenteWorker } from './infrastructure/email/remetente-worker.ts';
import { SmtpCarteiro } from './infrastructure/email/smtp-carteiro.ts';
import { PostgresConsultaNotificacoes } from './infrastructure/persistence/consulta-notificacoes.ts';
import { PostgresHistorico } from './infrastructure/persistence/postgres-historico.ts';
import { PostgresUnitOfWork } from './infrastructure/persistence/unit-of-work.ts';
import { notificacoesService } from './presentation/grpc/notificacoes-service.ts';
import { createModelos } from './templates/modelos.ts';

/** What notificacoes needs of its surroundings. */
export type NotificacoesDeps = Pick<
  ServiceDeps<NotificacoesConfig>,
  'clock' | 'dataSource' | 'ids' | 'logger' | 'metrics'
> & { readonly config: Pick<NotificacoesConfig, 'smtpUrl' | 'emailFrom'> };

/** Composition root of notificacoes. */
export function createNotificacoes({
  config,
  clock,
  dataSource,
  ids,
  logger,
  metrics,
}: NotificacoesDeps): ServiceParts {
  const modelos = createModelos(config.emailFrom);
  const unitOfWork = new PostgresUnitOfWork({
    dataSource,
    historico: (manager) => new PostgresHistorico(manager),
  });
  const carteiro = new SmtpCarteiro({
    url: config.smtpUrl,
    remetente: config.emailFrom,
    maxConnections: LOTE,
  });
  const observador = createObservador(metrics.registry, logger, dataSource);
  const sender = new RemetenteWorker({
    envio: new EnviarNotificacoes({ clock, carteiro, modelos, observador, unitOfWork }),
    logger,
    close: () => carteiro.close(),
  });
  const contas = new RegistrarConta({ ids, clock, modelos, unitOfWork });
  const registrar = new RegistrarFato({ ids, clock, modelos, unitOfWork });
  const preferencias = new PreferenciasDoCliente({ clock, unitOfWork });
  const consulta = new PostgresConsultaNotificacoes(dataSource.manager);
  return {
    services: [notificacoesService(new ListarNotificacoes(consulta, clock), preferencias)],
    consumers: createConsumers({ contas, registrar, wake: () => sender.wake() }),
    background: [sender],
  };
}
