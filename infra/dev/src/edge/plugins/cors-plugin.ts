import { asInteger, asStrings, EdgeConfigError, onlyKeys, type Settings } from '../config/config-checks.ts';
import type { Exchange, Headers, Plugin, Reply } from '../http/exchange.ts';

const CREDENTIALS = 'access-control-allow-credentials';

/**
 * Answers preflights before any other plugin and marks every reply with the allowed origin. Like Kong it says that credentials may be sent
 * whoever asks: a browser goes by it only for the origin that is allowed beside it.
 */
export function corsPlugin(config: Settings): Plugin {
  const where = 'plugin cors';
  onlyKeys(config, ['origins', 'methods', 'headers', 'exposed_headers', 'max_age', 'credentials'], where);
  const origins = asStrings(config.origins, `${where} origins`);
  refuseExpressions(origins);
  const credentials = config.credentials === true;
  // Kong would answer every origin that asks, with credentials.
  if (credentials && (origins.length === 0 || origins.includes('*')))
    throw new EdgeConfigError(`${where}: credentials for every origin`);
  const preflight = preflightHeaders(config, where);
  const exposed = asStrings(config.exposed_headers, `${where} exposed_headers`).join(',');
  const preflights = new WeakSet<Exchange>();
  return {
    name: 'cors',
    priority: 2000,
    access(exchange: Exchange): Reply | undefined {
      if (!isPreflight(exchange)) return undefined;
      preflights.add(exchange);
      const headers: Headers = new Map(preflight);
      allowOrigin(headers, origins, exchange);
      if (credentials) headers.set(CREDENTIALS, 'true');
      return { status: 200, headers, body: Buffer.alloc(0), source: 'exit' };
    },
    headerFilter(exchange: Exchange, reply: Reply): void {
      if (preflights.has(exchange)) return;
      allowOrigin(reply.headers, origins, exchange);
      if (credentials) reply.headers.set(CREDENTIALS, 'true');
      if (exposed !== '') reply.headers.set('access-control-expose-headers', exposed);
    },
  };
}

function refuseExpressions(origins: readonly string[]): void {
  const expression = origins.find((origin) => origin !== '*' && !/^[A-Za-z0-9.:/-]+$/.test(origin));
  if (expression) throw new EdgeConfigError(`plugin cors: the expression "${expression}" is not implemented`);
}

function preflightHeaders(config: Settings, where: string): Headers {
  return new Map([
    ['access-control-allow-headers', asStrings(config.headers, `${where} headers`).join(',')],
    ['access-control-allow-methods', asStrings(config.methods, `${where} methods`).join(',')],
    ['access-control-max-age', String(asInteger(config.max_age, `${where} max_age`))],
  ]);
}

function isPreflight({ method, request }: Exchange): boolean {
  const { origin, 'access-control-request-method': wanted } = request.headers;
  return method === 'OPTIONS' && origin !== undefined && wanted !== undefined;
}

/** A single configured origin is always answered; of several, the one that asks. */
function allowOrigin(headers: Headers, origins: readonly string[], exchange: Exchange): void {
  const [first] = origins;
  if (first === undefined || first === '*') {
    headers.set('access-control-allow-origin', '*');
    return;
  }
  headers.set('vary', 'Origin');
  const asking = exchange.request.headers.origin;
  const allowed = origins.length === 1 ? first : origins.find((origin) => origin === asking);
  if (allowed === undefined) headers.delete('access-control-allow-origin');
  else headers.set('access-control-allow-origin', allowed);
}
