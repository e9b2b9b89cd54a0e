import { DadosPessoaisService } from '@plataforma/contratos/pagamentos/v1/dados_pessoais_service_pb';
import { exportarDados } from '@plataforma/runtime/export-rpc';
import type { Secao } from '@plataforma/runtime/personal-export';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { DADOS_PESSOAIS } from '../../pagamento/presentation/acesso.ts';

/** What this service knows about a person, for the archive that auth makes for them. */
export function dadosPessoaisService(secoes: readonly Secao[]): RpcService {
  return rpcService(DadosPessoaisService, {
    acesso: DADOS_PESSOAIS,
    impl: { exportarDados: exportarDados(secoes) },
  });
}
