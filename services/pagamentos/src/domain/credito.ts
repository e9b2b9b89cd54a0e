/** Credit that was given for one reason, and how much of it is left. */
export interface LoteDeCredito {
  readonly id: string;
  readonly restante: bigint;
}

const DIA_MS = 24 * 60 * 60_000;
const VALIDADE_DIAS = 365;

/** Until when credit given at `em` can be spent. */
export function validadeDoCredito(em: Date): Date {
  return new Date(em.getTime() + VALIDADE_DIAS * DIA_MS);
}

/**
 * What to take from which lot, oldest first, until `centavos` are together or there is no more.
 *
 * @param lotes of one customer, oldest first, none of them expired
 */
export function escolherLotes(
  lotes: readonly LoteDeCredito[],
  centavos: bigint,
): ReadonlyArray<{ readonly lote: string; readonly centavos: bigint }> {
  let falta = centavos;
  const escolhas: Array<{ lote: string; centavos: bigint }> = [];
  for (const { id, restante } of lotes) {
    if (falta <= 0n) break;
    const cobre = restante >= falta;
    if (restante > 0n) escolhas.push({ lote: id, centavos: cobre ? falta : restante });
    falta -= restante;
  }
  return escolhas;
}
