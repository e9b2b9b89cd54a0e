import { asInteger, onlyKeys, onlyValue, type Settings } from '../config/config-checks.ts';
import type { Exchange, Plugin, Reply } from '../http/exchange.ts';
import { kongError } from '../http/kong-replies.ts';

const UNITS: Record<string, number> = { bytes: 1, kilobytes: 1024, megabytes: 1024 * 1024 };

/** Refuses bodies above a limit, by their announced length or, without one, by what arrived. */
export function requestSizeLimitingPlugin(config: Settings): Plugin {
  const where = 'plugin request-size-limiting';
  onlyKeys(config, ['allowed_payload_size', 'size_unit'], where);
  onlyValue(config, 'size_unit', Object.keys(UNITS), where);
  const unit = UNITS[String(config.size_unit ?? 'megabytes')] ?? 1;
  const maxBytes = asInteger(config.allowed_payload_size, `${where} allowed_payload_size`, 128) * unit;
  return {
    name: 'request-size-limiting',
    priority: 951,
    async access(exchange: Exchange): Promise<Reply | undefined> {
      const announced = exchange.request.headers['content-length'];
      const size = announced === undefined ? (await exchange.readBody()).length : Number(announced);
      return size > maxBytes ? kongError(exchange, 413, 'Request size limit exceeded') : undefined;
    },
  };
}
