/** Statuses in which the reservation is its customer's for good. */
export const CERTA: readonly string[] = ['CONFIRMADA', 'CONCLUIDA'];

/** Statuses in which it waits for money. */
export const ESPERA: readonly string[] = ['PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO', 'EXPIRANDO'];

/** Statuses in which it takes its slot: the contract's list, not the program's, which is one of the things compared. */
export const OCUPA: readonly string[] = [...ESPERA, 'CONFIRMADA'];

interface Periodo {
  readonly inicio: Date;
  readonly fim: Date;
}

/** Half-open: one may begin when the other ends. */
const overlap = (a: Periodo, b: Periodo): boolean => a.inicio < b.fim && b.inicio < a.fim;

/** Whether both take their slot, and some of it is the same. */
export function ocupam(
  a: Periodo & { readonly status: string },
  b: Periodo & { readonly status: string },
): boolean {
  return [a, b].every(({ status }) => OCUPA.includes(status)) && overlap(a, b);
}
