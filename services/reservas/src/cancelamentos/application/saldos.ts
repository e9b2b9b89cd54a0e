import type { Devolvivel, EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import type { SaldosDePagamentos } from './ports.ts';

/** What of payments can still go back, by payment. */
export type Saldos = ReadonlyMap<string, Devolvivel>;

/**
 * Asks pagamentos, the judge of what is left, about the money of these reservations. What it does not answer in time is
 * left out: then what its events have told has to do, and what it moves in the end is noted when it tells.
 */
export async function saldosDe(
  pagamentos: SaldosDePagamentos,
  reservas: readonly EstadoReserva[],
): Promise<Saldos> {
  const saldos = await Promise.all(
    reservas.filter(podeVoltar).map(async ({ pagamentoId }) => {
      const saldo = pagamentoId === undefined ? undefined : await pagamentos.devolvivel(pagamentoId);
      return pagamentoId !== undefined && saldo ? [[pagamentoId, saldo] as const] : [];
    }),
  );
  return new Map(saldos.flat());
}

/** The reservation with the newest word of what can still go back. */
export function comSaldo(reserva: EstadoReserva, saldos: Saldos): EstadoReserva {
  const saldo = reserva.pagamentoId === undefined ? undefined : saldos.get(reserva.pagamentoId);
  const maisNovo = saldo && saldo.versao > (reserva.devolvivel?.versao ?? 0);
  return maisNovo ? { ...reserva, devolvivel: saldo } : reserva;
}

function podeVoltar({ status, confirmadoEm }: EstadoReserva): boolean {
  return status === 'CONFIRMADA' && confirmadoEm !== undefined;
}
