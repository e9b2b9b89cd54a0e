import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import { creditosPara } from '../../creditos/domain/credito.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import type { Checkout, Cobranca, EstadoPagamento } from '../../pagamento/domain/pagamento.ts';
import {
  CobrancaDivergenteError,
  CobrancaEncerradaError,
  ValorNaoCobravelError,
} from '../../pagamento/domain/recusa.ts';

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
/** The provider keeps a checkout open for at least 30 minutes; the rest is time to repeat the very same request. */
const VIDA_MINIMA_MS = 35 * MINUTO_MS;
/** The provider keeps a checkout open for at most 24 hours; the rest is for clocks that differ. */
const VIDA_MAXIMA_MS = 24 * 60 * MINUTO_MS - 5 * MINUTO_MS;

/** What the card processor takes in BRL: a charge outside of it would be tried until its hold ends. */
const MINIMO_CENTAVOS = 50n;
const MAXIMO_CENTAVOS = 999_999_99n;

/** Why a reservation is not charged. */
export type RecusaDeCobranca = ValorNaoCobravelError | CobrancaDivergenteError | CobrancaEncerradaError;

/**
 * One charge per reservation: the same request again changes nothing, a different one is refused, and so is any once
 * the charge is closed or being closed. What credit pays in full is paid at once.
 *
 * @param disponivel credit of the customer that may be used
 */
export function criarCobranca(
  estado: EstadoPagamento,
  pagamentoId: string,
  pedido: PedidoCobranca,
  em: Date,
  disponivel = Dinheiro.zero(),
): Result<Eventos, RecusaDeCobranca> {
  const { valor } = pedido;
  if (!cobravel(valor)) return Result.fail(new ValorNaoCobravelError(valor));
  if (estado.fase !== 'INEXISTENTE') {
    if (encerrada(estado)) return Result.fail(new CobrancaEncerradaError(estado.id));
    const igual = estado.valor.equals(valor) && estado.clienteId === pedido.clienteId;
    return igual ? Result.ok([]) : Result.fail(new CobrancaDivergenteError(estado.id));
  }
  const creditos = creditosPara(valor, disponivel);
  const criada: PagamentoEvent = { tipo: 'CobrancaCriada', pagamentoId, ...pedido, creditos, em };
  const paga: PagamentoEvent = { tipo: 'PagamentoAprovado', valor: Dinheiro.zero(), em };
  return Result.ok([criada, creditos.equals(valor) ? paga : proximaTentativa(1, pedido.expiraEm, em)]);
}

function cobravel({ centavos, moeda }: Dinheiro): boolean {
  return moeda === 'BRL' && centavos >= MINIMO_CENTAVOS && centavos <= MAXIMO_CENTAVOS;
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

/**
 * The first checkout wins; another one, one that comes after the end of the charge, or one that asks the card for what
 * credit pays by now, is not announced.
 */
export function abrirCheckout(
  estado: EstadoPagamento,
  tentativa: number,
  checkout: Checkout,
  em: Date,
): Eventos {
  if (estado.fase !== 'PENDENTE' || estado.checkout !== undefined) return [];
  if (tentativa < (estado.primeiraTentativa ?? 1)) return [];
  const { sessaoId, url, expiraEm } = checkout;
  return [{ tipo: 'CheckoutAberto', tentativa, sessaoId, checkoutUrl: url, expiraEm, em }];
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

/**
 * Only the checkout that the customer was given closes the charge: one of a lost attempt says nothing about it. Where
 * credit is to be used, it only makes room for the next one.
 */
export function expirarSessao(estado: EstadoPagamento, sessaoId: string, em: Date): Eventos {
  if (estado.fase !== 'PENDENTE' || estado.checkout?.sessaoId !== sessaoId) return [];
  if (estado.creditosPedidos && !estado.encerramento) return [{ tipo: 'CheckoutFechado', sessaoId, em }];
  return [{ tipo: 'CobrancaCancelada', motivo: estado.encerramento ?? 'SESSAO_EXPIRADA', em }];
}

function encerrada({ fase, encerramento }: Cobranca): boolean {
  return fase === 'CANCELADO' || (fase === 'PENDENTE' && encerramento !== undefined);
}

/** The request for a checkout, with parameters of its own. */
export function proximaTentativa(tentativa: number, fimDaReserva: Date, em: Date): PagamentoEvent {
  const vida = Math.min(Math.max(fimDaReserva.getTime() - em.getTime(), VIDA_MINIMA_MS), VIDA_MAXIMA_MS);
  // Whole seconds, as the provider counts.
  const expiraEm = new Date(Math.ceil((em.getTime() + vida) / 1000) * 1000);
  return { tipo: 'CheckoutSolicitado', tentativa, expiraEm, em };
}
