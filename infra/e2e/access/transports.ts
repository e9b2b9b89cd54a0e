import {
  type DescMethod,
  fromJson,
  getOption,
  type JsonObject,
  type Message,
  toJsonString,
} from '@bufbuild/protobuf';
import { Code, ConnectError } from '@connectrpc/connect';
import { codeFromString } from '@connectrpc/connect/protocol-connect';
import { http } from '@plataforma/contratos/google/api/annotations_pb';
import type { AccessRow } from '@plataforma/dev/access/table';
import { portsOf } from '@plataforma/dev/stack/service-env';
import { motivoDe } from '@plataforma/runtime/errors';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { methodName } from '@plataforma/runtime/rpc';
import { wholeSchema } from '@plataforma/runtime/whole-answers';
import type { Platform } from '../platform/platform.ts';

/** How a call has ended. */
export interface Outcome {
  /** Name of the code; `OK`. */
  readonly code: string;
  readonly motivo: string;
  /** All that was answered. */
  readonly text: string;
}

/** A way to call an RPC; undefined where it has no such way. */
export type Transport = (
  row: AccessRow,
  request: JsonObject,
  token: string | undefined,
) => Promise<Outcome | undefined>;

const TIMEOUT_MS = 30_000;

/** What Kong makes of the codes that refuse a caller. */
const CODES: Readonly<Record<number, string>> = {
  401: 'Unauthenticated',
  403: 'PermissionDenied',
  404: 'NotFound',
};

const credentials = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

type Rpc = (request: Message, options: object) => Promise<Message>;

/** A client of any service. */
interface Channel {
  readonly rpcs: Readonly<Record<string, Rpc | undefined>>;
  close(): void;
}

/** The three ways, and their end. */
export function openTransports(platform: Platform) {
  const { ports } = platform.stack;
  const channels = new Map<string, Channel>();

  function channelOf({ servico, method }: AccessRow): Channel {
    const { typeName } = method.parent;
    const known = channels.get(typeName);
    if (known) return known;
    const address = `127.0.0.1:${portsOf(servico, ports).grpc}`;
    const client = createGrpcClient(method.parent, { address, timeoutMs: TIMEOUT_MS });
    const channel = { rpcs: client as unknown as Channel['rpcs'], close: () => client.close() };
    channels.set(typeName, channel);
    return channel;
  }

  const grpc: Transport = async (row, request, token) => {
    const { method } = row;
    try {
      const call = channelOf(row).rpcs[method.localName];
      const answer = await call?.(fromJson(method.input, request), { headers: credentials(token) });
      if (answer === undefined) throw new Error(`${methodName(method)} cannot be called`);
      return { code: 'OK', motivo: '', text: toJsonString(wholeSchema(method.output), answer) };
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      return { code: Code[error.code], motivo: motivoDe(error) ?? '', text: error.rawMessage };
    }
  };

  const connect: Transport = async ({ servico, method }, request, token) => {
    const url = `http://127.0.0.1:${portsOf(servico, ports).http}/${methodName(method)}`;
    const response = await send(url, 'POST', token, request);
    const text = await response.text();
    if (response.ok) return { code: 'OK', motivo: '', text };
    const code = codeFromString((JSON.parse(text) as { code: string }).code);
    return {
      code: code === undefined ? text : Code[code],
      motivo: response.headers.get('x-erro-codigo') ?? '',
      text,
    };
  };

  const rest: Transport = async ({ method }, request, token) => {
    const binding = bindingOf(method, request);
    if (binding === undefined) return undefined;
    const response = await send(platform.edgeUrl + binding.path, binding.verb, token, binding.body);
    const text = await response.text();
    if (response.ok) return { code: 'OK', motivo: '', text };
    const { reason = '' } = JSON.parse(text) as { reason?: string };
    return { code: CODES[response.status] ?? `${response.status}`, motivo: reason, text };
  };

  const close = () => {
    for (const channel of channels.values()) channel.close();
  };
  return { transports: { grpc, connect, rest }, close };
}

function send(url: string, method: string, token: string | undefined, body: JsonObject | undefined) {
  return fetch(url, {
    method,
    headers: { ...credentials(token), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

/** The first binding of the contract, filled in. */
function bindingOf(method: DescMethod, request: JsonObject) {
  const { pattern, body } = getOption(method, http);
  if (typeof pattern.value !== 'string') return undefined;
  const left = withNamesOfRest(method, request);
  const path = pattern.value.replace(/\{(\w+)\}/g, (_, name: string) => {
    const field = name.replace(/_(\w)/g, (__, letter: string) => letter.toUpperCase());
    const value = String(left[field] ?? 'none');
    delete left[field];
    return encodeURIComponent(value);
  });
  const verb = String(pattern.case).toUpperCase();
  if (body === '*') return { verb, path, body: left };
  const query = new URLSearchParams(
    Object.entries(left).map(([name, value]): [string, string] => [name, String(value)]),
  );
  return { verb, path: query.size > 0 ? `${path}?${query}` : path, body: undefined };
}

/** Members of enums are called without their prefix there. */
function withNamesOfRest(method: DescMethod, request: JsonObject): JsonObject {
  const left = { ...request };
  for (const field of method.input.fields)
    if (field.fieldKind === 'enum' && left[field.jsonName])
      left[field.jsonName] =
        field.enum.values.find(({ name }) => name === left[field.jsonName])?.localName ?? '';
  return left;
}
