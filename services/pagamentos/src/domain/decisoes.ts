import type { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import {
  CapturaDivergenteError,
  CapturaDuplicadaError,
  CobrancaDivergenteError,
  CobrancaEncerradaError,
  PagamentoNaoEncontradoError,
  ValorInvalidoError,
} from './errors.ts';
import type { PagamentoEvent } from './eventos.ts';
import type { Checkout, Cobranca, EstadoPagamento } from './pagamento.ts';

/** What to charge, before the payment has an identity. */
export interface PedidoCobranca {
  readonly reservaId: string;
  readonly clienteId: string;
  readonly valor: Dinheiro;
  readonly descricao: string;
  readonly expiraEm: Date;
}

type Eventos = readonly PagamentoEvent[];

const MINUTO_MS = 60_000;
const SEM_DESFECHO_MS = 5 * MINUTO_MS;
const REANUNCIO_MAXIMO_MS = 24 * 60 * MINUTO_MS;
/** The provider keeps a checkout open for at least 30 minutes; the rest is time to repeat the very same request. */
const VIDA_MINIMA_MS = 35 * MINUTO_MS;
/** The provider keeps a checkout open for at most 24 hours; the rest is for clocks that differ. */
const VIDA_MAXIMA_MS = 24 * 60 * MINUTO_MS - 5 * MINUTO_MS;

/** Why a reservation is not charged. */
export type RecusaDeCobranca = ValorInvalidoError | CobrancaDivergenteError | CobrancaEncerradaError;

/**
 * One charge per reservation: the same request again changes nothing, a different one is refused, and so is any once
 * the charge is closed or being closed.
 */
export function criarCobranca(
  estado: EstadoPagamento,
  pagamentoId: string,
  pedido: PedidoCobranca,
  em: Date,
): Result<Eventos, RecusaDeCobranca> {
  const { valor } = pedido;
  if (valor.centavos <= 0n || valor.moeda !== 'BRL') return Result.fail(new ValorInvalidoError(valor));
  if (estado.fase !== 'INEXISTENTE') {
    if (encerrada(estado)) return Result.fail(new CobrancaEncerradaError(estado.id));
    const igual = estado.valor.equals(valor) && estado.clienteId === pedido.clienteId;
    return igual ? Result.ok([]) : Result.fail(new CobrancaDivergenteError(estado.id));
  }
  const criada: PagamentoEvent = { tipo: 'CobrancaCriada', pagamentoId, ...pedido, em };
  return Result.ok([criada, proximaTentativa(1, pedido.expiraEm, em)]);
}

/** Before the provider is called: once the hold is over there is nothing left to pay for. */
export function encerrarSemCheckout(estado: EstadoPagamento, em: Date): Eventos {
  if (estado.fase !== 'PENDENTE' || estado.checkout !== undefined || em < estado.expiraEm) return [];
  return [{ tipo: 'CobrancaCancelada', motivo: 'PRAZO_ESGOTADO', em }];
}

/** The provider will never accept attempt `numero` any more, so the next one gets fresh parameters and a fresh key. */
export function trocarTentativa(estado: EstadoPagamento, numero: number, em: Date): Eventos {
  if (estado.fase !== 'PENDENTE' || estado.checkout !== undefined) return [];
  if (estado.tentativa?.numero !== numero) return [];
  return [proximaTentativa(numero + 1, estado.expiraEm, em)];
}

/** The first checkout wins; another one, or one that comes after the end of the charge, is not announced. */
export function abrirCheckout(
  estado: EstadoPagamento,
  tentativa: number,
  checkout: Checkout,
  em: Date,
): Eventos {
  if (estado.fase !== 'PENDENTE' || estado.checkout !== undefined) return [];
  const { sessaoId, url, expiraEm } = checkout;
  return [{ tipo: 'CheckoutAberto', tentativa, sessaoId, checkoutUrl: url, expiraEm, em }];
}

/**
 * Money came in. It is a fact even when the charge was cancelled before: the reservation is then confirmed after all
 * or the money is given back. The same capture told again changes nothing.
 */
export function aprovar(
  estado: EstadoPagamento,
  captura: { pagamentoId: string; intencaoId: string; valor: Dinheiro },
  em: Date,
): Result<Eventos, PagamentoNaoEncontradoError | CapturaDivergenteError | CapturaDuplicadaError> {
  const { pagamentoId, intencaoId, valor } = captura;
  if (estado.fase === 'INEXISTENTE') return Result.fail(new PagamentoNaoEncontradoError(pagamentoId));
  if (estado.fase === 'APROVADO') {
    const primeira = estado.aprovacao.intencaoId;
    return primeira === intencaoId
      ? Result.ok([])
      : Result.fail(new CapturaDuplicadaError(primeira, intencaoId));
  }
  if (!estado.valor.equals(valor)) return Result.fail(new CapturaDivergenteError(estado.valor, valor));
  return Result.ok([{ tipo: 'PagamentoAprovado', intencaoId, valor, em }]);
}

/**
 * Asks what became of the reservation, when that was not heard: five minutes after the approval, then after waits that
 * double, at most a day. Money that goes back asks nothing.
 */
export function reanunciarAprovacao(estado: EstadoPagamento, em: Date): Eventos {
  if (estado.fase !== 'APROVADO' || estado.estornos.length > 0) return [];
  const calado = estado.atualizadoEm.getTime() - estado.aprovacao.em.getTime();
  const espera = Math.min(Math.max(calado, SEM_DESFECHO_MS), REANUNCIO_MAXIMO_MS);
  if (em.getTime() - estado.atualizadoEm.getTime() < espera) return [];
  return [{ tipo: 'AprovacaoReanunciada', em }];
}

/** Not final: the customer may try another card for as long as the checkout is open. */
export function recusarCartao(
  estado: EstadoPagamento,
  recusa: { recusaId: string; codigo: string },
  em: Date,
): Eventos {
  if (estado.fase !== 'PENDENTE' || estado.recusas.includes(recusa.recusaId)) return [];
  return [{ tipo: 'CartaoRecusado', ...recusa, em }];
}

/** Only the checkout that the customer was given closes the charge: one of a lost attempt says nothing about it. */
export function expirarSessao(estado: EstadoPagamento, sessaoId: string, em: Date): Eventos {
  if (estado.fase !== 'PENDENTE' || estado.checkout?.sessaoId !== sessaoId) return [];
  return [{ tipo: 'CobrancaCancelada', motivo: estado.encerramento ?? 'SESSAO_EXPIRADA', em }];
}

function encerrada({ fase, encerramento }: Cobranca): boolean {
  return fase === 'CANCELADO' || (fase === 'PENDENTE' && encerramento !== undefined);
}

function proximaTentativa(tentativa: number, fimDaReserva: Date, em: Date): PagamentoEvent {
  const vida = Math.min(Math.max(fimDaReserva.getTime() - em.getTime(), VIDA_MINIMA_MS), VIDA_MAXIMA_MS);
  // Whole seconds, as the provider counts.
  const expiraEm = new Date(Math.ceil((em.getTime() + vida) / 1000) * 1000);
  return { tipo: 'CheckoutSolicitado', tentativa, expiraEm, em };
}
