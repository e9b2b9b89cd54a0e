import { type Client, createClient, createRouterTransport } from '@connectrpc/connect';
import { createInterceptors, type InterceptorOptions } from '../src/interceptors/interceptors.ts';
import type { Principal } from '../src/rpc/principal.ts';
import type { RpcService } from '../src/rpc/rpc.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import { EcoService } from './eco-service.ts';

/** Whose name is the token of a call. */
const CALLERS: Readonly<Record<string, Omit<Principal, 'token'>>> = {
  admin: { id: 'usr_1', tipo: 'USUARIO', papeis: ['ADMIN'], geracao: 1, emitidoEm: new Date() },
  servico: { id: 'reservas', tipo: 'SERVICO', papeis: [], geracao: 1, emitidoEm: new Date() },
};

/** A client of EcoService through the whole chain of interceptors, without a network. `admin` and `servico` are tokens. */
export function inMemory(
  service: RpcService,
  options: Partial<InterceptorOptions> = {},
): Client<typeof EcoService> {
  const interceptors = createInterceptors({
    logger: createLogger({ service: 'teste', level: 'silent' }),
    verifier: { verify: async (token) => ({ ...CALLERS[token], token }) as Principal },
    services: [service],
    ...options,
  });
  const transport = createRouterTransport(
    (router) => {
      for (const { spec } of service.methods) router.rpc(spec.method, spec.impl);
    },
    { router: { interceptors } },
  );
  return createClient(EcoService, transport);
}
