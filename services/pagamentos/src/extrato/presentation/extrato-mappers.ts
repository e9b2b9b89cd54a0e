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
import { fromDinheiro, toInstante } from '../../pagamento/presentation/pagamentos-mappers.ts';
import type { ExtratoView, ObterExtratoQuery } from '../application/obter-extrato.ts';
import type { ObterTotaisQuery, TotaisView } from '../application/obter-totais.ts';
import type { LinhaDeExtrato, Total } from '../application/ports.ts';
import type { Saldos } from '../domain/natureza.ts';
import { fromTransacao, toTipoTransacao } from './transacoes-mappers.ts';

export function toObterExtrato(req: ObterExtratoRequest, clienteId: string): ObterExtratoQuery {
  const { pageSize, pageToken } = req;
  const periodo = { inicio: toInstante(req.periodoInicio), fim: toInstante(req.periodoFim) };
  return { clienteId, pageSize, pageToken, ...periodo };
}

export function toObterTotais(req: ObterTotaisRequest): ObterTotaisQuery {
  const tipo = toTipoTransacao(req.tipo);
  return {
    inicio: toInstante(req.periodoInicio),
    fim: toInstante(req.periodoFim),
    granularidade: req.granularidade === GranularidadeTotais.MES ? 'MES' : 'DIA',
    fusoHorario: req.fusoHorario,
    ...(tipo && { tipo }),
    ...(req.clienteId && { clienteId: req.clienteId }),
  };
}

export function fromExtrato(view: ExtratoView): MessageInitShape<typeof ExtratoSchema> {
  return {
    clienteId: view.clienteId,
    periodoInicio: timestampFromDate(view.periodo.inicio),
    periodoFim: timestampFromDate(view.periodo.fim),
    saldoInicial: fromSaldos(view.saldoInicial),
    saldoFinal: fromSaldos(view.saldoFinal),
    linhas: view.linhas.map(fromLinha),
    totais: view.totais.map(fromTotal),
    nextPageToken: toPageToken(view.proxima),
  };
}

export function fromTotais(view: TotaisView): MessageInitShape<typeof ObterTotaisResponseSchema> {
  return {
    periodos: view.periodos.map(({ periodo, inicio, totais }) => ({
      periodo,
      inicio: timestampFromDate(inicio),
      totais: totais.map(fromTotal),
    })),
    totais: view.totais.map(fromTotal),
    fusoHorario: view.fusoHorario,
  };
}

function fromLinha({
  transacao,
  movimento,
  saldos,
}: LinhaDeExtrato): MessageInitShape<typeof LinhaExtratoSchema> {
  const { moeda } = transacao.valor;
  return {
    transacao: fromTransacao(transacao),
    movimento: { centavos: movimento, moeda },
    saldo: fromSaldos(saldos),
  };
}

function fromSaldos({ pago, creditos }: Saldos): MessageInitShape<typeof SaldosExtratoSchema> {
  const emReais = (centavos: bigint) => fromDinheiro(Dinheiro.deCentavos(centavos));
  return { pago: emReais(pago), creditos: emReais(creditos) };
}

function fromTotal({ tipo, quantidade, valor }: Total): MessageInitShape<typeof TotalTransacoesSchema> {
  return { tipo: TipoTransacao[tipo], quantidade: BigInt(quantidade), valor: fromDinheiro(valor) };
}
