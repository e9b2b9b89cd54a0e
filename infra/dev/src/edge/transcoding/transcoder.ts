import type { GrpcCall } from '../http/exchange.ts';
import { parseQueryArgs, type QueryValue } from '../http/query-args.ts';
import { LuaJsonError, parseLuaJson } from './lua-json.ts';
import { decodeToJson } from './message-decoder.ts';
import { EncodeError, encodeMessage } from './message-encoder.ts';
import type { FieldSpec, MessageSpec } from './message-spec.ts';
import type { Endpoint, ProtoFile } from './proto-file.ts';

/** The request cannot be turned into a call; the message is the text that Kong answers with 400. */
export class TranscodeError extends Error {}

/** A rule and what the path says; the rest of the request is still to be read. */
export interface MatchedRule {
  readonly endpoint: Endpoint;
  readonly readsBody: boolean;
  toCall(body: Buffer, rawQuery: string): GrpcCall | TranscodeError;
}

type Payload = Record<string, unknown>;

const FRAME_HEADER_BYTES = 5;

/** Finds the first rule, in file order, that matches a lower-case method and a normalised path. */
export function transcode(file: ProtoFile, method: string, path: string): MatchedRule | TranscodeError {
  const endpoints = file.endpoints.get(method);
  if (!endpoints) return untranscodable(`Unknown method ${luaQuote(method)}`);
  for (const endpoint of endpoints) {
    const match = endpoint.binding.regex.exec(path);
    if (match) return matchedRule(endpoint, match);
  }
  return untranscodable(`Unknown path ${luaQuote(path)}`);
}

function matchedRule(endpoint: Endpoint, match: RegExpExecArray): MatchedRule {
  const readsBody = endpoint.binding.body !== undefined;
  return {
    endpoint,
    readsBody,
    toCall: (body, rawQuery) => toCall(endpoint, match, body, rawQuery),
  };
}

function untranscodable(reason: string): TranscodeError {
  return new TranscodeError(`failed to transcode .proto file ${reason}`);
}

function luaQuote(text: string): string {
  return `"${text.replace(/["\\\n]/g, '\\$&')}"`;
}

function toCall(
  endpoint: Endpoint,
  match: RegExpExecArray,
  body: Buffer,
  rawQuery: string,
): GrpcCall | TranscodeError {
  const payload = pathVariables(endpoint, match);
  const error =
    endpoint.binding.body === undefined
      ? addQuery(payload, endpoint.input, rawQuery)
      : addBody(payload, endpoint.binding.body, body);
  if (error) return error;
  return encode(endpoint, payload);
}

function pathVariables(endpoint: Endpoint, match: RegExpExecArray): Payload {
  // A prototype would make "constructor" and the like look like values already present.
  const payload: Payload = Object.create(null);
  for (const [index, name] of endpoint.binding.variables.entries()) payload[name] = match[index + 1];
  return payload;
}

/** Body values overwrite path variables of the same name, and the query is not read at all. */
function addBody(payload: Payload, target: string, body: Buffer): TranscodeError | undefined {
  if (body.length === 0) return undefined;
  const decoded = decodeJson(body);
  if (decoded instanceof TranscodeError) return decoded;
  if (target !== '*') {
    payload[target] = decoded.value;
    return undefined;
  }
  if (typeof decoded.value !== 'object' || decoded.value === null)
    return new TranscodeError('body must be a table');
  if (!Array.isArray(decoded.value)) Object.assign(payload, decoded.value);
  return undefined;
}

function decodeJson(body: Buffer): { value: unknown } | TranscodeError {
  try {
    return { value: parseLuaJson(body) };
  } catch (error) {
    if (error instanceof LuaJsonError) return new TranscodeError(`decode json err: ${error.message}`);
    throw error;
  }
}

function addQuery(payload: Payload, input: MessageSpec, rawQuery: string): undefined {
  for (const [path, value] of parseQueryArgs(rawQuery)) setAtPath(payload, input, path, value);
}

/** `a.b=x` sets field b of message a; a path that names no field is dropped. */
function setAtPath(payload: Payload, input: MessageSpec, path: string, value: QueryValue): void {
  let target = payload;
  let spec: MessageSpec | undefined = input;
  // The key before a dot is a table, though nothing may follow.
  for (const [, key = '', dot] of path.matchAll(/([^.]+)(\.)?/g)) {
    const field: FieldSpec | undefined = spec?.byName.get(key);
    if (!field) return;
    if (dot === undefined) {
      target[key] =
        field.value.kind === 'scalar' && field.value.type === 'bool' ? queryBoolean(value) : value;
      return;
    }
    spec = field.value.kind === 'message' ? field.value.spec : undefined;
    target = nestedTable(target, key);
  }
}

/** The table under a key; a value that is no table stays, and what would go into it is lost. */
function nestedTable(target: Payload, key: string): Payload {
  const present = target[key];
  if (typeof present === 'object' && present !== null) return present as Payload;
  const created: Payload = {};
  if (present === undefined) target[key] = created;
  return created;
}

/** In a query only these two texts are false; a list stays a table, which a bool field reads as true. */
function queryBoolean(value: QueryValue): boolean {
  return value !== '0' && value !== 'false';
}

function encode(endpoint: Endpoint, payload: Payload): GrpcCall | TranscodeError {
  try {
    const message = frame(encodeMessage(endpoint.input, payload));
    return { path: endpoint.rpcPath, message, toJson: (frames) => framesToJson(endpoint.output, frames) };
  } catch (error) {
    if (error instanceof EncodeError) return new TranscodeError('failed to encode payload');
    throw error;
  }
}

function frame(message: Uint8Array): Buffer {
  const framed = Buffer.alloc(FRAME_HEADER_BYTES + message.length);
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, FRAME_HEADER_BYTES);
  return framed;
}

/** Every complete frame becomes one JSON object, one after the other with nothing between; what is no frame stays as it is. */
function framesToJson(output: MessageSpec, frames: Buffer): Buffer {
  const texts: string[] = [];
  let offset = 0;
  while (offset + FRAME_HEADER_BYTES <= frames.length) {
    const start = offset + FRAME_HEADER_BYTES;
    const end = start + frames.readUInt32BE(offset + 1);
    if (end > frames.length) break;
    texts.push(decodeToJson(output, frames.subarray(start, end)));
    offset = end;
  }
  return Buffer.concat([Buffer.from(texts.join(''), 'latin1'), frames.subarray(offset)]);
}
