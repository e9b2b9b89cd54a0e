import { vizinhasDe } from '../../agenda/application/disponibilidade.ts';
import { cabe } from '../../agenda/domain/vizinhanca.ts';
import type { ReservasRepository } from '../../reservas/domain/repositories.ts';
import type { Reserva } from '../../reservas/domain/reserva.ts';

/**
 * Whether an expired reservation could have its slot again, under the buffer it was made with. Takes the lock of the
 * space first, so the answer stays true until the transaction ends.
 */
export async function vagaDeVolta(reservas: ReservasRepository, { estado }: Reserva): Promise<boolean> {
  const { espacoId, periodo, folgaMinutos, dispensaDeFolga } = estado;
  await reservas.travarEspaco(espacoId);
  const vizinhas = await vizinhasDe(reservas, espacoId, periodo);
  return cabe(periodo, vizinhas, folgaMinutos, dispensaDeFolga !== undefined);
}
