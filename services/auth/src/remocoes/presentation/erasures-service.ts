import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  AutorDaRemocao,
  ErasuresService,
  ListErasuresResponseSchema,
  type RelatorioDeApagamento,
  RelatorioDeApagamentoSchema,
  SituacaoDoApagamento,
} from '@plataforma/contratos/auth/v1/erasures_service_pb';
import { AcaoSobreDados } from '@plataforma/contratos/comum/v1/apagamento_pb';
import { toPageToken } from '@plataforma/domain/page-token';
import { principalOf } from '@plataforma/runtime/principal';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { neverStored } from '../../chaves/presentation/never-stored.ts';
import { ERASURES } from '../../contrato/presentation/acesso.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import type { RelatoriosQueries } from '../application/relatorios-queries.ts';
import type { Relatorio } from '../domain/remocao.ts';

interface Deps {
  readonly relatorios: RelatoriosQueries;
  readonly origemDe: OrigemDe;
}

/** What became of the data of people who are gone: for who has the protocol, and for administrators. */
export function erasuresService({ relatorios, origemDe }: Deps): RpcService {
  return rpcService(ErasuresService, {
    acesso: ERASURES,
    impl: {
      async getErasureReport({ protocolo }, context) {
        neverStored(context);
        return toRelatorioProto(valueOrThrow(await relatorios.comProtocolo(protocolo)));
      },
      async listErasures({ pageSize, pageToken, usuarioId, pendentes }, context) {
        const admin = { id: principalOf(context).id, origem: origemDe(context) };
        const filtro = { usuarioId: usuarioId || undefined, pendentes };
        const pagina = valueOrThrow(await relatorios.listar({ pageSize, pageToken, filtro, admin }));
        return create(ListErasuresResponseSchema, {
          apagamentos: pagina.itens.map(toRelatorioProto),
          nextPageToken: toPageToken(pagina.proxima),
        });
      },
    },
  });
}

function toRelatorioProto({
  partes,
  pedidoEm,
  concluidaEm,
  por,
  ...relatorio
}: Relatorio): RelatorioDeApagamento {
  return create(RelatorioDeApagamentoSchema, {
    protocolo: relatorio.protocolo,
    usuarioId: relatorio.usuarioId,
    por: AutorDaRemocao[por],
    pedidoEm: timestampFromDate(pedidoEm),
    ...situacaoDe(concluidaEm),
    partes: partes.map(({ servico, itens, concluidaEm: em }) => ({
      ...{ servico, ...situacaoDe(em) },
      itens: em === undefined ? [] : itens.map((item) => ({ ...item, acao: AcaoSobreDados[item.acao] })),
    })),
  });
}

function situacaoDe(concluidoEm: Date | undefined) {
  const { EM_ANDAMENTO, CONCLUIDO } = SituacaoDoApagamento;
  if (concluidoEm === undefined) return { situacao: EM_ANDAMENTO };
  return { situacao: CONCLUIDO, concluidoEm: timestampFromDate(concluidoEm) };
}
