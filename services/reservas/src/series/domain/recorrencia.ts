import { Result } from '@plataforma/domain/result';
import { Recusa } from '../../comum/domain/recusa.ts';

/** The plan of a series is not one this service takes; `parte` is the part of the rule, or the field, to change. */
export class RecorrenciaInvalidaError extends Recusa {
  readonly motivo = 'RECORRENCIA_INVALIDA';

  constructor(parte: string, porque: string) {
    super(`Recorrência inválida em ${parte}: ${porque}.`, { parte });
  }
}

/** Occurrences of one series. */
export const MAXIMO_OCORRENCIAS = 52;

const INTERVALO_MAXIMO = 52;
const TEXTO_MAXIMO = 300;
const DIAS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];

/** Where a rule ends: after some occurrences, at the end of a local date, or at an instant; all inclusive. */
export type FimDaRecorrencia =
  | { readonly vezes: number }
  | { readonly ateData: string }
  | { readonly ateInstante: Date };

/** The subset of RFC 5545's RRULE that spaces can be booked by. */
export interface Recorrencia {
  readonly frequencia: 'WEEKLY' | 'MONTHLY';
  /** Every so many weeks or months. */
  readonly intervalo: number;
  /** `MO`; in monthly rules also `2TU`, `-1FR`. Empty: the weekday, or the day of the month, of the first date. */
  readonly dias: readonly string[];
  /** From 1 to 31, or from -1 to -31 counted from the end of the month. */
  readonly diasDoMes: readonly number[];
  readonly inicioDaSemana: string;
  readonly fim: FimDaRecorrencia;
}

type Partes = ReadonlyMap<string, string>;

/** Reads `FREQ=WEEKLY;BYDAY=MO;COUNT=10`. Whatever is not known exactly is refused, never ignored. */
export function lerRecorrencia(texto: string): Result<Recorrencia, RecorrenciaInvalidaError> {
  const partes = separar(texto);
  if (partes.isFailure) return partes;
  for (const [parte, verificar] of REGRAS) {
    const porque = verificar(partes.value.get(parte), partes.value);
    if (porque !== undefined) return recusar(parte, porque);
  }
  return Result.ok(montar(partes.value));
}

function separar(texto: string): Result<Partes, RecorrenciaInvalidaError> {
  if (texto.length > TEXTO_MAXIMO) return recusar('RRULE', `use no máximo ${TEXTO_MAXIMO} caracteres`);
  const partes = new Map<string, string>();
  for (const trecho of texto.trim().toUpperCase().split(';')) {
    const [, nome, valor] = /^([A-Z]{1,20})=([A-Z0-9,+-]+)$/.exec(trecho) ?? [];
    if (nome === undefined || valor === undefined)
      return recusar('RRULE', 'escreva partes NOME=VALOR separadas por ponto e vírgula');
    if (!CONHECIDAS.has(nome))
      return recusar(nome, `esta parte não é aceita; use ${[...CONHECIDAS].join(', ')}`);
    if (partes.has(nome)) return recusar(nome, 'esta parte aparece mais de uma vez');
    partes.set(nome, valor);
  }
  return Result.ok(partes);
}

type Regra = (valor: string | undefined, partes: Partes) => string | undefined;

const REGRAS: readonly (readonly [parte: string, regra: Regra])[] = [
  ['FREQ', (freq) => (freq === 'WEEKLY' || freq === 'MONTHLY' ? undefined : 'use WEEKLY ou MONTHLY')],
  ['INTERVAL', (intervalo) => inteiro(intervalo, INTERVALO_MAXIMO)],
  ['BYDAY', problemaNosDias],
  ['BYMONTHDAY', problemaNosDiasDoMes],
  ['WKST', (dia) => (dia === undefined || DIAS.includes(dia) ? undefined : `use um de ${DIAS.join(', ')}`)],
  ['COUNT', (vezes, partes) => problemaNoFim(partes) ?? inteiro(vezes, MAXIMO_OCORRENCIAS)],
  ['UNTIL', problemaNoUltimoDia],
];

const CONHECIDAS: ReadonlySet<string> = new Set(REGRAS.map(([parte]) => parte));

function problemaNosDias(valor: string | undefined, partes: Partes): string | undefined {
  if (valor === undefined) return undefined;
  const mensal = partes.get('FREQ') === 'MONTHLY';
  const certo = mensal ? /^([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)$/ : /^(MO|TU|WE|TH|FR|SA|SU)$/;
  if (valor.split(',').every((dia) => certo.test(dia))) return undefined;
  const comOrdem = mensal ? ', com ordem de 1 a 5 ou de -1 a -5 antes, se quiser' : '';
  return `use ${DIAS.join(', ')}${comOrdem}`;
}

function problemaNosDiasDoMes(valor: string | undefined, partes: Partes): string | undefined {
  if (valor === undefined) return undefined;
  if (partes.get('FREQ') !== 'MONTHLY') return 'só vale com FREQ=MONTHLY';
  const certo = /^[+-]?([1-9]|[12]\d|3[01])$/;
  return valor.split(',').every((dia) => certo.test(dia)) ? undefined : 'use dias de 1 a 31 ou de -1 a -31';
}

function problemaNoFim(partes: Partes): string | undefined {
  return partes.has('COUNT') === partes.has('UNTIL') ? 'diga COUNT ou UNTIL, e só um dos dois' : undefined;
}

function problemaNoUltimoDia(valor: string | undefined): string | undefined {
  if (valor === undefined || ultimoDia(valor)) return undefined;
  return 'use uma data AAAAMMDD ou um instante UTC AAAAMMDDTHHMMSSZ';
}

function inteiro(valor: string | undefined, maximo: number): string | undefined {
  if (valor === undefined || (/^[1-9]\d{0,3}$/.test(valor) && Number(valor) <= maximo)) return undefined;
  return `deve ir de 1 a ${maximo}`;
}

function montar(partes: Partes): Recorrencia {
  const lista = (parte: string) => partes.get(parte)?.split(',') ?? [];
  const vezes = partes.get('COUNT');
  return {
    frequencia: partes.get('FREQ') === 'MONTHLY' ? 'MONTHLY' : 'WEEKLY',
    intervalo: Number(partes.get('INTERVAL') ?? 1),
    dias: lista('BYDAY'),
    diasDoMes: lista('BYMONTHDAY').map(Number),
    inicioDaSemana: partes.get('WKST') ?? 'MO',
    fim: ultimoDia(partes.get('UNTIL') ?? '') ?? { vezes: Number(vezes) },
  };
}

/** Undefined when the text is neither a date nor an instant of the calendar. */
function ultimoDia(valor: string): Exclude<FimDaRecorrencia, { readonly vezes: number }> | undefined {
  const [, ano, mes, dia, hora = '00', minuto = '00', segundo = '00', z] =
    /^(\d{4})(\d\d)(\d\d)(?:T([01]\d|2[0-3])([0-5]\d)([0-5]\d)(Z))?$/.exec(valor) ?? [];
  const data = `${ano}-${mes}-${dia}`;
  const instante = new Date(`${data}T${hora}:${minuto}:${segundo}Z`);
  // 30 February is read as a day in March, or not at all.
  if (Number.isNaN(instante.getTime()) || !instante.toISOString().startsWith(data)) return undefined;
  return z === undefined ? { ateData: data } : { ateInstante: instante };
}

function recusar(parte: string, porque: string): Result<never, RecorrenciaInvalidaError> {
  return Result.fail(new RecorrenciaInvalidaError(parte, porque));
}
