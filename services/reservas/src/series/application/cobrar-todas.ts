import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';

/** Charges of one series that are asked for at the same time. */
const SIMULTANEAS = 4;

/**
 * Asks for the charges of committed holds, in their order, for as long as the caller can wait. The holds that were not
 * reached are answered as they are: their charges come by the event.
 *
 * @param cobrar answers the hold as it stands afterwards; never rejects.
 */
export async function cobrarTodas(
  reservas: readonly EstadoReserva[],
  cobrar: (reserva: EstadoReserva) => Promise<EstadoReserva>,
  prazoMs: number,
): Promise<EstadoReserva[]> {
  const atuais = [...reservas];
  const fila = reservas.entries();
  const prazo = AbortSignal.timeout(Math.trunc(prazoMs));
  const cobrarDaFila = async () => {
    for (const [i, reserva] of fila) {
      if (prazo.aborted) return;
      atuais[i] = await cobrar(reserva);
    }
  };
  const esgotado = new Promise<void>((resolve) => {
    prazo.addEventListener('abort', () => resolve(), { once: true });
  });
  await Promise.race([Promise.all(Array.from({ length: SIMULTANEAS }, cobrarDaFila)), esgotado]);
  return [...atuais];
}
