import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Dinheiro as DinheiroMessage } from '@plataforma/contratos/comum/v1/dinheiro_pb';
import { type PagamentoSchema, StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import {
  type CriarCobrancaRequest,
  type EstornarPagamentoRequest,
  type EventoPagamentoSchema,
  type ListarTransacoesRequest,
  TipoTransacao,
  type TransacaoSchema,
  type UsarCreditosRequest,
} from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { CriarCobrancaCommand } from '../../cobrancas/application/criar-cobranca.ts';
import type { UsarCreditosCommand } from '../../cobrancas/application/usar-creditos.ts';
import type { SolicitarEstornoCommand } from '../../estornos/application/solicitar-estorno.ts';
import type { ListarTransacoesQuery } from '../../extrato/application/listar-transacoes.ts';
import { PeriodoInvalidoError } from '../../extrato/domain/periodo.ts';
import type { EventoView, PagamentoView, TransacaoView } from '../application/ports.ts';
import { valorNoCartao } from '../domain/contas.ts';
import { toRpcError } from './errors.ts';

/** @param podeGastar whether the caller may spend the customer's credit */
export function toCriarCobranca(req: CriarCobrancaRequest, podeGastar: boolean): CriarCobrancaCommand {
  return { ...toUsarCreditos(req), guardarCreditos: req.guardarCreditos || !podeGastar };
}

export function toUsarCreditos(req: CriarCobrancaRequest | UsarCreditosRequest): UsarCreditosCommand {
  const { reservaId, clienteId, descricao } = req;
  const expiraEm = toInstante(required(req.expiraEm));
  const valor = toDinheiro(required(req.valor));
  return { reservaId, clienteId, valor, descricao, expiraEm, causa: 'rpc' };
}

/** @param comChave the caller has sent an `Idempotency-Key`, so a repetition is known as one */
export function toSolicitarEstorno(
  req: EstornarPagamentoRequest,
  adminId: string,
  comChave: boolean,
): SolicitarEstornoCommand {
  const { pagamentoId, motivo } = req;
  const valor = req.valor && toDinheiro(req.valor);
  return { pagamentoId, origem: 'ADMIN', valor, motivo, unico: comChave, causa: `rpc:${adminId}` };
}

export function toListarTransacoes(req: ListarTransacoesRequest): ListarTransacoesQuery {
  return { pageSize: req.pageSize, pageToken: req.pageToken, ...toFiltro(req) };
}

/**
 * Which movements are meant.
 *
 * @throws ConnectError `PERIODO_INVALIDO` for a period that ends before it begins
 */
export function toFiltro(req: ListarTransacoesRequest) {
  const tipo = toTipoTransacao(req.tipo);
  const inicio = toInstante(req.periodoInicio);
  const fim = toInstante(req.periodoFim);
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
export function toTipoTransacao(tipo: TipoTransacao): TransacaoView['tipo'] | undefined {
  if (tipo === TipoTransacao.UNSPECIFIED) return undefined;
  return Object.entries(TipoTransacao).find(([, numero]) => numero === tipo)?.[0] as TransacaoView['tipo'];
}

/** Validation has refused instants that no calendar of ours can hold. */
export function toInstante(timestamp: Timestamp): Date;
export function toInstante(timestamp: Timestamp | undefined): Date | undefined;
export function toInstante(timestamp: Timestamp | undefined): Date | undefined {
  return timestamp && timestampDate(timestamp);
}

export function fromPagamento(view: PagamentoView): MessageInitShape<typeof PagamentoSchema> {
  return {
    id: view.id,
    reservaId: view.reservaId,
    clienteId: view.clienteId,
    valor: fromDinheiro(view.valor),
    creditosUsados: fromDinheiro(view.creditos),
    valorCartao: fromDinheiro(valorNoCartao(view)),
    status: StatusPagamento[view.status],
    checkoutUrl: view.checkoutUrl,
    estornado: fromDinheiro(view.estornado),
    criadoEm: timestampFromDate(view.criadoEm),
    ...instant('aprovadoEm', view.aprovadoEm),
    atualizadoEm: timestampFromDate(view.atualizadoEm),
    expiraEm: timestampFromDate(view.expiraEm),
    recusas: view.recusas,
    versao: view.versao,
    ...(view.devolvivel && {
      devolvivel: fromDinheiro(view.devolvivel.valor),
      devolvivelCreditos: fromDinheiro(view.devolvivel.creditos),
    }),
  };
}

export function fromTransacao(view: TransacaoView): MessageInitShape<typeof TransacaoSchema> {
  const { id, pagamentoId, reservaId, clienteId } = view;
  const ocorridaEm = timestampFromDate(view.ocorridaEm);
  const tipo = TipoTransacao[view.tipo];
  return { id, pagamentoId, reservaId, clienteId, tipo, valor: fromDinheiro(view.valor), ocorridaEm };
}

export function fromEvento(view: EventoView): MessageInitShape<typeof EventoPagamentoSchema> {
  const { versao, tipo, dados } = view;
  return { versao, tipo, dados, ocorridoEm: timestampFromDate(view.ocorridoEm) };
}

function toDinheiro({ centavos, moeda }: DinheiroMessage): Dinheiro {
  return Dinheiro.deCentavos(centavos, moeda);
}

/** Money as the contracts have it. */
export function fromDinheiro({ centavos, moeda }: Dinheiro) {
  return { centavos, moeda };
}

function instant<K extends string>(name: K, date: Date | undefined): { [P in K]?: Timestamp } {
  return date === undefined ? {} : ({ [name]: timestampFromDate(date) } as { [P in K]: Timestamp });
}

/** Validation has already refused a request without it. */
function required<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('a required field is missing: validation did not run');
  return value;
}
