import { ClientAddresses } from '@plataforma/runtime/client-address';
import { inTurn } from '@plataforma/runtime/one-by-one';
import type { ServiceDeps, ServiceParts } from '@plataforma/runtime/service';
import type { commonFields } from '@plataforma/runtime/service-config';
import { autocommit } from '@plataforma/runtime/transaction';
import { Worker } from '@plataforma/runtime/worker';
import { createWorkerMetrics } from '@plataforma/runtime/worker-metrics';
import { ListarEventosHandler } from './auditoria/application/listar-eventos.ts';
import { ListarMeusEventosHandler } from './auditoria/application/listar-meus-eventos.ts';
import { RegistrarConsultaHandler } from './auditoria/application/registrar-consulta.ts';
import { consultasConsumers } from './auditoria/infrastructure/consultas-consumers.ts';
import { PostgresEventos } from './auditoria/infrastructure/eventos-repository.ts';
import { limpezaDeEventos } from './auditoria/infrastructure/limpeza.ts';
import { createObservadorDaAuditoria } from './auditoria/infrastructure/observador.ts';
import { semImpedir } from './auditoria/infrastructure/sem-impedir.ts';
import { auditService } from './auditoria/presentation/audit-service.ts';
import { createChaves } from './chaves/composition.ts';
import type { AuthConfig } from './config.ts';
import { ConfirmAdministrator } from './contas/application/confirm-administrator.ts';
import { composeContas } from './contas/composition.ts';
import { sessaoVale } from './contas/domain/usuario.ts';
import { PostgresUsuariosRepository } from './contas/infrastructure/usuarios-repository.ts';
import { usersService } from './contas/presentation/users-service.ts';
import { authService } from './contrato/presentation/auth-service.ts';
import { origemPor } from './contrato/presentation/origem.ts';
import { ConfirmOwner } from './credenciais/application/confirm-owner.ts';
import { Argon2Hasher } from './credenciais/infrastructure/argon2-hasher.ts';
import { SignedDeviceTokens } from './credenciais/infrastructure/device-tokens.ts';
import { RedisAttempts } from './credenciais/infrastructure/redis-attempts.ts';
import { ZxcvbnPolicy } from './credenciais/infrastructure/zxcvbn-policy.ts';
import { ConfirmEmailChangeHandler } from './enderecos/application/confirm-email-change.ts';
import { UpdateMeHandler } from './enderecos/application/update-me.ts';
import { codigosDeTroca } from './enderecos/infrastructure/codigos.ts';
import { limpezaDeDeixados } from './enderecos/infrastructure/deixados-vencidos.ts';
import { enderecosRpcs } from './enderecos/presentation/enderecos-rpcs.ts';
import { createExportacoes } from './exportacoes/composition.ts';
import { RandomSecrets } from './fatores/infrastructure/random-secrets.ts';
import { SeededRecoveryCodes } from './fatores/infrastructure/recovery-codes.ts';
import { PostgresSegredosDeAplicativos } from './fatores/infrastructure/segredos-de-aplicativos.ts';
import { SpeakeasyTotp } from './fatores/infrastructure/speakeasy-totp.ts';
import { composeGoogle } from './google/composition.ts';
import { composeIntegracoes } from './integracoes/composition.ts';
import { limpezaDeChaves } from './integracoes/infrastructure/limpeza.ts';
import { composeMfa } from './mfa/composition.ts';
import { RedisPendingLogins } from './mfa/infrastructure/redis-pending-logins.ts';
import { composePasskeys } from './passkeys/composition.ts';
import { createUnitOfWork } from './persistence/unit-of-work.ts';
import { createPessoais } from './pessoais/composition.ts';
import { composeRemocoes } from './remocoes/composition.ts';
import { limpezaDeAcessos } from './remocoes/infrastructure/acessos-antigos.ts';
import { createSelador } from './selos/composition.ts';
import { deriveKey } from './selos/infrastructure/secret-box.ts';
import { Selos } from './selos/infrastructure/selos.ts';
import { composeSenhas } from './senhas/composition.ts';
import { IssueServiceTokenHandler } from './servicos/application/issue-service-token.ts';
import { ConfiguredServiceClients } from './servicos/infrastructure/service-clients.ts';
import { serviceTokensService } from './servicos/presentation/service-tokens-service.ts';
import { EndSession } from './sessoes/application/end-session.ts';
import { LetInHandler } from './sessoes/application/let-in.ts';
import { LoginHandler } from './sessoes/application/login.ts';
import { LogoutHandler } from './sessoes/application/logout.ts';
import { OpenSession } from './sessoes/application/open-session.ts';
import { RefreshHandler } from './sessoes/application/refresh.ts';
import { RevokeOtherSessionsHandler } from './sessoes/application/revoke-other-sessions.ts';
import { RevokeSessionHandler } from './sessoes/application/revoke-session.ts';
import { SessoesQueries } from './sessoes/application/sessoes-queries.ts';
import { PostgresConsultaDeEncerramentos } from './sessoes/infrastructure/encerramentos-repository.ts';
import { limpezaDeSessoes } from './sessoes/infrastructure/limpeza.ts';
import { RedisEntradas } from './sessoes/infrastructure/redis-entradas.ts';
import { RedisSessions } from './sessoes/infrastructure/redis-sessions.ts';
import { RefreshTokens } from './sessoes/infrastructure/refresh-tokens.ts';
import { sessoesRepeats, sessoesRpcs } from './sessoes/presentation/sessoes-rpcs.ts';

