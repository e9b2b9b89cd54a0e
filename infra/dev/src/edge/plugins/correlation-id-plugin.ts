import { randomUUID } from 'node:crypto';
import { asBoolean, asString, onlyKeys, onlyValue, type Settings } from '../config/config-checks.ts';
import type { Exchange, Plugin, Reply } from '../http/exchange.ts';

/** Gives every request an id, kept when the client sent one, and shows it to both sides. */
export function correlationIdPlugin(config: Settings): Plugin {
  const where = 'plugin correlation-id';
  onlyKeys(config, ['header_name', 'generator', 'echo_downstream'], where);
  onlyValue(config, 'generator', ['uuid'], where);
  const header = asString(config.header_name, `${where} header_name`).toLowerCase();
  const echo = asBoolean(config.echo_downstream, `${where} echo_downstream`, false);
  return {
    name: 'correlation-id',
    priority: 100_001,
    rewrite(exchange: Exchange): void {
      if (!sentId(exchange)) exchange.upstreamHeaders[header] = randomUUID();
    },
    headerFilter(exchange: Exchange, reply: Reply): void {
      const id = sentId(exchange) || exchange.upstreamHeaders[header];
      if (echo && id !== undefined) reply.headers.set(header, id);
    },
  };

  /** The first one that the client has sent; further ones reach the service beside it. */
  function sentId({ request }: Exchange): string | undefined {
    return request.headersDistinct[header]?.[0];
  }
}
