import { principalOf } from '@plataforma/runtime/principal';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { NotificacoesRpcs } from '../../contrato/presentation/notificacoes-service.ts';
import type { AtualizarPreferenciasHandler } from '../application/atualizar-preferencias.ts';
import type { PreferenciasQueries } from '../application/preferencias-queries.ts';
import { preferenciasFrom, toPreferenciasProto } from './preferencias-mappers.ts';

/** What was replaced, as it is now. */
export function preferenciasRepeats(preferencias: PreferenciasQueries) {
  return {
    atualizarPreferencias: async (clienteId: string) =>
      toPreferenciasProto(clienteId, await preferencias.doCliente(clienteId)),
  };
}

/** Everybody reads and writes their own. */
export function preferenciasRpcs(
  preferencias: PreferenciasQueries,
  atualizar: AtualizarPreferenciasHandler,
): NotificacoesRpcs {
  return {
    async obterPreferencias(_request, context) {
      const { id } = principalOf(context);
      return toPreferenciasProto(id, await preferencias.doCliente(id));
    },
    async atualizarPreferencias(request, context) {
      const { id } = principalOf(context);
      valueOrThrow(await atualizar.execute({ clienteId: id, preferencias: preferenciasFrom(request) }));
      return toPreferenciasProto(id, await preferencias.doCliente(id));
    },
  };
}
