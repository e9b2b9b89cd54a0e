import { encurtarTexto } from '@plataforma/domain/texto';

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
 * By what a person is greeted. A sign-up may give the address of a stranger, so what is not plainly a first name, such
 * as a link, is left out of a message that carries our name. Empty for that.
 */
export function primeiroNome(nome: string): string {
  const [primeiro = ''] = umaLinha(nome).split(' ');
  return /^\p{L}[\p{L}\p{M}'’-]{0,39}$/u.test(primeiro) ? primeiro : '';
}