/** What auth needs of its surroundings. */
export type AuthDeps = Pick<
  ServiceDeps<AuthConfig>,
  'clock' | 'dataSource' | 'redis' | 'ids' | 'logger' | 'metrics' | 'endedSessions'
> & {
  readonly config: Omit<AuthConfig, keyof typeof commonFields> &
    Pick<AuthConfig, 'jwtAudience' | 'jwtIssuer' | 'trustedProxies'>;
};

const LOTE_DA_LIMPEZA = 1_000;
const LIMPEZA_A_CADA_MS = 3_600_000;

/** Composition root of auth. */
export async function createAuth({
  config,
  clock,
  dataSource,
  redis,
  ids,
  logger,
  metrics,
  endedSessions,
}: AuthDeps): Promise<ServiceParts> {
  const workerMetrics = createWorkerMetrics(metrics.registry);
  const chaves = await createChaves({ config, clock, dataSource, logger, workerMetrics });
  const { tokens, statements: signer } = chaves;
  const pessoais = await createPessoais({
    ...{ config, dataSource, logger, workerMetrics, registry: metrics.registry },
  });
  const sessions = new RedisSessions({
    redis,
    clock,
    tokens: new RefreshTokens({
      rotation: deriveKey(config.masterKey, 'refresh-tokens'),
      origin: deriveKey(config.masterKey, 'refresh-origin'),
    }),
  });
  const consulta = new PostgresUsuariosRepository(autocommit(dataSource));
  const totp = new SpeakeasyTotp();
  const recuperacao = new SeededRecoveryCodes(deriveKey(config.masterKey, 'recovery-codes'));
  const selos = new Selos(config, 'totp-secrets');
  const observador = createObservadorDaAuditoria(metrics);
  const eventos = new PostgresEventos(autocommit(dataSource), observador);
  const fatores = { selos, codigos: recuperacao, totp };
  const uow = createUnitOfWork(dataSource, endedSessions, observador, fatores, pessoais.selos);
  const endSession = new EndSession({ sessions, uow, clock });
  const granting = { tokens, adminsPrecisamDeFator: config.mfaRequiredForAdmins };
  const devices = new SignedDeviceTokens({ key: deriveKey(config.masterKey, 'device-tokens'), clock });
  const entradas = new RedisEntradas({ redis, clock, key: deriveKey(config.masterKey, 'known-logins') });
  const openSession = new OpenSession({
    ...{ sessions, endSession, entradas, devices, consulta, uow, clock, ...granting },
  });
  const logins = new RedisPendingLogins(redis);
  const letIn = new LetInHandler({ openSession, logins });
  const hasher = new Argon2Hasher({
    memoryKiB: config.passwordHashKib,
    passes: config.passwordHashPasses,
    peppers: config.passwordPeppers ?? [],
  });
  const policy = new ZxcvbnPolicy({
    minLength: config.passwordMinLength,
    minScore: config.passwordMinScore,
  });
  const attempts = new RedisAttempts({ redis, clock, perMinute: config.credentialsPerMinute });
  const clients = new ClientAddresses(config.trustedProxies);
  const origemDe = origemPor(clients);
  const confirmOwner = new ConfirmOwner({ hasher, attempts, devices, auditoria: eventos, clock });
  const confirmAdministrator = new ConfirmAdministrator({ consulta, confirmOwner });
  const mfa = composeMfa({
    ...{ consulta, uow, codigos: recuperacao, totp, logins, openSession, sessions, clock, origemDe },
    ...{ confirmOwner, confirmAdministrator },
    segredos: new RandomSecrets(),
  });
  const passkeys = composePasskeys({
    ...{ config, redis, dataSource, consulta, uow, codigos: recuperacao, sessions, clock, origemDe },
    ...{ confirmOwner, attempts, logins, openSession },
  });
  const google = composeGoogle({
    ...{ config, redis, dataSource, consulta, uow, attempts, letIn, ids, clock, origemDe, logger },
    ...{ confirmOwner, sessions, auditoria: eventos },
  });
  const remocoes = composeRemocoes({
    ...{ consulta, uow, confirmOwner, sessions, dataSource, metrics, clock, origemDe },
    ...{ confirmAdministrator, auditoria: eventos, logger, workerMetrics },
  });
  const sessoes = new SessoesQueries({
    ...{ consulta, sessions },
    encerramentos: new PostgresConsultaDeEncerramentos(autocommit(dataSource)),
  });
  const revokeOthers = new RevokeOtherSessionsHandler({ queries: sessoes, sessions, uow, clock });
  const exportacoes = createExportacoes({
    ...{ config, dataSource, consulta, uow, confirmOwner, sessoes, signer, origemDe, clock, logger },
    ...{ auditoria: eventos, tokens, workerMetrics, endedSessions },
  });
  const integracoes = composeIntegracoes({
    ...{
      dataSource,
      consulta,
      uow,
      confirmOwner,
      attempts,
      auditoria: eventos,
      clock,
      origemDe,
      ...granting,
    },
    key: deriveKey(config.masterKey, 'api-keys'),
  });
  const senhas = composeSenhas({
    ...{ dataSource, consulta, uow, policy, hasher, attempts, confirmOwner, sessions, clock, origemDe },
    ...{ auditoria: eventos, devices, logger, workerMetrics },
  });
  const contas = composeContas({
    ...{ dataSource, consulta, uow, policy, hasher, attempts, ids, clock, origemDe, logger },
    ...{ confirmAdministrator, auditoria: eventos, key: deriveKey(config.masterKey, 'email-codes') },
  });
  const limpeza = new Worker({
    ...{ name: 'purge', batch: LOTE_DA_LIMPEZA, intervalMs: LIMPEZA_A_CADA_MS, logger },
    metrics: workerMetrics,
    work: inTurn({
      eventos: limpezaDeEventos(dataSource),
      acessos: limpezaDeAcessos(dataSource),
      sessoes: limpezaDeSessoes(dataSource),
      deixados: limpezaDeDeixados(dataSource),
      chaves: limpezaDeChaves(dataSource),
    }),
  });
  const selador = createSelador({
    ...{ name: 'fatores', selos, dataSource, logger, workerMetrics },
    segredos: (sql) => new PostgresSegredosDeAplicativos(sql),
  });
  await contas.createFirstAdmin(config.adminEmail, config.adminPassword);
  return {
    services: [
      authService(
        { ...mfa.repeats, ...google.repeats, ...sessoesRepeats(revokeOthers) },
        mfa.rpcs,
        google.rpcs,
        contas.rpcs,
        sessoesRpcs({
          login: new LoginHandler({
            ...{ consulta, uow, hasher, attempts, devices, letIn, auditoria: eventos, clock },
          }),
          refresh: new RefreshHandler({ consulta, sessions, endSession, ...granting }),
          logout: new LogoutHandler({ sessions, endSession }),
          queries: sessoes,
          revoke: new RevokeSessionHandler({ sessions, endSession }),
          revokeOthers,
          origemDe,
        }),
        senhas.rpcs,
      ),
      passkeys,
      usersService(
        contas.users,
        remocoes.users.repeats,
        remocoes.users.rpcs,
        mfa.usersRpcs,
        enderecosRpcs({
          updateMe: new UpdateMeHandler({ consulta, uow, confirmOwner, codigos: codigosDeTroca, clock }),
          confirmEmailChange: new ConfirmEmailChangeHandler({
            uow,
            sessions,
            codigos: codigosDeTroca,
            clock,
          }),
          origemDe,
        }),
      ),
      remocoes.service,
      serviceTokensService(
        new IssueServiceTokenHandler({
          clients: new ConfiguredServiceClients(config.serviceClients),
          tokens,
          auditoria: semImpedir(eventos, logger),
          clock,
        }),
        origemDe,
      ),
      exportacoes.service,
      pessoais.service,
      integracoes.service,
      auditService({
        listar: new ListarEventosHandler({ consulta: eventos, auditoria: eventos, clock }),
        listarMeus: new ListarMeusEventosHandler({
          consulta: eventos,
          titulares: {
            verificou: async (id) => (await consulta.findById(id))?.estado.emailVerificado === true,
          },
        }),
        origemDe,
      }),
    ],
    routes: [chaves.route, exportacoes.route, integracoes.route],
    consumers: [...remocoes.consumers, ...consultasConsumers(new RegistrarConsultaHandler({ uow }))],
    background: [
      chaves.worker,
      ...pessoais.workers,
      senhas.worker,
      remocoes.worker,
      limpeza,
      selador,
      ...exportacoes.background,
    ],
    personal: pessoais.personal,
    accountSessions: {
      async ended({ id, geracao }) {
        const usuario = await consulta.findById(id);
        return !usuario || !sessaoVale(usuario.estado, geracao);
      },
    },
  };
}
