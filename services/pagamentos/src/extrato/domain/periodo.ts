import { Result } from '@plataforma/domain/result';
import { PeriodoInvalidoError } from '../../pagamento/domain/recusa.ts';

const DIA_MS = 24 * 3_600_000;
const PADRAO_DIAS = 30;

/** From `inicio` on, before `fim`. */
export interface Periodo {
  readonly inicio: Date;
  readonly fim: Date;
}

/** The period that is asked for; what is not said is the 30 days up to now. */
export function periodoPedido(
  { inicio, fim }: { readonly inicio?: Date | undefined; readonly fim?: Date | undefined },
  maximoDias: number,
  agora: Date,
): Result<Periodo, PeriodoInvalidoError> {
  const ate = fim ?? agora;
  const de = inicio ?? new Date(ate.getTime() - PADRAO_DIAS * DIA_MS);
  if (de >= ate) return Result.fail(new PeriodoInvalidoError('O início do período deve vir antes do fim.'));
  if (ate.getTime() - de.getTime() > maximoDias * DIA_MS)
    return Result.fail(
      new PeriodoInvalidoError(`O período pode ter no máximo ${maximoDias} dias. Peça um período menor.`),
    );
  return Result.ok({ inicio: de, fim: ate });
}
