import type { DescMethod } from '@bufbuild/protobuf';
import { Code, type Interceptor } from '@connectrpc/connect';
import { rpcError } from '../errors.ts';
import type { TokenVerifier } from '../jwt.ts';
import { notAuthenticated, type Principal, principalKey } from '../principal.ts';
import { type Acesso, notImplemented, type RpcMethod } from '../rpc.ts';

const BEARER = /^Bearer +([\w.~+/=-]+)$/i;

/**
 * Authenticates the caller and applies the access rule of the method; a method without a rule is closed to
 * everyone. Ownership is the handler's to check.
 */
export function access(deps: {
  verifier: TokenVerifier;
  methods: ReadonlyMap<DescMethod, RpcMethod>;
}): Interceptor {
  return (next) => async (req) => {
    const method = deps.methods.get(req.method);
    if (method === undefined) throw denied();
    if (method.acesso !== 'PUBLICO') {
      const principal = await authenticate(req.header, deps.verifier);
      req.contextValues.set(principalKey, principal);
      if (!allows(method.acesso, principal)) throw denied();
    }
    if (!method.implemented) throw notImplemented(req.method);
    return next(req);
  };
}

function authenticate(header: Headers, verifier: TokenVerifier): Promise<Principal> {
  const authorization = header.get('authorization');
  if (authorization === null) throw notAuthenticated();
  const token = BEARER.exec(authorization)?.[1];
  if (token === undefined) {
    throw rpcError(Code.Unauthenticated, 'TOKEN_INVALIDO', 'O token de acesso é inválido.');
  }
  return verifier.verify(token);
}

function allows(acesso: Exclude<Acesso, 'PUBLICO'>, { id, tipo, papeis }: Principal): boolean {
  if (acesso === 'AUTENTICADO') return tipo === 'USUARIO';
  if (tipo === 'SERVICO') return acesso.servicos?.includes(id) ?? false;
  return acesso.papeis?.some((papel) => papeis.includes(papel)) ?? false;
}

function denied() {
  return rpcError(Code.PermissionDenied, 'ACESSO_NEGADO', 'Você não tem permissão para esta operação.');
}
