import type { HttpRequest } from '@plataforma/runtime/http-routes';

/** Errors of RFC 6749, 5.2, and one that it has no word for there: to come back later. */
export type ErroDoToken =
  | 'invalid_request'
  | 'invalid_client'
  | 'invalid_scope'
  | 'unsupported_grant_type'
  | 'temporarily_unavailable';

/** Why there is no token. */
export interface Recusa {
  readonly erro: ErroDoToken;
  /** For whoever writes the client: ASCII without quotation marks and backslashes, as the RFC has it. */
  readonly descricao: string;
}

/** What a client asks for. */
export interface PedidoDeToken {
  readonly clientId: string;
  readonly clientSecret: string;
  /** Undefined: all of the client's. */
  readonly escopos: readonly string[] | undefined;
}

interface Cliente {
  readonly clientId: string;
  readonly clientSecret: string;
}

const FORM = /^application\/x-www-form-urlencoded(?:\s*;.*)?$/i;
const BASIC = /^Basic +([A-Za-z0-9+/]+={0,2})$/i;

const recusa = (erro: ErroDoToken, descricao: string): Recusa => ({ erro, descricao });

/** Reads a request for a token by client credentials (RFC 6749, 4.4.2 and 2.3.1). */
export function pedidoFrom({
  headers,
  query,
  body,
}: Omit<HttpRequest, 'rest' | 'peer'>): PedidoDeToken | Recusa {
  if (!FORM.test(headers['content-type'] ?? ''))
    return recusa('invalid_request', 'the body has to be application/x-www-form-urlencoded');
  if (query.size > 0) return recusa('invalid_request', 'parameters go into the body, never into the address');
  const form = new URLSearchParams(body.toString('utf8'));
  if (new Set(form.keys()).size !== form.size)
    return recusa('invalid_request', 'a parameter is there more than once');
  // A parameter without a value counts as left out.
  const value = (name: string) => form.get(name) || undefined;
  const cliente = clienteFrom(headers.authorization, {
    clientId: value('client_id'),
    clientSecret: value('client_secret'),
  });
  if ('erro' in cliente) return cliente;
  const grant = value('grant_type');
  if (grant === undefined) return recusa('invalid_request', 'grant_type is missing');
  if (grant !== 'client_credentials')
    return recusa('unsupported_grant_type', 'grant_type has to be client_credentials');
  const scope = value('scope');
  return { ...cliente, escopos: scope === undefined ? undefined : [...new Set(scope.split(' '))] };
}

/** By one way only: HTTP Basic, or the body. */
function clienteFrom(
  authorization: string | undefined,
  { clientId, clientSecret }: { readonly [K in keyof Cliente]: string | undefined },
): Cliente | Recusa {
  if (authorization === undefined)
    return clientId === undefined || clientSecret === undefined
      ? recusa('invalid_client', 'client_id and client_secret are missing')
      : { clientId, clientSecret };
  if (clientSecret !== undefined)
    return recusa('invalid_request', 'the client proves itself twice: by its header and in the body');
  const basic = basicFrom(authorization);
  if (basic === undefined) return recusa('invalid_client', 'the header Authorization is not HTTP Basic');
  if (clientId !== undefined && clientId !== basic.clientId)
    return recusa('invalid_request', 'client_id is another one than that of the header');
  return basic;
}

/** Identity and secret are form-encoded before they become name and password. */
function basicFrom(authorization: string): Cliente | undefined {
  const encoded = BASIC.exec(authorization)?.[1];
  if (encoded === undefined) return undefined;
  const [, name, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString('utf8')) ?? [];
  if (name === undefined || password === undefined) return undefined;
  const clientId = formDecoded(name);
  const clientSecret = formDecoded(password);
  return clientId === undefined || clientSecret === undefined ? undefined : { clientId, clientSecret };
}

function formDecoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
