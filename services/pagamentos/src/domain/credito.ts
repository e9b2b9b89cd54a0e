import { Dinheiro } from '@plataforma/domain/dinheiro';

/** Credit that was given for one reason, and how much of it is left. */
export interface LoteDeCredito {
  readonly id: string;
  readonly restante: bigint;
}

/** An amount by where it came from, or goes back to. */
export interface Partes {
  readonly creditos: Dinheiro;
  readonly cartao: Dinheiro;
}

const DIA_MS = 24 * 60 * 60_000;
const VALIDADE_DIAS = 365;
const VALIDADE_MINIMA_DE_VOLTA_DIAS = 30;
/** The provider charges no card with less than this: R$ 0.50. */
const MINIMO_DO_CARTAO = 50n;

/** Until when credit given at `em` can be spent. */
export function validadeDoCredito(em: Date): Date {
  return depoisDe(em, VALIDADE_DIAS);
}

/** Until when credit can be spent that a refund gives back: as before, but long enough to plan another booking. */
export function validadeDeVolta(expiraEm: Date, em: Date): Date {
  const minima = depoisDe(em, VALIDADE_MINIMA_DE_VOLTA_DIAS);
  return expiraEm > minima ? expiraEm : minima;
}

/** How much of a charge credit pays: all it can, but what it leaves to the card is nothing or can be charged. */
export function creditosPara(valor: Dinheiro, disponivel: Dinheiro): Dinheiro {
  if (disponivel.centavos >= valor.centavos) return valor;
  const maximo = valor.centavos - MINIMO_DO_CARTAO;
  const usados = disponivel.centavos < maximo ? disponivel.centavos : maximo;
  return Dinheiro.deCentavos(usados > 0n ? usados : 0n, valor.moeda);
}

/**
 * Splits a refund so that all refunds together stay in the proportion in which was paid, as far as what is left of each
 * part allows: one that the card has refused is made up for by the card alone. Half a cent goes to the credit.
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

/**
 * What to take from which lot, in their order, until `centavos` are together or there is no more.
 *
 * @param lotes of one customer, the first to be taken first
 */
export function escolherLotes<L extends LoteDeCredito>(
  lotes: readonly L[],
  centavos: bigint,
): ReadonlyArray<{ readonly lote: L; readonly centavos: bigint }> {
  let falta = centavos;
  const escolhas: Array<{ lote: L; centavos: bigint }> = [];
  for (const lote of lotes) {
    if (falta <= 0n) break;
    const cobre = lote.restante >= falta;
    if (lote.restante > 0n) escolhas.push({ lote, centavos: cobre ? falta : lote.restante });
    falta -= lote.restante;
  }
  return escolhas;
}

const menor = (...valores: readonly [Dinheiro, ...Dinheiro[]]): Dinheiro =>
  valores.reduce((a, b) => (b.centavos < a.centavos ? b : a));

const maior = (...valores: readonly [Dinheiro, ...Dinheiro[]]): Dinheiro =>
  valores.reduce((a, b) => (b.centavos > a.centavos ? b : a));

const depoisDe = (em: Date, dias: number): Date => new Date(em.getTime() + dias * DIA_MS);
