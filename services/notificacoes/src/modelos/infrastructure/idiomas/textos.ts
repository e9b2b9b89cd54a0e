import type { IntlMessageFormat } from 'intl-messageformat';
import type padrao from './pt-BR.json';

/** Every text there is, by its path in the catalogue; what the code asks for and the catalogue lacks does not compile. */
export type Chave = Caminho<typeof padrao>;

type Caminho<T, Antes extends string = ''> = {
  [K in keyof T & string]: T[K] extends string ? `${Antes}${K}` : Caminho<T[K], `${Antes}${K}.`>;
}[keyof T & string];

/** What the placeholders of a text stand for. */
export type Valores = Readonly<Record<string, string | number>>;

/** Texts of one language, ready to be filled in. */
export type Catalogo = ReadonlyMap<string, IntlMessageFormat>;

/**
 * A text with its placeholders filled in. What is filled in is text too: whoever shows it escapes all of it.
 *
 * @throws Error when a placeholder is given nothing
 */
export function preencher(catalogo: Catalogo, chave: Chave, valores: Valores = {}): string {
  const texto = catalogo.get(chave);
  if (texto === undefined) throw new Error(`no text ${chave}`);
  return String(texto.format(valores));
}
