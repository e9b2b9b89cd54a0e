import { createFormatos, type Formatos } from './formatos.ts';
import { type Catalogo, type Chave, preencher, type Valores } from './textos.ts';

/** A language that messages are written in. */
export interface Idioma extends Formatos {
  /** BCP 47, as its file is called. */
  readonly codigo: string;
  readonly direcao: 'ltr' | 'rtl';
  /** The text of a path, with its placeholders filled in. */
  t(chave: Chave, valores?: Valores): string;
}

/** Scripts that are read from the right to the left, of languages that are written today. */
const DA_DIREITA = new Set(['Adlm', 'Arab', 'Hebr', 'Nkoo', 'Rohg', 'Syrc', 'Thaa']);

export function createIdioma(codigo: string, textos: Catalogo): Idioma {
  const escrita = new Intl.Locale(codigo).maximize().script ?? '';
  return {
    codigo,
    direcao: DA_DIREITA.has(escrita) ? 'rtl' : 'ltr',
    t: (chave, valores) => preencher(textos, chave, valores),
    ...createFormatos(codigo, textos),
  };
}
