import { Code } from '@connectrpc/connect';
import { ServiceTokensService } from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import { rpcError } from '@plataforma/runtime/errors';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type { TestIssuer } from '@plataforma/testing/test-tokens';

/** What reservas shows auth, unless a stack has secrets of its own. */
export const SERVICE_SECRET = 'segredo-de-reservas';

/** auth as far as reservas calls it: a token for who shows the secret. */
export function authStandIn(issuer: TestIssuer, secret = SERVICE_SECRET): RpcService {
  return rpcService(ServiceTokensService, {
    acesso: { issueServiceToken: 'PUBLICO' },
    impl: {
      async issueServiceToken({ servico, segredo, audiencia }) {
        if (segredo !== secret) throw rpcError(Code.Unauthenticated, 'SERVICO_DESCONHECIDO', 'Desconhecido.');
        const accessToken = await issuer.token({ sub: servico, tipo: 'servico', audience: audiencia });
        return { accessToken, tokenType: 'Bearer', expiresIn: 300 };
      },
    },
  });
}
