import { Dinheiro } from '@plataforma/domain/dinheiro';
import { dividirEstorno, type Partes } from '@plataforma/domain/divisao-de-estorno';
import type {
  Cancelamento,
  EstadoReserva,
  Estorno,
  NoticiaDeEstorno,
  StatusEstorno,
} from './estado-reserva.ts';

/** A refund that was done may still fail; one that has failed never gets on, for the next try has a number of its own. */
const ORDEM: Readonly<Record<StatusEstorno, number>> = { SOLICITADO: 0, CONCLUIDO: 1, FALHOU: 2 };

/** The refunds with what was heard of one; undefined when that is older than what is known. */
export function comNoticia(estornos: readonly Estorno[], noticia: Estorno): readonly Estorno[] | undefined {
  const conhecido = estornos.find(({ numero }) => numero === noticia.numero);
  if (conhecido && ORDEM[noticia.status] <= ORDEM[conhecido.status]) return undefined;
  const outros = estornos.filter(({ numero }) => numero !== noticia.numero);
  return [...outros, noticia].sort((a, b) => a.numero - b.numero);
}

/** Money that came in for a reservation, and what of it has gone back or is on its way. */
export interface DinheiroRecebido {
  readonly pago: Partes;
  readonly devolvido: Partes;
}

type Pagamento = Pick<EstadoReserva, 'confirmadoEm' | 'preco' | 'creditosUsados' | 'estornos' | 'devolvivel'>;

/**
 * Undefined when it was not paid. pagamentos is the judge of what is left; where it has told nothing but its refunds,
 * they are counted here.
 */
export function recebido(reserva: Pagamento): DinheiroRecebido | undefined {
  const { confirmadoEm, preco, creditosUsados: creditos, estornos, devolvivel } = reserva;
  if (confirmadoEm === undefined) return undefined;
  const pago = { creditos, cartao: preco.valor.subtrair(creditos) };
  if (devolvivel) {
    const { valor, creditos: emCreditos } = devolvivel;
    const cartao = valor.subtrair(emCreditos);
    return {
      pago,
      devolvido: { creditos: creditos.subtrair(emCreditos), cartao: pago.cartao.subtrair(cartao) },
    };
  }
  const zero = Dinheiro.zero(preco.valor.moeda);
  const fora = Dinheiro.deCentavos(totalComprometido(estornos), zero.moeda);
  const ate = fora.centavos < preco.valor.centavos ? fora : preco.valor;
  return { pago, devolvido: dividirEstorno(ate, pago, { creditos: zero, cartao: zero }) };
}

/** Both parts together. */
export function soma({ creditos, cartao }: Partes): Dinheiro {
  return creditos.somar(cartao);
}

/**
 * What news of the reservation's payment change; nothing when they are older than what is known. The first word of the
 * refund that the cancellation asked for ends the wait for it, and tells what goes back from then on.
 */
export function comMovimento(
  { estornos: conhecidos, devolvivel: antes, devolucao, cancelamento }: EstadoReserva,
  { estorno, devolvivel, pedido }: NoticiaDeEstorno,
): Partial<EstadoReserva> {
  const estornos = estorno && comNoticia(conhecidos, estorno);
  const novo = estornos && estornos.length > conhecidos.length;
  const respondida = novo && (pedido === undefined || pedido.origem === 'CANCELAMENTO');
  return {
    ...(estornos && { estornos, estorno: estornos.at(-1) }),
    ...(devolvivel && devolvivel.versao > (antes?.versao ?? 0) && { devolvivel }),
    ...(respondida && devolucao && { devolucao: undefined }),
    // An older word, that nothing is left, may have ended the wait.
    ...(respondida &&
      cancelamento &&
      (devolucao || cancelamento.reembolso.centavos === 0n) &&
      pedido && {
        cancelamento: { ...cancelamento, reembolso: pedido.valor, reembolsoCreditos: pedido.creditos },
      }),
  };
}

/** A cancellation that gives nothing back after all. */
export function semVolta(cancelamento: Cancelamento): Cancelamento {
  const nada = Dinheiro.zero(cancelamento.reembolso.moeda);
  return { ...cancelamento, reembolso: nada, reembolsoCreditos: nada };
}

/** The same of another payment, which leaves this one its own. */
export function comMovimentoDeOutro(
  { estornos: conhecidos }: EstadoReserva,
  { estorno }: NoticiaDeEstorno,
): Partial<EstadoReserva> {
  const estornos = estorno && comNoticia(conhecidos, { numero: estorno.numero, status: estorno.status });
  return estornos ? { estornos, estorno: estornos.at(-1) } : {};
}

/** Cents that are back at the customer. */
export function totalEstornado(estornos: readonly Estorno[]): bigint {
  return somaDe(estornos.filter(({ status }) => status === 'CONCLUIDO'));
}

/** Cents that are back, or on their way. */
function totalComprometido(estornos: readonly Estorno[]): bigint {
  return somaDe(estornos.filter(({ status }) => status !== 'FALHOU'));
}

function somaDe(estornos: readonly Estorno[]): bigint {
  return estornos.reduce((total, { valor }) => total + (valor?.centavos ?? 0n), 0n);
}
