import { ehFusoHorario } from '@plataforma/domain/fuso-horario';
import { Result } from '@plataforma/domain/result';
import { Temporal } from 'temporal-polyfill';
import type { Canal } from '../../canais/domain/mensagem.ts';
import type { ModeloComDados } from '../../modelos/domain/modelo.ts';
import { MODELOS } from './grade.ts';
import { FusoInvalidoError, SilencioInvalidoError } from './recusa.ts';

/** The hours in which a person is not to be disturbed, on the wall clock of a place. */
export interface Silencio {
  /** `22:00` */
  readonly inicio: string;
  /** `08:00`; before the beginning it is that of the next day. */
  readonly fim: string;
  /** IANA time zone. */
  readonly fuso: string;
  /** Whether e-mails wait, too, which make no sound. */
  readonly email: boolean;
}

/** Of a person who never said anything: what rings does not ring at night. */
export const SILENCIO_INICIAL: Silencio = {
  ...{ inicio: '22:00', fim: '08:00', fuso: 'America/Sao_Paulo' },
  email: false,
};

/** What a reader has left, at least, of the time that a message is about. With less it does not wait. */
const FOLGA_MS = 2 * 3_600_000;

const HORA = /^([01]\d|2[0-3]):[0-5]\d$/;

/** Checks hours that a person wants; those that never end are none. */
export function criarSilencio(pedido: Silencio): Result<Silencio, SilencioInvalidoError | FusoInvalidoError> {
  const { inicio, fim, fuso } = pedido;
  if (!HORA.test(inicio) || !HORA.test(fim) || inicio === fim)
    return Result.fail(new SilencioInvalidoError());
  if (!ehFusoHorario(fuso)) return Result.fail(new FusoInvalidoError());
  return Result.ok({ ...pedido, fuso: noFuso(new Date(0), fuso).timeZoneId });
}

type Mensagem = ModeloComDados & { readonly canal: Canal; readonly validoAte: Date | undefined };

/**
 * Until when a message waits for the end of the quiet hours; undefined for one that goes at once: it cannot wait, it is not
 * quiet, or too little would be left of what it is about.
 */
export function esperaAte(silencio: Silencio | null, mensagem: Mensagem, agora: Date): Date | undefined {
  if (silencio === null || !MODELOS[mensagem.modelo].espera) return undefined;
  if (mensagem.canal === 'EMAIL' && !silencio.email) return undefined;
  const fim = fimDoSilencio(silencio, agora);
  const prazo = prazoDe(mensagem);
  return fim && prazo && prazo.getTime() - fim.getTime() < FOLGA_MS ? undefined : fim;
}

/** When it is no news any more, or the reservation begins. */
function prazoDe({ validoAte, dados }: Mensagem): Date | undefined {
  const inicio = 'inicio' in dados ? new Date(dados.inicio) : undefined;
  return inicio && validoAte && inicio < validoAte ? inicio : (validoAte ?? inicio);
}

/**
 * The first instant at which the clock on the wall is out of the quiet hours; undefined when it is out of them now. Where clocks
 * are switched it may show their end twice, or not at all, or leave out a day.
 */
export function fimDoSilencio({ inicio, fim, fuso }: Silencio, agora: Date): Date | undefined {
  // A zone that this release has no rules for any more keeps nobody's messages.
  const zona = ehFusoHorario(fuso) ? fuso : SILENCIO_INICIAL.fuso;
  const local = noFuso(agora, zona);
  const horas = { inicio: Temporal.PlainTime.from(inicio), fim: Temporal.PlainTime.from(fim) };
  if (!dentro(local, horas)) return undefined;
  const finais = [0, 1, 2].flatMap((dias) =>
    instantesDe(local.toPlainDate().add({ days: dias }).toPlainDateTime(horas.fim), zona),
  );
  const [primeiro] = finais
    .filter((final) => final.epochMilliseconds > agora.getTime() && !dentro(final, horas))
    .map((final) => final.epochMilliseconds)
    .sort((a, b) => a - b);
  return primeiro === undefined ? undefined : new Date(primeiro);
}

interface Horas {
  readonly inicio: Temporal.PlainTime;
  readonly fim: Temporal.PlainTime;
}

function dentro(local: Temporal.ZonedDateTime, { inicio, fim }: Horas): boolean {
  const hora = local.toPlainTime();
  const comecou = Temporal.PlainTime.compare(hora, inicio) >= 0;
  const acabou = Temporal.PlainTime.compare(hora, fim) >= 0;
  return Temporal.PlainTime.compare(inicio, fim) < 0 ? comecou && !acabou : comecou || !acabou;
}

/** When the clock shows it: once, twice, or, where it jumps over it, from the jump on. */
function instantesDe(parede: Temporal.PlainDateTime, zona: string): Temporal.ZonedDateTime[] {
  const antes = parede.toZonedDateTime(zona, { disambiguation: 'earlier' });
  const depois = parede.toZonedDateTime(zona, { disambiguation: 'later' });
  if (antes.toPlainDateTime().equals(parede)) return [antes, depois];
  const salto = antes.getTimeZoneTransition('next');
  return salto === null ? [] : [salto];
}

function noFuso(instante: Date, zona: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instante.getTime()).toZonedDateTimeISO(zona);
}
