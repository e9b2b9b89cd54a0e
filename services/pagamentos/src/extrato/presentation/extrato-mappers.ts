import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type ExtratoSchema,
  GranularidadeTotais,
  type LinhaExtratoSchema,
  type ObterExtratoRequest,
  type ObterTotaisRequest,
  type ObterTotaisResponseSchema,
  type SaldosExtratoSchema,
  TipoTransacao,
  type TotalTransacoesSchema,
} from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { toPageToken } from '@plataforma/domain/page-token';
import { instanteFrom, toDinheiroProto } from '../../pagamento/presentation/pagamentos-mappers.ts';
import type { ExtratoView, ObterExtratoQuery } from '../application/obter-extrato.ts';
import type { ObterTotaisQuery, TotaisView } from '../application/obter-totais.ts';
import type { LinhaDeExtrato, Total } from '../application/ports.ts';
import type { Saldos } from '../domain/natureza.ts';
import { tipoFrom, toTransacaoProto } from './transacoes-mappers.ts';

export function obterExtratoFrom(req: ObterExtratoRequest, clienteId: string): ObterExtratoQuery {
  const { pageSize, pageToken } = req;
  const periodo = { inicio: instanteFrom(req.dataInicio), fim: instanteFrom(req.dataFim) };
  return { clienteId, pageSize, pageToken, ...periodo };
}

export function obterTotaisFrom(req: ObterTotaisRequest): ObterTotaisQuery {
  const tipo = tipoFrom(req.tipo);
  return {
    inicio: instanteFrom(req.dataInicio),
    fim: instanteFrom(req.dataFim),
    granularidade: req.granularidade === GranularidadeTotais.MES ? 'MES' : 'DIA',
    fusoHorario: req.fusoHorario,
    ...(tipo && { tipo }),
    ...(req.clienteId && { clienteId: req.clienteId }),
  };
}

export function toExtratoProto(view: ExtratoView): MessageInitShape<typeof ExtratoSchema> {
  return {
    clienteId: view.clienteId,
    dataInicio: timestampFromDate(view.periodo.inicio),
    dataFim: timestampFromDate(view.periodo.fim),
    saldoInicial: toSaldosProto(view.saldoInicial),
    saldoFinal: toSaldosProto(view.saldoFinal),
    linhas: view.linhas.map(toLinhaProto),
    totais: view.totais.map(toTotalProto),
    nextPageToken: toPageToken(view.proxima),
  };
}

export function toTotaisProto(view: TotaisView): MessageInitShape<typeof ObterTotaisResponseSchema> {
  return {
    periodos: view.periodos.map(({ periodo, inicio, totais }) => ({
      periodo,
      dataInicio: timestampFromDate(inicio),
      totais: totais.map(toTotalProto),
    })),
    totais: view.totais.map(toTotalProto),
    fusoHorario: view.fusoHorario,
  };
}

function toLinhaProto({
  transacao,
  movimento,
  saldos,
}: LinhaDeExtrato): MessageInitShape<typeof LinhaExtratoSchema> {
  const { moeda } = transacao.valor;
  return {
    transacao: toTransacaoProto(transacao),
    movimento: { centavos: movimento, moeda },
    saldo: toSaldosProto(saldos),
  };
}

function toSaldosProto({ pago, creditos }: Saldos): MessageInitShape<typeof SaldosExtratoSchema> {
  const emReais = (centavos: bigint) => toDinheiroProto(Dinheiro.deCentavos(centavos));
  return { pago: emReais(pago), creditos: emReais(creditos) };
}

function toTotalProto({ tipo, quantidade, valor }: Total): MessageInitShape<typeof TotalTransacoesSchema> {
  return { tipo: TipoTransacao[tipo], quantidade: BigInt(quantidade), valor: toDinheiroProto(valor) };
}
