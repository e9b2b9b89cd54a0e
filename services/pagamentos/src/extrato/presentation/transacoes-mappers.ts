import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type ListarTransacoesRequest,
  TipoTransacao,
  type TransacaoSchema,
} from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { PeriodoInvalidoError } from '../../pagamento/domain/recusa.ts';
import { toRpcError } from '../../pagamento/presentation/errors.ts';
import { instanteFrom, toDinheiroProto } from '../../pagamento/presentation/pagamentos-mappers.ts';
import type { TransacaoView } from '../application/ports.ts';
import type { ListarTransacoesQuery } from '../application/transacoes-queries.ts';

export function listarTransacoesFrom(req: ListarTransacoesRequest): ListarTransacoesQuery {
  return { pageSize: req.pageSize, pageToken: req.pageToken, ...filtroFrom(req) };
}

/**
 * Which movements are meant.
 *
 * @throws ConnectError `PERIODO_INVALIDO` for a period that ends before it begins
 */
export function filtroFrom(req: ListarTransacoesRequest) {
  const tipo = tipoFrom(req.tipo);
  const inicio = instanteFrom(req.dataInicio);
  const fim = instanteFrom(req.dataFim);
  if (inicio && fim && inicio >= fim)
    throw toRpcError(new PeriodoInvalidoError('O início do período deve vir antes do fim.'));
  return {
    ...(req.reservaId && { reservaId: req.reservaId }),
    ...(req.pagamentoId && { pagamentoId: req.pagamentoId }),
    ...(req.clienteId && { clienteId: req.clienteId }),
    ...(tipo && { tipo }),
    ...(inicio && { inicio }),
    ...(fim && { fim }),
  };
}

/** Undefined when none was named. */
export function tipoFrom(tipo: TipoTransacao): TransacaoView['tipo'] | undefined {
  if (tipo === TipoTransacao.UNSPECIFIED) return undefined;
  return Object.entries(TipoTransacao).find(([, numero]) => numero === tipo)?.[0] as TransacaoView['tipo'];
}

export function toTransacaoProto(view: TransacaoView): MessageInitShape<typeof TransacaoSchema> {
  const { id, pagamentoId, reservaId, clienteId } = view;
  const ocorridoEm = timestampFromDate(view.ocorridoEm);
  const tipo = TipoTransacao[view.tipo];
  return { id, pagamentoId, reservaId, clienteId, tipo, valor: toDinheiroProto(view.valor), ocorridoEm };
}
