import { Result } from '@plataforma/domain/result';
import { Recusa } from '../../comum/domain/recusa.ts';
import { anoLocal, noAno } from '../../tempo/domain/hora-local.ts';
import { MINUTO_MS, PeriodoInvalidoError, PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';

export class EspacoFechadoError extends Recusa {
  readonly motivo = 'ESPACO_FECHADO';

  constructor(porque: string) {
    super(porque === '' ? 'O espaço está fechado neste período.' : `O espaço está fechado: ${porque}.`);
  }
}

export class FechamentoNaoEncontradoError extends Recusa {
  readonly motivo = 'FECHAMENTO_NAO_ENCONTRADO';

  constructor() {
    super('Fechamento não encontrado.');
  }
}

/** A time in which a space is closed in spite of its opening hours; reservations made before stay. */
export interface Fechamento {
  readonly id: string;
  readonly espacoId: string;
  readonly periodo: PeriodoReserva;
  /** True when it comes back every year on the same local dates, from its first year on. */
  readonly anual: boolean;
  /** Why, for those whose booking is refused; may be empty. */
  readonly motivo: string;
  readonly criadoEm: Date;
}

/** A closure that comes every year leaves at least one day open. */
const MAXIMO_ANUAL_MS = 364 * 1440 * MINUTO_MS;

export function periodoDeFechamento(
  inicio: Date,
  fim: Date,
  anual: boolean,
): Result<PeriodoReserva, PeriodoInvalidoError> {
  const periodo = PeriodoReserva.create(inicio, fim);
  if (periodo.isFailure) return periodo;
  if (anual && periodo.value.duracaoMs > MAXIMO_ANUAL_MS)
    return Result.fail(new PeriodoInvalidoError('Um fechamento anual pode durar no máximo 364 dias.'));
  return periodo;
}

/** The times between two instants in which a closure closes, in the years it comes back. */
export function ocorrencias(
  { periodo, anual }: Fechamento,
  de: Date,
  ate: Date,
  fuso: string,
): PeriodoReserva[] {
  const dentro = ({ inicio, fim }: PeriodoReserva) => inicio < ate && fim > de;
  if (!anual) return [periodo].filter(dentro);
  const primeiro = anoLocal(periodo.inicio, fuso);
  const anosAteOFim = anoLocal(periodo.fim, fuso) - primeiro;
  const vezes: PeriodoReserva[] = [];
  for (let ano = Math.max(primeiro, anoLocal(de, fuso) - 1); ano <= anoLocal(ate, fuso); ano += 1) {
    const vez = PeriodoReserva.create(
      noAno(periodo.inicio, ano, fuso),
      noAno(periodo.fim, ano + anosAteOFim, fuso),
    );
    if (vez.isSuccess) vezes.push(vez.value);
  }
  return vezes.filter(dentro);
}

/** The closure in the way of a period, if any. */
export function fechamentoEm(
  { inicio, fim }: PeriodoReserva,
  fechamentos: readonly Fechamento[],
  fuso: string,
): Fechamento | undefined {
  return fechamentos.find((fechamento) => ocorrencias(fechamento, inicio, fim, fuso).length > 0);
}
