import { createHash } from 'node:crypto';
import { asStrings, EdgeConfigError, onlyKeys, type Settings } from '../config/config-checks.ts';
import type { Exchange, Plugin, Reply } from '../http/exchange.ts';
import { grpcStatus } from './grpc-gateway-plugin.ts';
import {
  codeOf,
  lostStatus,
  type OwnError,
  ownError,
  ownErrorByWords,
  problemBody,
  serviceCode,
} from './problem-body.ts';

/** SHA-256 of the Lua files in infra/kong that the code below reproduces. */
export const IMPLEMENTED_LUA = {
  'pre-function': {
    header_filter: '40ebf81c693263d4b1762c7a7cc185cef92775532df102d8b517282f7130a271',
    body_filter: 'd2ea354e6061e73c3236b35e7d548325283f2ce41510185e9684a70d789c5a11',
  },
  'post-function': {
    header_filter: '010bee6a4191b465363c604a25e08aa8f34c5ecc76fe3ccc8939d7cfd11f1142',
    body_filter: 'e8239d8cadb7b76e3e468487e0fdb2a91899c8383c47a55cf3032d460c7db1d8',
  },
};

const JSON_TYPE = 'application/json; charset=utf-8';

/** A JSON string that is exactly an instant without a zone, as Kong renders a Timestamp. */
const BARE_INSTANT = /"(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})"/g;

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What is served, as the Lua is told: methods, and an expression for the path. */
type Served = readonly { readonly methods: readonly string[]; readonly expression: RegExp }[];

/**
 * One body for every error, status of creations and the zone of instants: what the Lua of `infra/kong/post-function`
 * does. The edge cannot run Lua, so it accepts only the code that it reproduces.
 */
export function postFunctionPlugin(config: Settings): Plugin {
  refuseOtherLua('post-function', config);
  const served = servedBy(asStrings(config.header_filter, 'header_filter')[0] ?? '');
  const bodies = new WeakMap<Exchange, (words: string) => Buffer>();
  const transcoded = new WeakSet<Exchange>();
  return {
    name: 'post-function',
    priority: -1000,
    headerFilter(exchange: Exchange, reply: Reply): void {
      const code = grpcStatus(reply);
      const native = isNative(exchange);
      // A service logs no id that could forge its lines.
      if (exchange.namedByService) reply.headers.set('x-request-id', exchange.namedByService);
      if (reply.source !== undefined) {
        if (reply.status < 400) return;
        if (native && code !== undefined) nameNativeError(reply);
        else bodies.set(exchange, describeOwnError(exchange, reply, served));
      } else if (exchange.grpcCall) {
        reply.headers.delete('content-length');
        reply.headers.set('x-content-type-options', 'nosniff');
        if (code !== undefined && code !== 0) bodies.set(exchange, describeServiceError(reply, code));
        else {
          transcoded.add(exchange);
          applyCreationStatus(reply);
        }
        reply.headers.delete('x-http-code');
      }
    },
    bodyFilter(exchange: Exchange, reply: Reply): void {
      const describe = bodies.get(exchange);
      if (describe) reply.body = describe(wordsOf(reply));
      else if (transcoded.has(exchange) && Buffer.isBuffer(reply.body)) reply.body = addZones(reply.body);
    },
  };
}

const PATHS = /(?<=\[==\[\n)[\s\S]*?(?=\n\]==\])/;

/** Identifies a piece of Lua, whatever its line endings, its surrounding blank lines and the paths that it was told. */
export function luaDigest(code: string): string {
  const text = code.replaceAll('\r\n', '\n').replace(PATHS, '__PATHS__').trim();
  return createHash('sha256').update(text).digest('hex');
}

function refuseOtherLua(plugin: keyof typeof IMPLEMENTED_LUA, config: Settings): void {
  const phases = IMPLEMENTED_LUA[plugin];
  onlyKeys(config, Object.keys(phases), `plugin ${plugin}`);
  for (const [phase, digest] of Object.entries(phases)) {
    const functions = asStrings(config[phase], `plugin ${plugin} ${phase}`);
    if (functions.length !== 1 || luaDigest(functions[0] ?? '') !== digest) {
      throw new EdgeConfigError(`plugin ${plugin}: the edge does not reproduce this ${phase}`);
    }
  }
}

