import { Result } from '@plataforma/domain/result';
import { normalizarTexto } from '@plataforma/domain/texto';
import { MotivoObrigatorioError } from '../../comum/domain/recusa.ts';
import { LIMITES_MAXIMOS, type LimitesReserva } from './limites-reserva.ts';

/** Rules that an admin leaves aside for one reservation. An overlap is never among them. */
export interface Dispensas {
  readonly folga: boolean;
  readonly antecedencia: boolean;
  readonly limite: boolean;
  readonly motivo: string;
}

export const NENHUMA_DISPENSA: Dispensas = { folga: false, antecedencia: false, limite: false, motivo: '' };

const NOMES = { folga: 'folga', antecedencia: 'antecedência', limite: 'limite de reservas' } as const;

/** The names of what is left aside. */
function dispensadas(dispensas: Dispensas): string[] {
  return (['folga', 'antecedencia', 'limite'] as const)
    .filter((regra) => dispensas[regra])
    .map((regra) => NOMES[regra]);
}

/** The reason as it is kept. */
export function motivoDasDispensas({ motivo }: Dispensas): string {
  return normalizarTexto(motivo, { linhas: true });
}

/** Leaving a rule aside needs a reason. */
export function verificarDispensas(dispensas: Dispensas): Result<void, MotivoObrigatorioError> {
  if (dispensadas(dispensas).length === 0 || motivoDasDispensas(dispensas) !== '')
    return Result.ok(undefined);
  return Result.fail(new MotivoObrigatorioError('Diga o motivo para deixar de lado uma regra da reserva.'));
}

/** For the history; empty when nothing is left aside. */
export function explicarDispensas(dispensas: Dispensas): string {
  const nomes = dispensadas(dispensas);
  return nomes.length === 0 ? '' : `dispensa de ${nomes.join(', ')}: ${motivoDasDispensas(dispensas)}`;
}

/** The limits that are left: without a lead time a reservation may start at once, or as far ahead as any space allows. */
export function limitesCom({ antecedencia }: Dispensas, limites: LimitesReserva): LimitesReserva {
  if (!antecedencia) return limites;
  const { antecedenciaMaximaDias } = LIMITES_MAXIMOS;
  return { ...limites, antecedenciaMinimaMinutos: 0, antecedenciaMaximaDias };
}
