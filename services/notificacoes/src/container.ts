import { DadosConsultadosSchema } from '@plataforma/contratos/notificacoes/v1/eventos_pb';
import { AdminLooks } from '@plataforma/runtime/admin-looks';
import { ClientAddresses } from '@plataforma/runtime/client-address';
import { createPersonalKeys } from '@plataforma/runtime/personal-keys-client';
import type { ServiceDeps, ServiceParts } from '@plataforma/runtime/service';
import { createServiceTokens } from '@plataforma/runtime/service-token';
import { autocommit } from '@plataforma/runtime/transaction';
import { createWorkerMetrics } from '@plataforma/runtime/worker-metrics';
import { RegistrarFatoHandler } from './acompanhamento/application/registrar-fato.ts';
import {
  pagamentosConsumer,
  reservasConsumer,
} from './acompanhamento/infrastructure/acompanhamento-consumer.ts';
import { EscreverAvisoHandler } from './avisos/application/escrever-aviso.ts';
import { avisosConsumer } from './avisos/infrastructure/avisos-consumer.ts';
import { createEmail, createSms } from './canais/composition.ts';
import { closing } from './canais/infrastructure/canal.ts';
import type { EmailConfig } from './canais/infrastructure/email/email-config.ts';
import type { PushCarteiro } from './canais/infrastructure/push/push-carteiro.ts';
import type { PushConfig } from './canais/infrastructure/push/push-config.ts';
import type { SmsConfig } from './canais/infrastructure/sms/sms-config.ts';
import { createPush } from './canais/push.ts';
import type { NotificacoesConfig } from './config.ts';
import { NaoEntregaveis } from './contatos/application/nao-entregaveis.ts';
import { RegistrarContaHandler } from './contatos/application/registrar-conta.ts';
import { administradoresConsumer } from './contatos/infrastructure/administradores-consumer.ts';
import { PostgresAdministradores } from './contatos/infrastructure/administradores-repository.ts';
import { contatosConsumer } from './contatos/infrastructure/contatos-consumer.ts';
import { contatosService } from './contatos/presentation/contatos-service.ts';
import { notificacoesService } from './contrato/presentation/notificacoes-service.ts';
import { secoesDeNotificacoes } from './dados-pessoais/infrastructure/secoes.ts';
import { dadosPessoaisService } from './dados-pessoais/presentation/dados-pessoais-service.ts';
import { createDispositivos } from './dispositivos/composition.ts';
import { MAXIMO_DISPOSITIVOS } from './dispositivos/domain/dispositivo.ts';
import { PostgresAparelhos } from './dispositivos/infrastructure/aparelhos-postgres.ts';
import { FaixaDeEmail } from './envio/application/faixa-de-email.ts';
import { FaixaDePush } from './envio/application/faixa-de-push.ts';
import { createEnvio } from './envio/composition.ts';
import { createHistorico } from './historico/composition.ts';
import { ListarNotificacoesHandler } from './mensagens/application/listar-notificacoes.ts';
import { PostgresConsultaDeNotificacoes } from './mensagens/infrastructure/consulta-de-notificacoes.ts';
import { mensagensRpcs } from './mensagens/presentation/mensagens-rpcs.ts';
import { type Idiomas, lerIdiomas } from './modelos/infrastructure/idiomas/idiomas.ts';
import { createModelos } from './modelos/infrastructure/modelos.ts';
import { createUnitOfWork } from './persistence/unit-of-work.ts';
import { AjustarPreferenciasHandler } from './preferencias/application/ajustar-preferencias.ts';
import { AtualizarPreferenciasHandler } from './preferencias/application/atualizar-preferencias.ts';
import { PreferenciasQueries } from './preferencias/application/preferencias-queries.ts';
import { createDescadastro } from './preferencias/composition.ts';
import type { DescadastroConfig } from './preferencias/infrastructure/descadastro-config.ts';
import { preferenciasRepeats, preferenciasRpcs } from './preferencias/presentation/preferencias-rpcs.ts';
import { RemoverContaHandler } from './remocoes/application/remover-conta.ts';
import { createRetornos } from './retornos/composition.ts';
import type { RetornosConfig } from './retornos/infrastructure/retornos-config.ts';
import { createFaixaDeSms, createTelefones } from './telefones/composition.ts';
import { numeracaoDe } from './telefones/infrastructure/numeracao.ts';
import type { TelefonesConfig } from './telefones/infrastructure/telefones-config.ts';
import { createWebhooks } from './webhooks/composition.ts';

/** Messages that one channel hands to its provider at the same time. */
const LOTE = 5;

/** What notificacoes needs of its surroundings. */
export type NotificacoesDeps = Pick<
  ServiceDeps<NotificacoesConfig>,
  'clock' | 'dataSource' | 'ids' | 'logger' | 'metrics'
> & {
  /** Those of the folder when left out. */
  readonly idiomas?: Idiomas;
  readonly config: Pick<
    NotificacoesConfig,
    | 'emailFrom'
    | 'authAddress'
    | 'serviceSecret'
    | 'webhookKeys'
    | 'webhookAllowLoopback'
    | 'mongodbUrl'
    | 'historyRetentionDays'
    | 'trustedProxies'
  > &
    EmailConfig &
    DescadastroConfig &
    PushConfig &
    Partial<RetornosConfig> &
    SmsConfig &
    TelefonesConfig;
};

