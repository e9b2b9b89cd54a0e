import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Logger } from '@plataforma/runtime/logger';
import { autocommit } from '@plataforma/runtime/transaction';
import type { Redis } from 'ioredis';
import type { DataSource } from 'typeorm';
import type { Auditoria } from '../auditoria/application/ports.ts';
import type { ConsultaDeUsuarios } from '../contas/application/ports.ts';
import type { AuthRpcs } from '../contrato/presentation/auth-service.ts';
import { valueOrThrow } from '../contrato/presentation/errors.ts';
import type { OrigemDe } from '../contrato/presentation/origem.ts';
import type { ConfirmOwner } from '../credenciais/application/confirm-owner.ts';
import type { Attempts } from '../credenciais/application/ports.ts';
import { type MasterKeys, Selos } from '../selos/infrastructure/selos.ts';
import type { LetInHandler } from '../sessoes/application/let-in.ts';
import type { Sessions } from '../sessoes/application/ports.ts';
import { FinishGoogleHandler } from './application/finish-google.ts';
import { LinkGoogleHandler } from './application/link-google.ts';
import type { Transacao } from './application/ports.ts';
import { StartGoogleHandler } from './application/start-google.ts';
import { StartGoogleLinkHandler } from './application/start-google-link.ts';
import { UnlinkGoogleHandler } from './application/unlink-google.ts';
import { GoogleIndisponivelError } from './domain/recusa.ts';
import { OidcEmissor } from './infrastructure/oidc-emissor.ts';
import { RedisTentativas } from './infrastructure/redis-tentativas.ts';
import { PostgresVinculosRepository } from './infrastructure/vinculos-repository.ts';
import { BrowserCookie } from './presentation/browser-cookie.ts';
import { googleRepeats, googleRpcs, unlinkRpc } from './presentation/google-rpcs.ts';

/** The issuer, and this installation as it is registered there. */
export interface GoogleConfig {
  readonly googleIssuer: string;
  readonly googleClientId: string | undefined;
  readonly googleClientSecret: string | undefined;
  readonly googleRedirectUris: readonly string[];
}

interface Deps {
  readonly config: GoogleConfig & MasterKeys;
  readonly redis: Redis;
  readonly dataSource: DataSource;
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById' | 'findByEmail'>;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly attempts: Attempts;
  readonly letIn: LetInHandler;
  readonly confirmOwner: ConfirmOwner;
  readonly auditoria: Auditoria;
  readonly sessions: Pick<Sessions, 'carryOver'>;
  readonly ids: IdGenerator;
  readonly clock: Clock;
  readonly origemDe: OrigemDe;
  readonly logger: Logger;
}

/** What Google brings to the contract; without a registration there every call that needs it is refused. */
export function composeGoogle(deps: Deps) {
  const unlink = new UnlinkGoogleHandler(deps);
  return {
    rpcs: { ...composeLogin(deps), ...unlinkRpc(unlink, deps.origemDe) } satisfies AuthRpcs,
    repeats: googleRepeats,
  };
}

function composeLogin({ config, redis, dataSource, origemDe, logger, ...deps }: Deps): AuthRpcs {
  const { googleIssuer: issuer, googleClientId: clientId, googleClientSecret: clientSecret } = config;
  const redirectUris = config.googleRedirectUris.map(exactAddress);
  if ((clientId === undefined) !== (clientSecret === undefined))
    throw new Error('GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET belong together');
  if (clientId === undefined || clientSecret === undefined)
    return { startGoogle: refused, finishGoogle: refused, startGoogleLink: refused, linkGoogle: refused };
  const emissor = new OidcEmissor({ issuer, clientId, clientSecret, logger });
  const tentativas = new RedisTentativas(redis, new Selos(config, 'google-logins'));
  const vinculos = new PostgresVinculosRepository(autocommit(dataSource));
  return googleRpcs({
    start: new StartGoogleHandler({ ...deps, emissor, tentativas, redirectUris }),
    finish: new FinishGoogleHandler({ ...deps, emissor, tentativas, vinculos }),
    startLink: new StartGoogleLinkHandler({ ...deps, emissor, tentativas, redirectUris }),
    link: new LinkGoogleHandler({ ...deps, emissor, tentativas }),
    // The issuer on plain HTTP is the one of a machine without TLS.
    cookie: new BrowserCookie({ secure: new URL(issuer).protocol === 'https:' }),
    origemDe,
  });
}

async function refused(): Promise<never> {
  return valueOrThrow(Result.fail(new GoogleIndisponivelError())) as never;
}

/** @throws Error for an address that would be sent to the issuer in another form than it is written in. */
function exactAddress(uri: string): string {
  const exact = URL.canParse(uri) && new URL(uri).href === uri && !/[?#]/.test(uri);
  if (!exact)
    throw new Error(`GOOGLE_REDIRECT_URIS: "${uri}" is no address in full and normal form without a query`);
  return uri;
}
