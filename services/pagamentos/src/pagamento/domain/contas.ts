import type { Dinheiro } from '@plataforma/domain/dinheiro';
import type { MeioEstorno } from './eventos.ts';
import type { Cobranca, CobrancaAprovada, Estorno, SituacaoEstorno } from './pagamento.ts';

export type StatusPagamento = Cobranca['fase'] | 'ESTORNO_PENDENTE' | 'ESTORNADO_PARCIAL' | 'ESTORNADO';

/** What others see: the phase, and of captured money how much of it has gone back. A surplus that goes back is no part of it. */
export function statusDe(cobranca: Cobranca): StatusPagamento {
  if (cobranca.fase !== 'APROVADO') return cobranca.fase;
  if (estornosDoCobrado(cobranca).some(({ situacao }) => emCurso(situacao))) return 'ESTORNO_PENDENTE';
  const estornado = totalEstornado(cobranca);
  if (estornado === 0n) return 'APROVADO';
  const excedente = totalComprometido(cobranca) - comprometidos(estornosDoCobrado(cobranca));
  return estornado === totalPago(cobranca) - excedente ? 'ESTORNADO' : 'ESTORNADO_PARCIAL';
}

/** Cents that came in, by card and by credit. */
export function totalPago({ aprovacao }: CobrancaAprovada): bigint {
  return aprovacao.valor.centavos + aprovacao.creditos.centavos;
}

/** Cents that the card paid beyond what was charged. */
export function totalExcedente(cobranca: CobrancaAprovada): bigint {
  const excedente = cobranca.aprovacao.valor.centavos - valorNoCartao(cobranca).centavos;
  return excedente > 0n ? excedente : 0n;
}

/** Whether what came in pays what was charged: not if the card was paid after the credit had been given back. */
export function pagaPorInteiro(cobranca: CobrancaAprovada): boolean {
  return totalPago(cobranca) - totalExcedente(cobranca) === cobranca.valor.centavos;
}

/** Cents that came in and can still be promised back. */
export function totalDisponivel(cobranca: CobrancaAprovada): bigint {
  const indisponivel = totalIndisponivel(cobranca, 'CREDITO') + totalIndisponivel(cobranca, 'CARTAO');
  return totalPago(cobranca) - indisponivel;
}

/** Cents that came in by one means and are back, on their way or, of the card, taken by the customer's bank. */
export function totalIndisponivel(cobranca: CobrancaAprovada, meio: MeioEstorno): bigint {
  const comprometido = totalComprometido(cobranca, meio);
  if (meio === 'CREDITO') return comprometido;
  const perdidas = cobranca.disputas.filter(({ situacao }) => situacao === 'PERDIDA');
  const fora = perdidas.reduce((total, { valor }) => total + valor.centavos, comprometido);
  const pago = cobranca.aprovacao.valor.centavos;
  const tudo = fora >= pago;
  return tudo ? pago : fora;
}

/**
 * Whether there is money that a reservation can stand on. Of any other it never hears: for it, its charge is closed, be
 * it that what came in does not pay it or that all of it goes back.
 */
export function sustentaReserva(cobranca: Cobranca): cobranca is CobrancaAprovada {
  return cobranca.fase === 'APROVADO' && pagaPorInteiro(cobranca) && totalDisponivel(cobranca) > 0n;
}

/** The part of a charge that the card pays. */
export function valorNoCartao({ valor, creditos }: Pick<Cobranca, 'valor' | 'creditos'>): Dinheiro {
  return valor.subtrair(creditos);
}

/** Cents of credit that are set aside for this payment, or have paid it and not come back. */
export function creditosRetidos(cobranca: Cobranca): bigint {
  if (cobranca.fase === 'CANCELADO') return 0n;
  if (cobranca.fase === 'PENDENTE') return cobranca.creditos.centavos;
  return cobranca.aprovacao.creditos.centavos - totalComprometido(cobranca, 'CREDITO');
}

/** Cents of what was charged that are back at the customer. */
export function totalEstornado(cobranca: Cobranca): bigint {
  return soma(estornosDoCobrado(cobranca), (situacao) => situacao === 'CONCLUIDO');
}

/** All but those of a surplus. */
export function estornosDoCobrado({ estornos }: Pick<Cobranca, 'estornos'>): readonly Estorno[] {
  return estornos.filter(({ origem }) => origem !== 'EXCEDENTE');
}

/** Cents that are back or on their way, by one means or by any: never more than came in by it. */
export function totalComprometido({ estornos }: Cobranca, meio?: MeioEstorno): bigint {
  return comprometidos(estornos.filter((estorno) => meio === undefined || estorno.meio === meio));
}

/** Whether the customer's bank claims the money back now. */
export function emDisputa({ disputas }: Cobranca): boolean {
  return disputas.some(({ situacao }) => situacao === 'ABERTA');
}

/** Whether the customer's bank has taken money back for good. */
export function perdeuDisputa({ disputas }: Cobranca): boolean {
  return disputas.some(({ situacao }) => situacao === 'PERDIDA');
}

/** Whether a refund still has a way to go. */
export function emCurso(situacao: SituacaoEstorno): boolean {
  return situacao === 'SOLICITADO' || situacao === 'PENDENTE';
}

const comprometidos = (estornos: readonly Estorno[]): bigint =>
  soma(estornos, (situacao) => situacao !== 'FALHOU');

function soma(estornos: readonly Estorno[], conta: (situacao: SituacaoEstorno) => boolean): bigint {
  return estornos
    .filter(({ situacao }) => conta(situacao))
    .reduce((total, { valor }) => total + valor.centavos, 0n);
}
