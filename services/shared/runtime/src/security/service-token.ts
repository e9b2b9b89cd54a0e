import { ServiceTokensService } from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import { createGrpcClient } from '../grpc/grpc-client.ts';

const TIMEOUT_MS = 5_000;
/** A token this close to its end might not survive the call it is sent with. */
const SAFETY_MS = 5_000;
/** Share of its life after which a token is replaced, while it still can be used. */
const REFRESH_FRACTION = 0.75;

export interface ServiceTokens {
  /**
   * A token that `audience` accepts from this service, for `authorization: Bearer`. Rejects with `ConnectError`:
   * UNAVAILABLE when auth cannot be reached, UNAUTHENTICATED when it does not know the secret.
   */
  tokenFor(audience: string): Promise<string>;
  close(): void;
}

interface CachedToken {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly refreshAt: number;
  readonly expiresAt: number;
}

/**
 * Tokens with which this service calls others on its own behalf. One per audience, fetched once at a time and
 * replaced ahead of its end, so that a short outage of auth goes unnoticed.
 */
export function createServiceTokens(options: {
  authAddress: string;
  servico: string;
  segredo: string;
}): ServiceTokens {
  const { authAddress, servico, segredo } = options;
  const client = createGrpcClient(ServiceTokensService, { address: authAddress, timeoutMs: TIMEOUT_MS });
  const cached = new Map<string, CachedToken>();
  const pending = new Map<string, Promise<string>>();

  async function issue(audiencia: string): Promise<string> {
    try {
      const issued = await client.issueServiceToken({ servico, segredo, audiencia });
      const now = Date.now();
      const lifeMs = issued.expiresIn * 1_000;
      const token = {
        value: issued.accessToken,
        refreshAt: now + lifeMs * REFRESH_FRACTION,
        expiresAt: now + lifeMs,
      };
      cached.set(audiencia, token);
      return token.value;
    } finally {
      pending.delete(audiencia);
    }
  }

  function fetchOnce(audience: string): Promise<string> {
    const running = pending.get(audience);
    if (running) return running;
    const started = issue(audience);
    pending.set(audience, started);
    return started;
  }

  return {
    async tokenFor(audience) {
      const token = cached.get(audience);
      const now = Date.now();
      if (token === undefined || now >= token.expiresAt - SAFETY_MS) return fetchOnce(audience);
      // A failed replacement only matters once this token has ended; then the caller gets the error.
      if (now >= token.refreshAt) fetchOnce(audience).catch(() => undefined);
      return token.value;
    },
    close: () => client.close(),
  };
}
