import type { ReservasRepository } from '../../domain/repositories.ts';
import type { Reserva } from '../../domain/reserva.ts';
import { cabe } from '../../domain/vizinhanca.ts';
import { vizinhasDe } from '../disponibilidade.ts';

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
