import { principalOf } from '@plataforma/runtime/principal';
import { toRpcError } from '../../contrato/presentation/errors.ts';
import type { NotificacoesRpcs } from '../../contrato/presentation/notificacoes-service.ts';
import type { PreferenciasDoCliente } from '../application/preferencias-do-cliente.ts';
import { preferenciasFrom, toPreferenciasProto } from './preferencias-mappers.ts';

/** Only of whoever asks. */
export function preferenciasRpcs(preferencias: PreferenciasDoCliente): NotificacoesRpcs {
  return {
    async obterPreferencias(_request, context) {
      const { id } = principalOf(context);
      return toPreferenciasProto(id, await preferencias.obter(id));
    },
    async atualizarPreferencias(request, context) {
      const { id } = principalOf(context);
      const outcome = await preferencias.atualizar(id, preferenciasFrom(request));
      if (outcome.isFailure) throw toRpcError(outcome.error);
      return toPreferenciasProto(id, outcome.value);
    },
  };
}
