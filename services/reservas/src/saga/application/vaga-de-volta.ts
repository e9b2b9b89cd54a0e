import { vizinhasDe } from '../../agenda/application/disponibilidade.ts';
import { cabe } from '../../agenda/domain/vizinhanca.ts';
import type { Reserva } from '../../reservas/domain/reserva.ts';
import type { Transacao } from './ports.ts';

/**
 * Whether an expired reservation could have its slot again, under the buffer it was made with. Takes the locks of the customer and
 * of the space first, so the answer stays true until the transaction ends. Nothing comes back to a customer whose account is gone:
 * that was cancelled and answered for, and nobody would let go of this.
 */
export async function vagaDeVolta(
  { reservas, pessoas }: Pick<Transacao, 'reservas' | 'pessoas'>,
  { estado }: Reserva,
): Promise<boolean> {
  const { clienteId, espacoId, periodo, folgaMinutos, dispensaDeFolga } = estado;
  if (await pessoas.removida(clienteId)) return false;
  await reservas.travarEspaco(espacoId);
  const vizinhas = await vizinhasDe(reservas, espacoId, periodo);
  return cabe(periodo, vizinhas, folgaMinutos, dispensaDeFolga !== undefined);
}
