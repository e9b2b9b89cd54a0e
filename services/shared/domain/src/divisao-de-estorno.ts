import { Dinheiro } from './dinheiro.ts';

/** An amount by where it came from, or goes back to. */
export interface Partes {
  readonly creditos: Dinheiro;
  readonly cartao: Dinheiro;
}

/**
 * Splits a refund so that all refunds together stay in the proportion in which was paid, as far as what is left of each
 * part allows: one that the card has refused is made up for by the card alone. Half a cent goes to the credit. The
 * preview of a refund and the refund itself are split by this.
 *
 * @param valor at most what is left of both parts together
 * @param devolvido what has gone back, or is on its way
 */
export function dividirEstorno(valor: Dinheiro, pago: Partes, devolvido: Partes): Partes {
  const total = pago.creditos.somar(pago.cartao);
  if (total.centavos === 0n) return pago;
  const aoTodo = devolvido.creditos.somar(devolvido.cartao).somar(valor);
  const emProporcao = aoTodo.multiplicarFracao(pago.creditos.centavos, total.centavos);
  const resta = {
    creditos: pago.creditos.subtrair(devolvido.creditos),
    cartao: pago.cartao.subtrair(devolvido.cartao),
  };
  const creditos = menor(
    maior(emProporcao.subtrair(devolvido.creditos), valor.subtrair(resta.cartao), Dinheiro.zero(valor.moeda)),
    resta.creditos,
    valor,
  );
  return { creditos, cartao: valor.subtrair(creditos) };
}

const menor = (...valores: readonly [Dinheiro, ...Dinheiro[]]): Dinheiro =>
  valores.reduce((a, b) => (b.centavos < a.centavos ? b : a));

const maior = (...valores: readonly [Dinheiro, ...Dinheiro[]]): Dinheiro =>
  valores.reduce((a, b) => (b.centavos > a.centavos ? b : a));
