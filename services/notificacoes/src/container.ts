import type { ServiceDeps, ServiceParts } from '@plataforma/runtime/service';
import { RegistrarFato } from './acompanhamento/application/registrar-fato.ts';
import { pagamentosConsumer, reservasConsumer } from './acompanhamento/infrastructure/consumers.ts';
import { SmtpCarteiro } from './canais/infrastructure/email/smtp-carteiro.ts';
import type { NotificacoesConfig } from './config.ts';
import { RegistrarConta } from './contatos/application/registrar-conta.ts';
import { contatosConsumer } from './contatos/infrastructure/contatos-consumer.ts';
import { notificacoesService } from './contrato/presentation/notificacoes-service.ts';
import { EnviarNotificacoes, LOTE } from './envio/application/enviar-notificacoes.ts';
import { createObservador } from './envio/infrastructure/observador.ts';
import { RemetenteWorker } from './envio/infrastructure/remetente-worker.ts';
import { ListarNotificacoes } from './mensagens/application/listar-notificacoes.ts';
import { PostgresConsultaNotificacoes } from './mensagens/infrastructure/consulta-notificacoes.ts';
import { PostgresHistorico } from './mensagens/infrastructure/postgres-historico.ts';
import { mensagensRpcs } from './mensagens/presentation/mensagens-rpcs.ts';
import { createModelos } from './modelos/infrastructure/modelos.ts';
import { PostgresUnitOfWork } from './persistence/unit-of-work.ts';
import { PreferenciasDoCliente } from './preferencias/application/preferencias-do-cliente.ts';
import { preferenciasRpcs } from './preferencias/presentation/preferencias-rpcs.ts';

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
  const wake = () => sender.wake();
  return {
    services: [
      notificacoesService(
        mensagensRpcs(new ListarNotificacoes(consulta, clock)),
        preferenciasRpcs(preferencias),
      ),
    ],
    consumers: [
      contatosConsumer({ contas, wake }),
      reservasConsumer({ registrar, wake }),
      pagamentosConsumer({ registrar, wake }),
    ],
    background: [sender],
  };
}
