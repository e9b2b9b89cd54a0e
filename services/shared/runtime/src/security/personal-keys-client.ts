import { Code, ConnectError } from '@connectrpc/connect';
import { PersonalKeysService } from '@plataforma/contratos/auth/v1/personal_keys_service_pb';
import type { Logger } from 'pino';
import { createBreaker } from '../deadlines/breaker.ts';
import { motivoDe } from '../errors/errors.ts';
import { createGrpcClient } from '../grpc/grpc-client.ts';
import {
  type PersonalKeys,
  PersonalKeysUnavailableError,
  PersonalKeyUnreadableError,
  RememberedPersonalKeys,
} from '../personal/personal-keys.ts';
import type { ServiceTokens } from './service-token.ts';

/** For token and call together, retries included: an event that goes without its texts waits so long. */
const TIMEOUT_MS = 2_000;
/** An outage costs its first callers the deadline, the others nothing. */
const RESET_MS = 5_000;
const AUDIENCE = 'auth';

interface Options {
  readonly authAddress: string;
  readonly tokens: Pick<ServiceTokens, 'tokenFor'>;
  readonly logger: Logger;
  readonly timeoutMs?: number;
}

/**
 * Keys of people from auth, with this service's own token, behind a breaker, and remembered as `RememberedPersonalKeys`
 * does. Whatever auth answers but a key, that there is none or that this one cannot be read (a token refused, too, which is a matter of its
 * configuration) counts as auth being away: events wait, and none is given up for it.
 */
export function createPersonalKeys(options: Options): PersonalKeys & { close(): void } {
  const { authAddress, tokens, logger, timeoutMs = TIMEOUT_MS } = options;
  const client = createGrpcClient(PersonalKeysService, {
    address: authAddress,
    timeoutMs,
    headers: async () => ({ authorization: `Bearer ${await tokens.tokenFor(AUDIENCE)}` }),
  });
  const breaker = createBreaker(
    'personal-keys',
    (usuarioId: string) => client.getPersonalKey({ usuarioId }),
    {
      ...{
        timeoutMs,
        resetMs: RESET_MS,
        successes: 1,
        isAnswer: (error) => isUnknown(error) || isUnreadable(error),
      },
      onStateChange: (state) => logger.warn({ breaker: 'personal-keys', state }, 'circuit breaker changed'),
    },
  );
  async function keyOf(personId: string): Promise<Buffer | undefined> {
    try {
      const { chave } = await breaker.fire(personId);
      return chave.length === 0 ? undefined : Buffer.from(chave);
    } catch (cause) {
      if (isUnknown(cause)) return undefined;
      if (isUnreadable(cause))
        throw new PersonalKeyUnreadableError('auth cannot read the key of a person', { cause });
      throw new PersonalKeysUnavailableError('auth does not hand out the key of a person', { cause });
    }
  }
  const remembered = new RememberedPersonalKeys({ keyOf });
  return {
    keyOf: (personId) => remembered.keyOf(personId),
    close() {
      breaker.close();
      client.close();
    },
  };
}

/** Nobody has that identifier, so nobody's data is behind it. */
const isUnknown = (error: unknown) =>
  error instanceof ConnectError && motivoDe(error) === 'USUARIO_NAO_ENCONTRADO';

/** A matter of that one key: auth is there, and has those of others. */
const isUnreadable = (error: unknown) => error instanceof ConnectError && error.code === Code.DataLoss;
