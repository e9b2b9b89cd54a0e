import type { DescMethod } from '@bufbuild/protobuf';
import type { Interceptor } from '@connectrpc/connect';
import { allows, authenticate, denied } from '../bearer.ts';
import type { TokenVerifier } from '../jwt.ts';
import { principalKey } from '../principal.ts';
import { notImplemented, type RpcMethod } from '../rpc.ts';

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
      const principal = await authenticate(req.header.get('authorization'), deps.verifier);
      req.contextValues.set(principalKey, principal);
      if (!allows(method.acesso, principal)) throw denied();
    }
    if (!method.implemented) throw notImplemented(req.method);
    return next(req);
  };
}
