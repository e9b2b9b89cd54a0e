import { principalOf } from '@plataforma/runtime/principal';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { NotificacoesRpcs } from '../../contrato/presentation/notificacoes-service.ts';
import type { AjustarPreferenciasHandler } from '../application/ajustar-preferencias.ts';
import type { AtualizarPreferenciasHandler } from '../application/atualizar-preferencias.ts';
import type { PreferenciasQueries } from '../application/preferencias-queries.ts';
import { ajusteFrom, escolhasGeraisFrom, toPreferenciasProto } from './preferencias-mappers.ts';

/** What was changed, as it is now. */
export function preferenciasRepeats(preferencias: PreferenciasQueries) {
  const doCliente = async (clienteId: string) =>
    toPreferenciasProto(clienteId, await preferencias.doCliente(clienteId));
  return { atualizarPreferencias: doCliente, ajustarPreferencias: doCliente };
}

interface Deps {
  readonly preferencias: PreferenciasQueries;
  readonly atualizar: AtualizarPreferenciasHandler;
  readonly ajustar: AjustarPreferenciasHandler;
}

/** Everybody reads and writes their own. */
export function preferenciasRpcs({ preferencias, atualizar, ajustar }: Deps): NotificacoesRpcs {
  const doCliente = async (id: string) => toPreferenciasProto(id, await preferencias.doCliente(id));
  return {
    obterPreferencias: (_request, context) => doCliente(principalOf(context).id),
    async atualizarPreferencias(request, context) {
      const { id } = principalOf(context);
      valueOrThrow(await atualizar.execute({ clienteId: id, preferencias: escolhasGeraisFrom(request) }));
      return doCliente(id);
    },
    async ajustarPreferencias(request, context) {
      const { id } = principalOf(context);
      valueOrThrow(await ajustar.execute({ clienteId: id, ajuste: ajusteFrom(request) }));
      return doCliente(id);
    },
  };
}
