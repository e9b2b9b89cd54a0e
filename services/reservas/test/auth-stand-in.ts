import { createHash } from 'node:crypto';
import { Code } from '@connectrpc/connect';
import { PersonalKeysService } from '@plataforma/contratos/auth/v1/personal_keys_service_pb';
import { ServiceTokensService } from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import { rpcError } from '@plataforma/runtime/errors';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type { TestIssuer } from '@plataforma/testing/test-tokens';

/** What reservas shows auth, unless a stack has secrets of its own. */
export const SERVICE_SECRET = 'segredo-de-reservas';

/** auth as far as other services call it: a token for who shows the secret, and the keys of people. */
export function authStandIn(issuer: TestIssuer, secrets: readonly string[] = [SERVICE_SECRET]): RpcService[] {
  const tokens = rpcService(ServiceTokensService, {
    acesso: { issueServiceToken: 'PUBLICO' },
    impl: {
      async issueServiceToken({ servico, segredo, audiencia }) {
        if (!secrets.includes(segredo))
          throw rpcError(Code.Unauthenticated, 'SERVICO_DESCONHECIDO', 'Desconhecido.');
        const accessToken = await issuer.token({ sub: servico, tipo: 'servico', audience: audiencia });
        return { accessToken, tokenType: 'Bearer', expiresIn: 300 };
      },
    },
  });
  const keys = rpcService(PersonalKeysService, {
    acesso: { getPersonalKey: 'PUBLICO' },
    impl: { getPersonalKey: ({ usuarioId }) => ({ chave: personalKeyOf(usuarioId) }) },
  });
  return [tokens, keys];
}

/** The key that the stand-in has for a person: always the same. */
export const personalKeyOf = (usuarioId: string) => createHash('sha256').update(usuarioId).digest();
