/** All statuses of a reservation. */
export const STATUS_RESERVA = [
  'PENDENTE_COBRANCA',
  'PENDENTE_PAGAMENTO',
  'EXPIRANDO',
  'CONFIRMADA',
  'CANCELADA',
  'EXPIRADA',
  'CONCLUIDA',
] as const;

export type StatusReserva = (typeof STATUS_RESERVA)[number];

/**
 * The statuses in which a reservation takes its slot. The predicates of the exclusion constraints repeat this list;
 * a spec compares them with it.
 */
export const STATUS_OCUPANTES = [
  'PENDENTE_COBRANCA',
  'PENDENTE_PAGAMENTO',
  'EXPIRANDO',
  'CONFIRMADA',
] as const satisfies readonly StatusReserva[];

export function ocupa(status: StatusReserva): boolean {
  return (STATUS_OCUPANTES as readonly StatusReserva[]).includes(status);
}

/** Still unpaid, with its slot taken. */
export const STATUS_AGUARDANDO = [
  'PENDENTE_COBRANCA',
  'PENDENTE_PAGAMENTO',
  'EXPIRANDO',
] as const satisfies readonly StatusReserva[];

export function aguardaPagamento(status: StatusReserva): boolean {
  return (STATUS_AGUARDANDO as readonly StatusReserva[]).includes(status);
}
