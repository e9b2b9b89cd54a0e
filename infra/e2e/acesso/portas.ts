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
import type { Platform } from '../platform/platform.ts';

/** How a call has ended. */
export interface Desfecho {
  /** Name of the code; `OK`. */
  readonly codigo: string;
  readonly motivo: string;
  /** All that was answered. */
  readonly texto: string;
}

/** A way to call an RPC; undefined where it has no such way. */
export type Porta = (
  linha: AccessRow,
  pedido: JsonObject,
  token: string | undefined,
) => Promise<Desfecho | undefined>;

const TIMEOUT_MS = 30_000;

/** What Kong makes of the codes that refuse a caller. */
const CODIGOS: Readonly<Record<number, string>> = {
  401: 'Unauthenticated',
  403: 'PermissionDenied',
  404: 'NotFound',
};

const credenciais = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };

type Rpc = (request: Message, options: object) => Promise<Message>;

/** A client of any service. */
interface Canal {
  readonly rpcs: Readonly<Record<string, Rpc | undefined>>;
  close(): void;
}

/** The three ways, and their end. */
export function abrirPortas(platform: Platform) {
  const { ports } = platform.stack;
  const canais = new Map<string, Canal>();

  function canalDe({ servico, method }: AccessRow): Canal {
    const { typeName } = method.parent;
    const aberto = canais.get(typeName);
    if (aberto) return aberto;
    const address = `127.0.0.1:${portsOf(servico, ports).grpc}`;
    const client = createGrpcClient(method.parent, { address, timeoutMs: TIMEOUT_MS });
    const canal = { rpcs: client as unknown as Canal['rpcs'], close: () => client.close() };
    canais.set(typeName, canal);
    return canal;
  }

  const grpc: Porta = async (linha, pedido, token) => {
    const { method } = linha;
    try {
      const call = canalDe(linha).rpcs[method.localName];
      const answer = await call?.(fromJson(method.input, pedido), { headers: credenciais(token) });
      if (answer === undefined) throw new Error(`${methodName(method)} cannot be called`);
      return { codigo: 'OK', motivo: '', texto: toJsonString(method.output, answer) };
    } catch (error) {
      if (!(error instanceof ConnectError)) throw error;
      return { codigo: Code[error.code], motivo: motivoDe(error) ?? '', texto: error.rawMessage };
    }
  };

  const connect: Porta = async ({ servico, method }, pedido, token) => {
    const url = `http://127.0.0.1:${portsOf(servico, ports).http}/${methodName(method)}`;
    const response = await send(url, 'POST', token, pedido);
    const texto = await response.text();
    if (response.ok) return { codigo: 'OK', motivo: '', texto };
    const code = codeFromString((JSON.parse(texto) as { code: string }).code);
    return {
      codigo: code === undefined ? texto : Code[code],
      motivo: response.headers.get('x-erro-codigo') ?? '',
      texto,
    };
  };

  const rest: Porta = async ({ method }, pedido, token) => {
    const rota = rotaDe(method, pedido);
    if (rota === undefined) return undefined;
    const response = await send(platform.edgeUrl + rota.path, rota.verbo, token, rota.body);
    const texto = await response.text();
    if (response.ok) return { codigo: 'OK', motivo: '', texto };
    const { reason = '' } = JSON.parse(texto) as { reason?: string };
    return { codigo: CODIGOS[response.status] ?? `${response.status}`, motivo: reason, texto };
  };

  const fechar = () => {
    for (const canal of canais.values()) canal.close();
  };
  return { portas: { grpc, connect, rest }, fechar };
}

function send(url: string, method: string, token: string | undefined, body: JsonObject | undefined) {
  return fetch(url, {
    method,
    headers: { ...credenciais(token), ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
}

/** The first binding of the contract, filled in. */
function rotaDe(method: DescMethod, pedido: JsonObject) {
  const { pattern, body } = getOption(method, http);
  if (typeof pattern.value !== 'string') return undefined;
  const resto = comNomesDoRest(method, pedido);
  const path = pattern.value.replace(/\{(\w+)\}/g, (_, nome: string) => {
    const campo = nome.replace(/_(\w)/g, (__, letra: string) => letra.toUpperCase());
    const valor = String(resto[campo] ?? 'nenhum');
    delete resto[campo];
    return encodeURIComponent(valor);
  });
  const verbo = String(pattern.case).toUpperCase();
  if (body === '*') return { verbo, path, body: resto };
  const query = new URLSearchParams(
    Object.entries(resto).map(([nome, valor]): [string, string] => [nome, String(valor)]),
  );
  return { verbo, path: query.size > 0 ? `${path}?${query}` : path, body: undefined };
}

/** Members of enums are called without their prefix there. */
function comNomesDoRest(method: DescMethod, pedido: JsonObject): JsonObject {
  const resto = { ...pedido };
  for (const campo of method.input.fields)
    if (campo.fieldKind === 'enum' && resto[campo.jsonName])
      resto[campo.jsonName] =
        campo.enum.values.find(({ name }) => name === resto[campo.jsonName])?.localName ?? '';
  return resto;
}
