import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Stripe } from 'stripe';
import type { NoticiaDeDisputa } from '../../estornos/domain/disputa.ts';

const ENDS: ReadonlySet<string> = new Set<Stripe.Dispute.Status>([
  'won',
  'lost',
  'prevented',
  'warning_closed',
]);

/**
 * A dispute in the words of the domain. While its status starts with `warning_` it is an inquiry: Stripe lets it be
 * refunded, and has taken no money (https://docs.stripe.com/disputes/how-disputes-work).
 */
export function noticiaDeDisputa(disputa: Stripe.Dispute): NoticiaDeDisputa {
  const { id: disputaId, reason: motivo, amount, currency, status } = disputa;
  const encerrada = ENDS.has(status);
  const aberta = status.startsWith('warning_') ? 'CONSULTA' : 'ABERTA';
  return {
    disputaId,
    motivo,
    valor: Dinheiro.deCentavos(amount, currency.toUpperCase()),
    situacao: encerrada ? 'ENCERRADA' : aberta,
    resultado: encerrada ? status : '',
  };
}
