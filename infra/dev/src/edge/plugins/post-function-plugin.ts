import { createHash } from 'node:crypto';
import { asStrings, EdgeConfigError, onlyKeys, type Settings } from '../config/config-checks.ts';
import type { Exchange, Plugin, Reply } from '../http/exchange.ts';
import { grpcStatus } from './grpc-gateway-plugin.ts';

/** SHA-256 of the two Lua files in infra/kong/post-function that the code below reproduces. */
export const IMPLEMENTED_LUA: Record<string, string> = {
  header_filter: '3745ad53d937bf480a306c6220438bf12f6a3d9970e1b3e7ee540901ac90e63d',
  body_filter: '8093a5aa5faeb2b5a5a4e30b3f7ec18071ec351f7d6b50eb537422833261c5ad',
};

const CODE_NAMES = [
  'ok',
  'canceled',
  'unknown',
  'invalid_argument',
  'deadline_exceeded',
  'not_found',
  'already_exists',
  'permission_denied',
  'resource_exhausted',
  'failed_precondition',
  'aborted',
  'out_of_range',
  'unimplemented',
  'internal',
  'unavailable',
  'data_loss',
  'unauthenticated',
];

/** A JSON string that is exactly an instant without a zone, as Kong renders a Timestamp. */
const BARE_INSTANT = /"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})"/g;

/**
 * Error body, status of creations and the zone of instants: what the Lua of `infra/kong/post-function`
 * does. The edge cannot run Lua, so it accepts only the code that it reproduces.
 */
export function postFunctionPlugin(config: Settings): Plugin {
  refuseOtherLua(config);
  const errorBodies = new WeakMap<Exchange, Buffer>();
  return {
    name: 'post-function',
    priority: -1000,
    headerFilter(exchange: Exchange, reply: Reply): void {
      const code = grpcStatus(reply);
      reply.headers.delete('content-length');
      reply.headers.set('x-content-type-options', 'nosniff');
      if (code !== undefined && code !== 0) errorBodies.set(exchange, describeError(reply, code));
      else applyCreationStatus(reply);
      reply.headers.delete('x-http-code');
    },
    bodyFilter(exchange: Exchange, reply: Reply): void {
      const errorBody = errorBodies.get(exchange);
      if (errorBody) reply.body = errorBody;
      else if (Buffer.isBuffer(reply.body)) reply.body = addZones(reply.body);
    },
  };
}

/** Identifies a piece of Lua, whatever its line endings and surrounding blank lines. */
export function luaDigest(code: string): string {
  return createHash('sha256').update(code.replaceAll('\r\n', '\n').trim()).digest('hex');
}

function refuseOtherLua(config: Settings): void {
  onlyKeys(config, Object.keys(IMPLEMENTED_LUA), 'plugin post-function');
  for (const [phase, digest] of Object.entries(IMPLEMENTED_LUA)) {
    const functions = asStrings(config[phase], `plugin post-function ${phase}`);
    if (functions.length !== 1 || luaDigest(functions[0] ?? '') !== digest) {
      throw new EdgeConfigError(`plugin post-function: the edge does not reproduce this ${phase}`);
    }
  }
}

function describeError(reply: Reply, code: number): Buffer {
  const fields: Record<string, string> = {
    code: CODE_NAMES[code] ?? 'unknown',
    message: unescapeUri((textHeader(reply, 'grpc-message') ?? '').replaceAll('+', '%2B')),
  };
  const reason = textHeader(reply, 'x-erro-codigo');
  if (reason !== undefined) fields.reason = reason;
  reply.headers.set('content-type', 'application/json; charset=utf-8');
  reply.headers.delete('grpc-status-details-bin');
  return Buffer.from(JSON.stringify(fields));
}

function textHeader(reply: Reply, name: string): string | undefined {
  const value = reply.headers.get(name);
  return Array.isArray(value) ? value[0] : value;
}

function applyCreationStatus(reply: Reply): void {
  const status = Number(textHeader(reply, 'x-http-code'));
  if (status >= 200 && status < 300 && reply.status === 200) reply.status = status;
}

/** `ngx.unescape_uri`: a plus is a space, a broken escape stays as it is, bytes are read as UTF-8 at the end. */
function unescapeUri(text: string): string {
  const bytes = text
    .replaceAll('+', ' ')
    .replace(/%([0-9a-f]{2})/gi, (_escape, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

function addZones(body: Buffer): Buffer {
  const text = body.toString('latin1');
  const zoned = text.replace(BARE_INSTANT, '"$1Z"');
  return zoned.length === text.length ? body : Buffer.from(zoned, 'latin1');
}
