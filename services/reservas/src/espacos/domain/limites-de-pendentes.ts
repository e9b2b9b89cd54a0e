import type { Fatos } from '@plataforma/domain/domain-error';
import { Result } from '@plataforma/domain/result';
import { type Motivo, Recusa } from '../../comum/domain/recusa.ts';
import { MINUTO_MS, type PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';

/**
 * What one customer may hold without paying, all spaces together, and how soon they may hold a period of the space again
 * that they held and did not pay. Without these limits a few accounts keep a space empty for nothing.
 */
export interface LimitesDePendentes {
  readonly reservas: number;
  readonly horas: number;
  /** 0: at once. */
  readonly resfriamentoMinutos: number;
}

export const LIMITES_DE_PENDENTES_PADRAO: LimitesDePendentes = {
  reservas: 3,
  horas: 24,
  resfriamentoMinutos: 30,
};

const RESFRIAMENTO_MAXIMO_MINUTOS = 1440;

/** The unpaid holds that a customer made for themselves; what others hold for a person does not count against them. */
export interface Pendentes {
  readonly reservas: number;
  readonly minutos: number;
  /** When the first of them ends; undefined when there is none. */
  readonly ateQuando: Date | undefined;
  /** Periods of the space that the customer held and let go without paying, as far as they count still. */
  readonly largados: readonly Largado[];
}

/** What a customer has at a time, as the limits count it. */
export interface Compromissos {
  /** Future or current reservations: made by themselves and in an occupying status, or by somebody else and confirmed. */
  readonly ativas: number;
  /** The account is gone: nothing more is booked for it. */
  readonly removido: boolean;
  readonly pendentes: Pendentes;
}

/** A period that was held and not paid, and when that ended. */
export interface Largado {
  readonly periodo: PeriodoReserva;
  readonly em: Date;
}

/** The customer holds too much unpaid already, or has just let this period go. */
export class LimiteDePendentesError extends Recusa {
  readonly motivo: Motivo;

  constructor(motivo: Motivo, message: string, detalhes: Fatos) {
    super(message, detalhes);
    this.motivo = motivo;
  }
}

/** Whether the customer may hold one more period unpaid. */
export function verificarPendentes(
  periodo: PeriodoReserva,
  limites: LimitesDePendentes,
  pendentes: Pendentes,
  agora: Date,
): Result<void, LimiteDePendentesError> {
  const { reservas, horas, resfriamentoMinutos } = limites;
  if (pendentes.reservas >= reservas) {
    const tem = pendentes.reservas === 1 ? '1 reserva' : `${pendentes.reservas} reservas`;
    const message = `Você já tem ${tem} sem pagamento, e o máximo é ${reservas}: ${saida(pendentes, agora)}.`;
    return falha('LIMITE_DE_PENDENTES', message, { maximo: reservas }, pendentes.ateQuando);
  }
  if (pendentes.minutos + periodo.duracaoMinutos > horas * 60) {
    const maximo = horas === 1 ? '1 hora' : `${horas} horas`;
    const message = `Suas reservas sem pagamento passariam de ${maximo}, o máximo: ${saida(pendentes, agora)}.`;
    return falha('LIMITE_DE_HORAS_PENDENTES', message, { maximoHoras: horas }, pendentes.ateQuando);
  }
  const sobrepostos = pendentes.largados.filter((largado) => largado.periodo.sobrepoe(periodo));
  const largadoMs = Math.max(...sobrepostos.map(({ em }) => em.getTime()), 0);
  const livreEm = new Date(largadoMs + resfriamentoMinutos * MINUTO_MS);
  if (livreEm > agora) {
    const message = `Você teve este horário e não pagou: poderá reservá-lo de novo ${daqui(livreEm, agora)}.`;
    return falha('PENDENCIA_RECENTE', message, { minutos: resfriamentoMinutos }, livreEm);
  }
  return Result.ok(undefined);
}

/** The same customer after one more hold. */
export function comMaisUm(pendentes: Pendentes, { duracaoMinutos }: PeriodoReserva): Pendentes {
  const { reservas, minutos } = pendentes;
  return { ...pendentes, reservas: reservas + 1, minutos: minutos + duracaoMinutos };
}

/** What is wrong with the limits of a space, in words for the person who wrote it; undefined when nothing is. */
export function problemaNosPendentes({
  reservas,
  horas,
  resfriamentoMinutos,
}: LimitesDePendentes): string | undefined {
  if (!entre(reservas, 1, 100)) return 'as reservas sem pagamento devem ir de 1 a 100';
  if (!entre(horas, 1, 1000)) return 'as horas sem pagamento devem ir de 1 a 1000';
  if (!entre(resfriamentoMinutos, 0, RESFRIAMENTO_MAXIMO_MINUTOS))
    return `o resfriamento deve ir de 0 a ${RESFRIAMENTO_MAXIMO_MINUTOS} minutos`;
  return undefined;
}

/** What helps against a limit of what is held: REST answers carry no details, so the words have to say it. */
function saida({ reservas, ateQuando }: Pendentes, agora: Date): string {
  if (reservas === 0) return 'escolha um período menor';
  const espera =
    ateQuando && ateQuando > agora ? `, ou espere: a primeira vence ${daqui(ateQuando, agora)}` : '';
  return `pague ou cancele ${reservas === 1 ? 'a que tem' : 'uma delas'}${espera}`;
}

/** How long it is until then, in whole minutes, upwards. */
function daqui(quando: Date, agora: Date): string {
  const minutos = Math.ceil((quando.getTime() - agora.getTime()) / MINUTO_MS);
  return minutos === 1 ? 'daqui a 1 minuto' : `daqui a ${minutos} minutos`;
}

function falha(
  motivo: Motivo,
  message: string,
  detalhes: Fatos,
  ateQuando: Date | undefined,
): Result<never, LimiteDePendentesError> {
  const quando = ateQuando && { ateQuando: ateQuando.toISOString() };
  return Result.fail(new LimiteDePendentesError(motivo, message, { ...detalhes, ...quando }));
}

function entre(valor: number, minimo: number, maximo: number): boolean {
  return Number.isInteger(valor) && valor >= minimo && valor <= maximo;
}
