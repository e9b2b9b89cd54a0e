import { DisponibilidadeService } from '@plataforma/contratos/reservas/v1/disponibilidade_service_pb';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';

/** What is free, and when: in the contract, not served yet. */
export function disponibilidadeService(): RpcService {
  return rpcService(DisponibilidadeService, {
    acesso: { consultarDisponibilidade: 'AUTENTICADO', buscarEspacosDisponiveis: 'AUTENTICADO' },
    impl: {},
  });
}
