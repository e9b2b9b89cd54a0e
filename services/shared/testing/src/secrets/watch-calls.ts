import { type DescField, type DescMessage, isFieldSet, type Message } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { Secrets } from './secrets.ts';

/** Answers are not marked in the contracts: what lets somebody in goes by these names. */
const SECRET = /password|senha|token$|^codigo|^segredo$|^secret|^code$|^state$|otpauth/;
const HEADERS = ['authorization', 'cookie', 'set-cookie'];
const TOKEN_TYPE = 'token_type';

/** What is used of a unary call of Connect. */
interface Sent {
  readonly header: Headers;
  readonly message: unknown;
  readonly stream: boolean;
}

interface Called extends Sent {
  readonly method: { readonly input: DescMessage; readonly output: DescMessage };
}

/**
 * Keeps what calls carry: fields that the contract marks with `debug_redact` or that are called like a secret, of requests and
 * answers, and the headers that let somebody in. As an interceptor, outermost, on the side of the server or of a client.
 */
export function watchCalls(secrets: Secrets) {
  return <C extends Called, A extends Sent>(next: (call: C) => Promise<A>) =>
    async (call: C): Promise<A> => {
      keepHeaders(secrets, call.header);
      if (!call.stream) keepFields(secrets, call.method.input, call.message as Message);
      const answer = await next(call);
      keepHeaders(secrets, answer.header);
      if (!answer.stream) keepFields(secrets, call.method.output, answer.message as Message);
      return answer;
    };
}

export function keepHeaders(secrets: Secrets, headers: Headers): void {
  for (const name of HEADERS) {
    const values = name === 'set-cookie' ? headers.getSetCookie() : [headers.get(name) ?? ''];
    for (const value of values) keepHeader(secrets, name, value);
  }
}

/** `Bearer <token>`; `name=value; ...`, of which the attributes of a cookie are known to all. */
function keepHeader(secrets: Secrets, name: string, value: string): void {
  const pairs = name === 'cookie' ? value.split('; ') : value.split('; ', 1);
  const secret = name === 'authorization' ? /^\w+ +/ : /^[^=]*=/;
  for (const pair of pairs) secrets.keep(name, pair.replace(secret, ''));
}

function keepFields(secrets: Secrets, type: DescMessage, message: Message): void {
  const reflected = reflect(type, message);
  for (const field of type.fields) {
    if (!isFieldSet(message, field)) continue;
    const value = reflected.get(field) as unknown;
    if (field.fieldKind === 'message')
      keepFields(secrets, field.message, (value as { message: Message }).message);
    else if (isSecret(field))
      for (const one of listOf(value)) secrets.keep(`${type.name}.${field.name}`, one);
  }
}

function isSecret({ name, proto }: DescField): boolean {
  return name !== TOKEN_TYPE && (proto.options?.debugRedact === true || SECRET.test(name));
}

function listOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null && Symbol.iterator in value
    ? [...(value as Iterable<unknown>)].filter((one) => typeof one === 'string')
    : [];
}

/** The same of a body in JSON, whose fields are in lowerCamelCase, however deep. */
export function keepJson(secrets: Secrets, value: unknown, name = ''): void {
  if (typeof value === 'string') {
    const snake = name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
    if (snake !== TOKEN_TYPE && SECRET.test(snake)) secrets.keep(name, value);
  } else if (Array.isArray(value)) for (const one of value) keepJson(secrets, one, name);
  else if (typeof value === 'object' && value !== null)
    for (const [key, one] of Object.entries(value)) keepJson(secrets, one, key);
}
