import { Code } from '@connectrpc/connect';
import { rpcError } from '../errors/errors.ts';
import { notAuthenticated, type Principal } from '../rpc/principal.ts';
import type { Acesso } from '../rpc/rpc.ts';
import type { TokenVerifier } from './jwt.ts';

const BEARER = /^Bearer +([\w.~+/=-]+)$/i;

/**
 * The caller that an `Authorization` header stands for: the same for RPCs and plain routes. Rejects with
 * UNAUTHENTICATED / `NAO_AUTENTICADO` without a header, `TOKEN_INVALIDO` with a bad one.
 */
export async function authenticate(
  authorization: string | null | undefined,
  verifier: TokenVerifier,
): Promise<Principal> {
  if (authorization === null || authorization === undefined) throw notAuthenticated();
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) {
    throw rpcError(Code.Unauthenticated, 'TOKEN_INVALIDO', 'O token de acesso é inválido.');
  }
  return verifier.verify(token);
}

/** Whether an access rule lets this caller in. Ownership is the handler's to check. */
export function allows(
  acesso: Exclude<Acesso, 'PUBLICO'>,
  { id, tipo, papeis, escopos }: Principal,
): boolean {
  if (escopos !== undefined && !inScope(acesso, escopos)) return false;
  if (acesso === 'AUTENTICADO') return tipo === 'USUARIO';
  if (tipo === 'SERVICO') return acesso.servicos?.includes(id) ?? false;
  return acesso.papeis?.some((papel) => papeis.includes(papel)) ?? false;
}

function inScope(acesso: Exclude<Acesso, 'PUBLICO'>, escopos: readonly string[]): boolean {
  return acesso !== 'AUTENTICADO' && acesso.escopo !== undefined && escopos.includes(acesso.escopo);
}

/**
 * Lets the caller in, or throws PERMISSION_DENIED / `ACESSO_NEGADO`, which names the scope that a key would have needed
 * (metadata `escopo`).
 */
export function admit(acesso: Exclude<Acesso, 'PUBLICO'>, principal: Principal): void {
  if (allows(acesso, principal)) return;
  const escopo = acesso === 'AUTENTICADO' ? undefined : acesso.escopo;
  if (escopo === undefined || principal.escopos === undefined || principal.escopos.includes(escopo))
    throw denied();
  const message = `A chave de API não tem o escopo ${escopo}.`;
  throw rpcError(Code.PermissionDenied, 'ACESSO_NEGADO', message, { escopo });
}

/** PERMISSION_DENIED / `ACESSO_NEGADO`. */
export function denied() {
  return rpcError(Code.PermissionDenied, 'ACESSO_NEGADO', 'Você não tem permissão para esta operação.');
}
