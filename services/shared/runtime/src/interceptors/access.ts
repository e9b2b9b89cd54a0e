import type { DescMethod } from '@bufbuild/protobuf';
import { actorOf, type Principal, principalKey } from '../rpc/principal.ts';
import { isRead, notServed, type RpcMethod, type UnaryInterceptor } from '../rpc/rpc.ts';
import { admit, authenticate, denied } from '../security/bearer.ts';
import { sessionEnded } from '../security/ended-sessions.ts';
import type { TokenVerifier } from '../security/jwt.ts';
import { actingAs } from '../trail/trail.ts';

/** The accounts themselves, for the service that has them. */
export interface AccountSessions {
  /** Whether the account is suspended, gone, or at a later generation of sessions than this token. */
  ended(principal: Principal): Promise<boolean>;
}

/**
 * Authenticates the caller and applies the access rule of the method; a method without a rule is closed to
 * everyone. Where the accounts are, what makes something lasting asks them, too. Ownership is the handler's to check.
 */
export function access(deps: {
  verifier: TokenVerifier;
  methods: ReadonlyMap<DescMethod, RpcMethod>;
  accountSessions?: AccountSessions | undefined;
}): UnaryInterceptor {
  return (next) => async (req) => {
    const method = deps.methods.get(req.method);
    if (method === undefined) throw denied();
    if (method.acesso !== 'PUBLICO') {
      const principal = await authenticate(req.header.get('authorization'), deps.verifier);
      req.contextValues.set(principalKey, principal);
      admit(method.acesso, principal);
      const lasting = principal.tipo === 'USUARIO' && !isRead(req.method);
      if (lasting && (await deps.accountSessions?.ended(principal))) throw sessionEnded();
    }
    if (!method.implemented) throw notServed(req.method);
    const principal = req.contextValues.get(principalKey);
    return principal ? actingAs(actorOf(principal), () => next(req)) : next(req);
  };
}
