import type { JsonObject } from '@bufbuild/protobuf';
import { type Credentials, type Grant, RenewedToken } from './credentials.ts';
import { ErroDaPlataforma, erroFrom, type Motivo, retryAfterOf } from './erro.ts';
import type { Plataforma } from './plataforma.ts';
import { withRetries } from './retries.ts';
import { wholeAnswers } from './transport.ts';

/** A key of a program, as `ChavesApiService` has answered it once. */
export interface ChaveDoPrograma {
  readonly id: string;
  readonly segredo: string;
  /** Fewer scopes than the key has, for this program. All of them when left out. */
  readonly escopos?: readonly string[];
}

/** What the statuses of HTTP are called that an issuer of tokens, and a gateway before it, answers. */
const CODES: Readonly<Record<number, string>> = {
  400: 'invalid_argument',
  401: 'unauthenticated',
  403: 'permission_denied',
  404: 'not_found',
  429: 'resource_exhausted',
  500: 'internal',
  502: 'unavailable',
  503: 'unavailable',
  504: 'deadline_exceeded',
};

/** Calls by an API key: its tokens (OAuth 2.0 client credentials) are fetched as they are needed. */
export function apiKey({ route }: Plataforma, chave: ChaveDoPrograma): Credentials {
  const send = wholeAnswers(route.fetch);
  return new RenewedToken(() => {
    const limits = { signal: undefined, deadline: performance.now() + route.timeoutMs };
    return withRetries(route.attempts, limits, (ms) =>
      ask(send, `${route.url}/api/v1/oauth/token`, chave, ms),
    );
  });
}

/** What there is of an answer, by RFC 6749, 5.1 and 5.2, or of a refusal by the gateway, which has the body of every error. */
interface Answer {
  readonly access_token?: unknown;
  readonly expires_in?: unknown;
  readonly error?: unknown;
  readonly error_description?: unknown;
  readonly message?: unknown;
  readonly reason?: unknown;
}

async function ask(send: typeof fetch, url: string, chave: ChaveDoPrograma, ms: number): Promise<Grant> {
  const requestId = crypto.randomUUID();
  const scope: Record<string, string> = chave.escopos ? { scope: chave.escopos.join(' ') } : {};
  const response = await send(url, {
    method: 'POST',
    headers: { authorization: basic(chave), 'x-request-id': requestId },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...scope }),
    redirect: 'error',
    signal: AbortSignal.timeout(ms),
  }).catch((thrown: unknown) => {
    throw erroFrom(thrown, requestId);
  });
  const answer = (await response.json().catch(() => ({}))) as Answer;
  const { access_token: accessToken, expires_in: expiresIn } = answer;
  if (response.ok && typeof accessToken === 'string' && typeof expiresIn === 'number')
    return { accessToken, expiresIn };
  throw refusal(response, answer, requestId);
}

function refusal({ status, headers }: Response, answer: Answer, requestId: string): ErroDaPlataforma {
  const { error, error_description: description, message, reason } = answer;
  const texts = [description, message, 'A plataforma não emitiu um token para a chave.'];
  const details: JsonObject = typeof error === 'string' ? { error } : {};
  return new ErroDaPlataforma(texts.find((text) => typeof text === 'string') ?? '', {
    code: CODES[status] ?? 'unknown',
    reason: typeof reason === 'string' ? (reason as Motivo) : undefined,
    requestId: headers.get('x-request-id') ?? requestId,
    details,
    retryAfterSeconds: retryAfterOf(headers),
  });
}

/** Both parts are encoded as in a form first, says RFC 6749, 2.3.1. */
function basic({ id, segredo }: ChaveDoPrograma): string {
  const encoded = (text: string) => new URLSearchParams({ '': text }).toString().slice(1);
  return `Basic ${btoa(`${encoded(id)}:${encoded(segredo)}`)}`;
}
