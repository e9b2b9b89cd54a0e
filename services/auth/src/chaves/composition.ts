import type { Clock } from '@plataforma/domain/clock';
import type { HttpRoute } from '@plataforma/runtime/http-routes';
import type { Logger } from '@plataforma/runtime/logger';
import { Worker } from '@plataforma/runtime/worker';
import type { WorkerMetrics } from '@plataforma/runtime/worker-metrics';
import type { DataSource } from 'typeorm';
import { Selos } from '../selos/infrastructure/selos.ts';
import type { StatementSigner, TokenIssuer } from './application/ports.ts';
import { RotateKeysHandler } from './application/rotate-keys.ts';
import { WithdrawKeysHandler } from './application/withdraw-keys.ts';
import type { ChavesConfig } from './infrastructure/chaves-config.ts';
import { PostgresChavesRepository } from './infrastructure/chaves-repository.ts';
import { HttpCanary } from './infrastructure/http-canary.ts';
import { JwtIssuer } from './infrastructure/jwt-issuer.ts';
import { rotationWork } from './infrastructure/rotation-work.ts';
import { SigningKeys } from './infrastructure/signing-keys.ts';
import { jwksRoute } from './presentation/jwks.ts';

const LOOK_MS = 5_000;
const DAY_MS = 86_400_000;

/** What the keys need of their surroundings. */
export interface ChavesDeps {
  readonly config: ChavesConfig & { readonly jwtIssuer: string };
  readonly clock: Clock;
  readonly dataSource: DataSource;
}

/** What replaces and withdraws keys: for the service and for `keys:rotate`. */
export function createRotation({ config, clock, dataSource }: ChavesDeps) {
  const { canaryUrls: urls, jwtIssuer: issuer } = config;
  const chaves = new PostgresChavesRepository({
    dataSource,
    clock,
    selos: new Selos(config, 'signing-keys'),
  });
  const canario = new HttpCanary({ urls, clock, issuer });
  return {
    chaves,
    rotate: new RotateKeysHandler({ chaves, canario, clock }),
    withdraw: new WithdrawKeysHandler({ chaves, canario }),
  };
}

/** The room: who signs, what is published, and who replaces the key in time. */
export async function createChaves(
  deps: ChavesDeps & {
    readonly config: { readonly jwtAudience: string };
    readonly logger: Logger;
    readonly workerMetrics: WorkerMetrics;
  },
): Promise<{ tokens: TokenIssuer; statements: StatementSigner; route: HttpRoute; worker: Worker }> {
  const { config, clock, logger, workerMetrics: metrics } = deps;
  const { chaves, rotate } = createRotation(deps);
  const keys = new SigningKeys({ chaves, clock, logger });
  // A process that cannot read the key had better not start.
  await keys.active();
  const automatic = config.canaryUrls.length > 0;
  if (!automatic)
    logger.warn('CANARY_URLS is not set: the signing key is not replaced unless somebody does it');
  return {
    tokens: new JwtIssuer({ keys, clock, issuer: config.jwtIssuer, audience: config.jwtAudience }),
    statements: { sign: async (typ, statement) => (await keys.active()).signStatement(typ, statement) },
    route: jwksRoute(chaves),
    worker: new Worker({
      ...{ name: 'chaves', intervalMs: LOOK_MS, logger, metrics },
      work: rotationWork({
        ...{ chaves, logger, vencimentoMs: config.signingKeyDays * DAY_MS },
        rotate: automatic ? rotate : undefined,
      }),
    }),
  };
}
