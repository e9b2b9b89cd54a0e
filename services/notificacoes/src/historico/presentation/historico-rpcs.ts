import { create } from '@bufbuild/protobuf';
import { ObterHistoricoResponseSchema } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { toPageToken } from '@plataforma/domain/page-token';
import { principalOf } from '@plataforma/runtime/principal';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { NotificacoesRpcs } from '../../contrato/presentation/notificacoes-service.ts';
import type { ObterHistoricoHandler } from '../application/obter-historico.ts';
import { toRegistroHistoricoProto } from './historico-mappers.ts';

export function historicoRpcs(obter: ObterHistoricoHandler): NotificacoesRpcs {
  return {
    async obterHistorico({ clienteId, notificacaoId, pageSize, pageToken }, context) {
      const { id, papeis } = principalOf(context);
      const solicitante = { id, admin: papeis.includes('ADMIN') };
      const { itens, proxima } = valueOrThrow(
        await obter.execute({ solicitante, clienteId, notificacaoId, pageSize, pageToken }),
      );
      return create(ObterHistoricoResponseSchema, {
        registros: itens.map(toRegistroHistoricoProto),
        nextPageToken: toPageToken(proxima),
      });
    },
  };
}
