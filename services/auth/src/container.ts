import { ClientAddresses } from '@plataforma/runtime/client-address';
import type { ServiceDeps, ServiceParts } from '@plataforma/runtime/service';
import { ensureAdmin } from './application/commands/ensure-admin.ts';
import { IssueServiceTokenHandler } from './application/commands/issue-service-token.ts';
import { LoginHandler } from './application/commands/login.ts';
import { RefreshHandler } from './application/commands/refresh.ts';
import { ResendVerificationHandler } from './application/commands/resend-verification.ts';
import { SignupHandler } from './application/commands/signup.ts';
import { UpdateUserHandler } from './application/commands/update-user.ts';
import { VerifyEmailHandler } from './application/commands/verify-email.ts';
import type { AuthConfig } from './config.ts';
import { sessaoVale } from './domain/usuario.ts';
import { Argon2Hasher } from './infrastructure/argon2-hasher.ts';
import { RedisAttempts } from './infrastructure/attempts/redis-attempts.ts';
import { TypeOrmUsuariosRepository } from './infrastructure/persistence/usuarios-repository.ts';
import { RedisSessions } from './infrastructure/sessions/redis-sessions.ts';
import { RefreshTokens } from './infrastructure/sessions/refresh-tokens.ts';
import { SignedEmailCodes } from './infrastructure/tokens/email-codes.ts';
import { JwtIssuer } from './infrastructure/tokens/jwt-issuer.ts';
import { deriveKey } from './infrastructure/tokens/secret-box.ts';
import { ConfiguredServiceClients } from './infrastructure/tokens/service-clients.ts';
import { SigningKeys } from './infrastructure/tokens/signing-keys.ts';
import { authService } from './presentation/grpc/auth-service.ts';
import { serviceTokensService } from './presentation/grpc/service-tokens-service.ts';
import { usersService } from './presentation/grpc/users-service.ts';
import { jwksRoute } from './presentation/http/jwks.ts';

/** What auth needs of its surroundings. */
export type AuthDeps = Pick<ServiceDeps<AuthConfig>, 'clock' | 'dataSource' | 'redis' | 'ids' | 'logger'> & {
  readonly config: Pick<
    AuthConfig,
    | 'masterKey'
    | 'serviceClients'
    | 'trustedProxies'
    | 'credentialsPerMinute'
    | 'adminEmail'
    | 'adminPassword'
    | 'jwtIssuer'
    | 'jwtAudience'
  >;
};

/** Composition root of auth. */
export async function createAuth({
  config,
  clock,
  dataSource,
  redis,
  ids,
  logger,
}: AuthDeps): Promise<ServiceParts> {
  const keys = new SigningKeys({
    dataSource,
    clock,
    encryptionKey: deriveKey(config.masterKey, 'signing-keys'),
    logger,
  });
  // Whoever cannot read the key had better not start.
  await keys.active();
  const tokens = new JwtIssuer({
    keys,
    clock,
    issuer: config.jwtIssuer,
    audience: config.jwtAudience,
  });
  const sessions = new RedisSessions({
    redis,
    clock,
    tokens: new RefreshTokens({
      rotation: deriveKey(config.masterKey, 'refresh-tokens'),
      origin: deriveKey(config.masterKey, 'refresh-origin'),
    }),
  });
  const usuarios = new TypeOrmUsuariosRepository(dataSource);
  const hasher = new Argon2Hasher();
  const attempts = new RedisAttempts({ redis, clock, perMinute: config.credentialsPerMinute });
  const codigos = new SignedEmailCodes(deriveKey(config.masterKey, 'email-codes'));
  const signup = new SignupHandler({ usuarios, hasher, codigos, attempts, ids, clock });
  await createFirstAdmin({ usuarios, signup }, config, logger);
  return {
    services: [
      authService({
        signup,
        login: new LoginHandler({ usuarios, hasher, sessions, tokens, attempts }),
        refresh: new RefreshHandler({ usuarios, sessions, tokens }),
        verifyEmail: new VerifyEmailHandler({ usuarios, codigos, clock }),
        resendVerification: new ResendVerificationHandler({ usuarios, codigos, clock }),
        sessions,
        clients: new ClientAddresses(config.trustedProxies),
      }),
      usersService(usuarios, new UpdateUserHandler({ usuarios, clock })),
      serviceTokensService(
        new IssueServiceTokenHandler({
          clients: new ConfiguredServiceClients(config.serviceClients),
          tokens,
        }),
      ),
    ],
    routes: [jwksRoute(keys)],
    endedSessions: {
      async ended({ id, geracao }) {
        const usuario = await usuarios.findById(id);
        return !usuario || !sessaoVale(usuario.estado, geracao);
      },
    },
  };
}

async function createFirstAdmin(
  deps: Parameters<typeof ensureAdmin>[0],
  { adminEmail, adminPassword }: AuthDeps['config'],
  logger: AuthDeps['logger'],
): Promise<void> {
  if (adminEmail === undefined || adminPassword === undefined) return;
  const outcome = await ensureAdmin(deps, { email: adminEmail, senha: adminPassword });
  if (outcome === 'created') logger.info('the first administrator was created');
}
