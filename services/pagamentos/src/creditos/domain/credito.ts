import { Dinheiro } from '@plataforma/domain/dinheiro';

/** Credit that was given for one reason, and how much of it is left. */
export interface LoteDeCredito {
  readonly id: string;
  readonly restante: bigint;
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

const depoisDe = (em: Date, dias: number): Date => new Date(em.getTime() + dias * DIA_MS);