/** Composition root of notificacoes. */
export function createNotificacoes({
  config,
  clock,
  dataSource,
  ids,
  logger,
  metrics,
  idiomas = lerIdiomas(),
}: NotificacoesDeps): ServiceParts {
  const modelos = createModelos(config.emailFrom, idiomas);
  const sql = autocommit(dataSource);
  const push = createPush({ config, logger, metrics });
  const numeracao = numeracaoDe(config.smsCountries);
  const sms = createSms({ config, clock, logger, metrics });
  const outros = [sms && ('SMS' as const), push && ('PUSH' as const)].filter((canal) => canal !== undefined);
  const uow = createUnitOfWork(dataSource, config.mongodbUrl !== undefined, outros);
  const workers = createWorkerMetrics(metrics.registry);
  const faixaDePush = (carteiro: PushCarteiro) =>
    new FaixaDePush({
      ...{ carteiro, modelos, clock, lote: LOTE },
      aparelhos: new PostgresAparelhos(sql, carteiro.tipos, MAXIMO_DISPOSITIVOS),
      semAnotacao: (err) => logger.warn({ err }, 'what became of a push message at its devices is not noted'),
    });
  const email = createEmail({ config, simultaneas: LOTE, logger, metrics });
  const descadastro = createDescadastro({ config, clock, idiomaDe: idiomas.para, uow });
  const envio = createEnvio({
    ...{ clock, dataSource, logger, metrics, workers, uow },
    faixas: [
      new FaixaDeEmail({ carteiro: email.carteiro, modelos, linkDe: descadastro.linkDe, lote: LOTE }),
      ...(sms
        ? [
            createFaixaDeSms({
              config,
              carteiro: sms.carteiro,
              modelos,
              lote: LOTE,
              clock,
              sql,
              uow,
              metrics,
            }),
          ]
        : []),
      ...(push ? [faixaDePush(push)] : []),
    ],
    encerrar: () => uow.run(({ remocoes }) => remocoes.concluir(clock.now(), LOTE)),
  });
  const { authAddress, serviceSecret: segredo } = config;
  const tokens = createServiceTokens({ authAddress, servico: 'notificacoes', segredo });
  const keys = createPersonalKeys({ authAddress, tokens, logger });
  const registrar = new RegistrarFatoHandler({ ids, clock, modelos, uow });
  const consulta = new PostgresConsultaDeNotificacoes(dataSource.manager);
  const historico = createHistorico({
    config,
    clock,
    dataSource,
    logger,
    metrics,
    workers,
    mensagens: consulta,
  });
  const preferencias = new PreferenciasQueries(uow);
  const { wake } = envio;
  const webhooks = createWebhooks({
    config,
    clock,
    dataSource,
    ids,
    logger,
    metrics,
    modelos,
    workerMetrics: workers,
  });
  const retornos = createRetornos({
    ...{ config, clock, dataSource, ids, logger, metrics, modelos, uow, wake },
    workerMetrics: workers,
  });
  const dispositivos = createDispositivos({ config, clock, dataSource, ids, modelos, uow, wake });
  return {
    services: [
      dadosPessoaisService(secoesDeNotificacoes(sql)),
      notificacoesService(
        preferenciasRepeats(preferencias),
        mensagensRpcs(new ListarNotificacoesHandler({ consulta, clock })),
        historico.rpcs,
        preferenciasRpcs({
          preferencias,
          atualizar: new AtualizarPreferenciasHandler({ clock, numeracao, uow }),
          ajustar: new AjustarPreferenciasHandler({ clock, idiomas: idiomas.codigos, uow }),
        }),
      ),
      contatosService(new NaoEntregaveis(uow)),
      createTelefones({ config, clock, ids, modelos, uow, ligado: sms !== undefined, wake }),
      dispositivos.service,
      webhooks.service,
    ],
    consumers: [
      contatosConsumer({
        registrar: new RegistrarContaHandler({ ids, clock, modelos, uow }),
        remover: new RemoverContaHandler({ ids, clock, modelos, uow }),
        keys,
        wake,
      }),
      administradoresConsumer(new PostgresAdministradores(sql)),
      avisosConsumer({ escrever: new EscreverAvisoHandler({ ids, clock, modelos, uow }), keys, wake }),
      reservasConsumer({ registrar, keys, wake }),
      pagamentosConsumer({ registrar, wake }),
      dispositivos.consumer,
      ...webhooks.consumers,
    ],
    looks: new AdminLooks({
      ...{ dataSource, clock, evento: DadosConsultadosSchema },
      clients: new ClientAddresses(config.trustedProxies),
    }),
    routes: [...descadastro.routes, ...retornos.routes],
    // Closed in the opposite order: the connections when no message is in hand any more.
    background: [
      ...[...email.background, ...(sms?.background ?? []), ...(push ? [closing('push', push)] : [])],
      ...[...envio.workers, ...historico.background],
      ...[...webhooks.background, ...retornos.background],
    ],
    connections: [keys, tokens],
  };
}
