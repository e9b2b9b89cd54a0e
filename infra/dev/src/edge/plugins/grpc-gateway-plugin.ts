import { asString, onlyKeys, type Settings } from '../config/config-checks.ts';
import type { Exchange, Plugin, Reply } from '../http/exchange.ts';
import { textReply, unexpectedError } from '../http/kong-replies.ts';
import { type ProtoFile, ProtoFileError } from '../transcoding/proto-file.ts';
import { type MatchedRule, TranscodeError, transcode } from '../transcoding/transcoder.ts';

const PREFLIGHT_HEADERS: [string, string][] = [
  ['content-type', 'application/json'],
  ['access-control-allow-origin', '*'],
  ['access-control-allow-methods', 'GET,POST,PATCH,DELETE'],
  ['access-control-allow-headers', 'content-type'],
];

/** HTTP status by gRPC code; the index is the code. */
const HTTP_STATUS = [200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 500, 500, 503, 500, 401];

/**
 * Turns REST requests into unary gRPC calls and their answers into JSON.
 *
 * @param loadFile gives the parsed file of a `proto` setting; a file that Kong could not parse either
 *   does not stop the edge: every request of the route is then answered 500.
 */
export function grpcGatewayPlugin(config: Settings, loadFile: (path: string) => ProtoFile): Plugin {
  onlyKeys(config, ['proto'], 'plugin grpc-gateway');
  /** Those with a rule: whatever answers them from then on, Kong calls it JSON. */
  const transcoded = new WeakSet<Exchange>();
  const file = loadOrError(loadFile, asString(config.proto, 'plugin grpc-gateway proto'));
  return {
    name: 'grpc-gateway',
    priority: 998,
    async access(exchange: Exchange): Promise<Reply | undefined> {
      exchange.responseHeaders.set('access-control-allow-origin', '*');
      if (exchange.method === 'OPTIONS') {
        return { status: 200, headers: new Map(PREFLIGHT_HEADERS), body: Buffer.from('OK'), source: 'exit' };
      }
      if (file instanceof ProtoFileError) return unexpectedError(exchange);
      const rule = transcode(file, exchange.method.toLowerCase(), exchange.target.path);
      if (rule instanceof TranscodeError) return textReply(exchange, 400, rule.message);
      transcoded.add(exchange);
      return prepareCall(exchange, rule);
    },
    headerFilter(exchange: Exchange, reply: Reply): void {
      if (exchange.method === 'OPTIONS') return;
      if (transcoded.has(exchange)) reply.headers.set('content-type', 'application/json');
      const code = grpcStatus(reply);
      if (code !== undefined) reply.status = HTTP_STATUS[code] ?? 500;
    },
    bodyFilter(exchange: Exchange, reply: Reply): void {
      const { grpcCall } = exchange;
      if (!grpcCall || reply.source || !Buffer.isBuffer(reply.body)) return;
      reply.body = grpcCall.toJson(reply.body);
    },
  };
}

/** Numeric `grpc-status` among the leading headers; trailers never count. */
export function grpcStatus(reply: Reply): number | undefined {
  const value = reply.headers.get('grpc-status');
  const code = typeof value === 'string' && value !== '' ? Number(value) : Number.NaN;
  return Number.isNaN(code) ? undefined : code;
}

function loadOrError(loadFile: (path: string) => ProtoFile, path: string): ProtoFile | ProtoFileError {
  try {
    return loadFile(path);
  } catch (error) {
    if (error instanceof ProtoFileError) return error;
    throw error;
  }
}

async function prepareCall(exchange: Exchange, rule: MatchedRule): Promise<Reply | undefined> {
  exchange.upstreamHeaders['content-type'] = 'application/grpc';
  const body = rule.readsBody ? await exchange.readBody() : Buffer.alloc(0);
  const call = rule.toCall(body, exchange.target.rawQuery);
  if (call instanceof TranscodeError) return textReply(exchange, 400, call.message);
  exchange.grpcCall = call;
  return undefined;
}
