import { Result } from '@plataforma/domain/result';
import { Recusa } from '../../comum/domain/recusa.ts';

export const MINUTO_MS = 60_000;

/** The largest buffer a space can have: neighbours farther away never matter. */
export const FOLGA_MAXIMA_MINUTOS = 240;

export class PeriodoInvalidoError extends Recusa {
  readonly motivo = 'PERIODO_INVALIDO';

  constructor(message = 'O fim deve ser depois do início.') {
    super(message);
  }
}

/** The time a reservation takes: instants, half-open `[inicio, fim)`. */
export class PeriodoReserva {
  readonly inicio: Date;
  readonly fim: Date;

  private constructor(inicio: Date, fim: Date) {
    this.inicio = inicio;
    this.fim = fim;
  }

  static create(inicio: Date, fim: Date): Result<PeriodoReserva, PeriodoInvalidoError> {
    // An instant that Date cannot hold compares false with everything.
    if (!(inicio.getTime() < fim.getTime())) return Result.fail(new PeriodoInvalidoError());
    return Result.ok(new PeriodoReserva(inicio, fim));
  }

  get duracaoMs(): number {
    return this.fim.getTime() - this.inicio.getTime();
  }

  get duracaoMinutos(): number {
    return this.duracaoMs / MINUTO_MS;
  }

  /** First instant that a neighbour after this period may take. */
  bloqueioFim(folgaMinutos: number): Date {
    return new Date(this.fim.getTime() + folgaMinutos * MINUTO_MS);
  }

  /** The same duration from another start. */
  movidoPara(inicio: Date): PeriodoReserva {
    return new PeriodoReserva(inicio, new Date(inicio.getTime() + this.duracaoMs));
  }

  igual(outro: PeriodoReserva): boolean {
    return this.inicio.getTime() === outro.inicio.getTime() && this.fim.getTime() === outro.fim.getTime();
  }

  /** Whether both take some of the same time. */
  sobrepoe({ inicio, fim }: PeriodoReserva): boolean {
    return inicio < this.fim && this.inicio < fim;
  }

  /**
   * Whether a neighbour is nearer than allowed. A buffer counts before and after its reservation, so between two
   * neighbours the larger of their buffers is kept free.
   */
  conflitaCom(vizinha: Ocupacao, folgaMinutos: number): boolean {
    const distanciaMs = Math.max(folgaMinutos, vizinha.folgaMinutos) * MINUTO_MS;
    const { inicio, fim } = vizinha.periodo;
    return (
      inicio.getTime() < this.fim.getTime() + distanciaMs &&
      this.inicio.getTime() < fim.getTime() + distanciaMs
    );
  }
}

/** A time that is taken, with the buffer that was in force when it was booked. */
export interface Ocupacao {
  readonly periodo: PeriodoReserva;
  readonly folgaMinutos: number;
}