/** Stands in for the post-function where Kong does not ask it; the edge asks it always. */
export function preFunctionPlugin(config: Settings): Plugin {
  refuseOtherLua('pre-function', config);
  return { name: 'pre-function', priority: 1_000_000 };
}

function servedBy(lua: string): Served {
  const lines = (PATHS.exec(lua)?.[0] ?? '').matchAll(/([A-Z][A-Z,]*) (\S+)/g);
  return [...lines].map(([, methods = '', expression = '']) => ({
    methods: methods.split(','),
    expression: new RegExp(expression),
  }));
}

function isNative({ isGrpcRoute, request, upstreamHeaders }: Exchange): boolean {
  if (isGrpcRoute !== undefined) return isGrpcRoute;
  return request.httpVersion === 2 && (upstreamHeaders['content-type'] ?? '').startsWith('application/grpc');
}

function describeServiceError(reply: Reply, code: number): () => Buffer {
  const { headers } = reply;
  const reason = textHeader(reply, 'x-erro-codigo') ?? ownError(reply.status, '').reason;
  const message = unescapeUri((textHeader(reply, 'grpc-message') ?? '').replaceAll('+', '%2B'));
  const details = textHeader(reply, 'x-erro-detalhes') ?? '{}';
  const error = { code: serviceCode(code), message, reason };
  const body = problemBody(error, textHeader(reply, 'x-request-id'), details);
  headers.set('content-type', JSON_TYPE);
  headers.delete('grpc-status-details-bin');
  headers.delete('x-erro-detalhes');
  return () => body;
}

/** A native call has no body: its error is told by headers alone. */
function nameNativeError(reply: Reply): void {
  const challenge = textHeader(reply, 'www-authenticate') ?? '';
  const words = textHeader(reply, 'grpc-message') ?? '';
  const own = reply.status === 400 ? ownErrorByWords(words) : ownError(reply.status, challenge);
  reply.headers.set('grpc-status', String(codeOf(own)));
  reply.headers.set('x-erro-codigo', own.reason);
  reply.headers.set('grpc-message', encodeURIComponent(own.message));
}

/** Several refusals have the status 400: Kong's words, which come in the body, tell them apart. */
function describeOwnError(exchange: Exchange, reply: Reply, served: Served): (words: string) => Buffer {
  const told = textHeader(reply, 'grpc-message');
  reply.status = lostStatus(told) ?? rightStatus(exchange, reply, served);
  const details = /^\/[\w.]+\.v\d+\.\w+\//.test(exchange.request.url) ? '[]' : '{}';
  const challenge = textHeader(reply, 'www-authenticate') ?? '';
  const describe = (own: OwnError) => problemBody(own, textHeader(reply, 'x-request-id'), details);
  reply.headers.set('content-type', JSON_TYPE);
  reply.headers.set('x-content-type-options', 'nosniff');
  reply.headers.delete('content-length');
  if (reply.status === 400 && told === undefined) return (words) => describe(ownErrorByWords(words));
  const own = reply.status === 400 ? ownErrorByWords(told ?? '') : ownError(reply.status, challenge);
  reply.headers.set('x-erro-codigo', own.reason);
  return () => describe(own);
}

/**
 * Kong says 404 where a method has no route, 400 where the path or the method is not of the contract, and before that it
 * asks for a token: what is not served is told to everybody.
 */
function rightStatus({ target, method }: Exchange, reply: Reply, served: Served): number {
  const { status, source } = reply;
  const refused = source === 'exit' && [400, 401, 404].includes(status);
  if (!refused && status !== 405) return status;
  const taking = served.filter(({ expression }) => expression.test(target.path));
  const found = new Set(taking.flatMap(({ methods }) => methods));
  if (refused && found.has(method)) return status;
  reply.headers.delete('www-authenticate');
  if (refused && found.size === 0) return 404;
  if (found.size > 0) reply.headers.set('allow', METHODS.filter((one) => found.has(one)).join(', '));
  return 405;
}

function wordsOf({ body }: Reply): string {
  return Buffer.isBuffer(body) ? body.toString('utf8') : '';
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
