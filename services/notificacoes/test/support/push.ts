import type { Entrega } from '../../src/canais/application/carteiro.ts';
import type { MensagemPush } from '../../src/canais/domain/push.ts';

export const AGORA = new Date();
/** An ordinary one. */
export const MENSAGEM: MensagemPush = {
  id: 'not_1',
  titulo: 'Reserva confirmada',
  corpo: 'Sala Ipê, 24/11, das 14h às 16h',
  caminho: '/reservas/res_1',
  urgente: false,
  validoAte: new Date(AGORA.getTime() + 90_500),
};
/** What somebody may have called a space. */
export const HOSTIL = `\u202Egnol\u0000 "\\'<b>\n${'🏢\u{1F468}\u200D\u{1F469}\u200D\u{1F467} عربى '.repeat(1_000)}\uD800`;

/** `taken`, or kind, text, wait and what it says of the device. */
export function dito(entrega: Entrega): unknown {
  if (!entrega.isFailure) return 'taken';
  const { tipo, message, depoisDeMs, sobreODestino } = entrega.error;
  return [tipo, message, ...(depoisDeMs ? [depoisDeMs] : []), ...(sobreODestino ? [sobreODestino] : [])];
}
