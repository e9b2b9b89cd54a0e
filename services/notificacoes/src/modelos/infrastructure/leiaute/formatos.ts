import type { Dinheiro } from '@plataforma/domain/dinheiro';
import { encurtarTexto } from '@plataforma/domain/texto';

/** How people call the zones of Brazil. The others are shown by their IANA name. */
const FUSOS: Readonly<Record<string, string>> = {
  'America/Araguaina': 'Araguaína',
  'America/Bahia': 'Salvador',
  'America/Belem': 'Belém',
  'America/Boa_Vista': 'Boa Vista',
  'America/Campo_Grande': 'Campo Grande',
  'America/Cuiaba': 'Cuiabá',
  'America/Fortaleza': 'Fortaleza',
  'America/Maceio': 'Maceió',
  'America/Manaus': 'Manaus',
  'America/Noronha': 'Fernando de Noronha',
  'America/Porto_Velho': 'Porto Velho',
  'America/Recife': 'Recife',
  'America/Rio_Branco': 'Rio Branco',
  'America/Santarem': 'Santarém',
  'America/Sao_Paulo': 'São Paulo',
};

/**
 * A period in the wall time of a zone: `terça-feira, 24 de novembro de 2026, das 14:00 às 16:00 (horário de São Paulo)`.
 */
export function formatarPeriodo(inicio: Date, fim: Date, fuso: string): string {
  const [dia, ultimoDia] = [formatarDia(inicio, fuso), formatarDia(fim, fuso)];
  const [das, as] = [formatarHora(inicio, fuso), formatarHora(fim, fuso)];
  const onde = formatarFuso(fuso);
  if (dia === ultimoDia) return `${dia}, das ${das} às ${as} (${onde})`;
  return `de ${dia}, às ${das}, até ${ultimoDia}, às ${as} (${onde})`;
}

/** `24/11/2026 às 14:00`, for where there is little room. */
export function formatarInicioCurto(inicio: Date, fuso: string): string {
  return `${formatosDe(fuso).data.format(inicio)} às ${formatarHora(inicio, fuso)}`;
}

/** `24/11/2026 às 14:15 (horário de São Paulo)`. */
export function formatarInstante(instante: Date, fuso: string): string {
  return `${formatarInicioCurto(instante, fuso)} (${formatarFuso(fuso)})`;
}

/** `14:15 (horário de São Paulo)`, for an instant that is near. */
export function formatarHoraComFuso(instante: Date, fuso: string): string {
  return `${formatarHora(instante, fuso)} (${formatarFuso(fuso)})`;
}

/** `R$ 1.234,50` with a no-break space. Exact for any amount: cents never become a floating point number. */
export function formatarDinheiro({ centavos, moeda }: Dinheiro): string {
  const sinal = centavos < 0n ? '-' : '';
  const digitos = (centavos < 0n ? -centavos : centavos).toString().padStart(3, '0');
  const decimal = `${sinal}${digitos.slice(0, -2)}.${digitos.slice(-2)}`;
  return formatoDe(moeda).format(decimal as Intl.StringNumericLiteral);
}

const DINHEIRO = new Map<string, Intl.NumberFormat>();

function formatoDe(moeda: string): Intl.NumberFormat {
  const formato =
    DINHEIRO.get(moeda) ?? new Intl.NumberFormat('pt-BR', { style: 'currency', currency: moeda });
  DINHEIRO.set(moeda, formato);
  return formato;
}

/** More than any name or address of a space has. */
const MAX_NA_LINHA = 300;

/**
 * What makes a text read as another one, also outside itself, and what has no look: soft hyphen, spaces of no width, joiners
 * of formulas, annotations. Those that join letters and emoji stay.
 */
const INVISIVEL = /[\p{Bidi_Control}\u00AD\u180E\u200B\u2060-\u2064\u206A-\u206F\uFEFF\uFFF9-\uFFFB]/gu;

/**
 * Text that people have written, on one line of bounded length: the name of a space cannot write a second header or
 * paragraph, nor turn round what is beside it. Who keeps the name refuses most of this; older events may have it still.
 */
export function umaLinha(texto: string, maximo = MAX_NA_LINHA): string {
  const linha = texto
    .toWellFormed()
    .replace(INVISIVEL, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim();
  return encurtarTexto(linha, maximo);
}

/**
 * How a person is greeted. A sign-up may give the address of a stranger, so what is not plainly a first name, such
 * as a link, is left out of a message that carries our name.
 */
export function saudacao(nome: string): string {
  const [primeiro = ''] = umaLinha(nome).split(' ');
  return /^\p{L}[\p{L}\p{M}'’-]{0,39}$/u.test(primeiro) ? `Olá, ${primeiro}!` : 'Olá!';
}

function formatarDia(instante: Date, fuso: string): string {
  return formatosDe(fuso).dia.format(instante);
}

function formatarHora(instante: Date, fuso: string): string {
  return formatosDe(fuso).hora.format(instante);
}

type Formatos = Readonly<Record<'dia' | 'data' | 'hora', Intl.DateTimeFormat>>;

/** Making a format takes longer than all the rest of a message; there are only so many time zones. */
const FORMATOS = new Map<string, Formatos>();

function formatosDe(fuso: string): Formatos {
  let formatos = FORMATOS.get(fuso);
  if (formatos === undefined) {
    const format = (options: Intl.DateTimeFormatOptions) =>
      new Intl.DateTimeFormat('pt-BR', { timeZone: fuso, ...options });
    formatos = {
      dia: format({ dateStyle: 'full' }),
      data: format({ day: '2-digit', month: '2-digit', year: 'numeric' }),
      hora: format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }),
    };
    FORMATOS.set(fuso, formatos);
  }
  return formatos;
}

function formatarFuso(fuso: string): string {
  const lugar = FUSOS[fuso];
  return lugar === undefined ? `fuso horário ${fuso}` : `horário de ${lugar}`;
}
