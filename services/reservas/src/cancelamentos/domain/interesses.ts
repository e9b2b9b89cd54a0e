import type { Dinheiro } from '@plataforma/domain/dinheiro';
import { Recusa } from '../../comum/domain/recusa.ts';
import { emDinheiro } from '../../precos/domain/precificacao-textos.ts';
import { MINUTO_MS } from '../../tempo/domain/periodo-reserva.ts';

const QUARENTENA_MS = 30 * 24 * 60 * MINUTO_MS;

/** A person who acted for the space at any time since then is not one of its customers for what was booked at `criadoEm`. */
export function inicioDaQuarentena(criadoEm: Date): Date {
  return new Date(criadoEm.getTime() - QUARENTENA_MS);
}

/** A person who acts for a space does not profit as its customer. */
export class ConflitoDeInteressesError extends Recusa {
  readonly motivo = 'CONFLITO_DE_INTERESSES';

  constructor() {
    super(
      'Quem gere o espaço, ou quem concede a exceção, não recebe reembolso excepcional nem bônus pela própria reserva. Cancele sem exceção: vale a política normal.',
    );
  }
}

/** What a GESTOR gives as bonus is bounded per space and month. */
export class LimiteDeBonusError extends Recusa {
  readonly motivo = 'LIMITE_DE_BONUS';

  constructor(bonus: Dinheiro, { teto, resta }: { readonly teto: Dinheiro; readonly resta: Dinheiro }) {
    super(
      `O bônus seria de ${emDinheiro(bonus)} e este espaço ainda tem ${emDinheiro(resta)} de ${emDinheiro(teto)} neste mês. A administração pode conceder o bônus; por força maior o valor pago volta por inteiro, sem bônus.`,
      { bonus: Number(bonus.centavos), teto: Number(teto.centavos), resta: Number(resta.centavos) },
    );
  }
}
