import { readdirSync, readFileSync } from 'node:fs';
import { IDIOMA_PADRAO } from '../../domain/idioma-padrao.ts';
import { conferir, lerCatalogo } from './catalogo.ts';
import { createIdioma, type Idioma } from './idioma.ts';

const PASTA = new URL('./', import.meta.url);

/** The languages that there are. */
export interface Idiomas {
  readonly padrao: Idioma;
  readonly codigos: readonly string[];
  /** The language of a BCP 47 tag, or the nearest there is: `es` for `es-AR`, `pt-BR` for `pt`; else the default. */
  para(codigo: string): Idioma;
}

/**
 * Reads every language of a folder: each `<BCP 47 tag>.json` is one, and nothing else has to know of it.
 *
 * @throws Error when one of them lacks a text, a placeholder or a plural form, or has one too many: a service does not start
 *   with messages that it could not write
 */
export function lerIdiomas(pasta: URL = PASTA): Idiomas {
  const arquivos = readdirSync(pasta).filter((nome) => nome.endsWith('.json'));
  const lidos = arquivos.map((nome) => {
    const codigo = nome.slice(0, -'.json'.length);
    if (!temFormatos(codigo))
      throw new Error(`${nome}: ${codigo} is no language that dates can be written in`);
    return { codigo, ...lerCatalogo(codigo, JSON.parse(readFileSync(new URL(nome, pasta), 'utf8'))) };
  });
  const base = lidos.find(({ codigo }) => codigo === IDIOMA_PADRAO);
  if (base === undefined) throw new Error(`there is no ${IDIOMA_PADRAO}.json`);
  const faltas = lidos.flatMap(({ codigo, catalogo, faltas }) =>
    [...faltas, ...conferir(codigo, catalogo, base.catalogo)].map((falta) => `${codigo}.json: ${falta}`),
  );
  if (faltas.length > 0) throw new Error(`the languages of messages are not whole:\n${faltas.join('\n')}`);
  return escolha(lidos.map(({ codigo, catalogo }) => createIdioma(codigo, catalogo)));
}

/** As people may choose it: the contract and the table take these. */
const TAG = /^[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?$/;

/** Without them, dates would be those of another language, without a word. */
const temFormatos = (codigo: string) =>
  TAG.test(codigo) && Intl.DateTimeFormat.supportedLocalesOf(codigo).includes(codigo);

/** RFC 4647, 3.4: ever less of the tag; then any kin of the language. */
function escolha(idiomas: readonly Idioma[]): Idiomas {
  const achar = (serve: (codigo: string) => boolean) => idiomas.find(({ codigo }) => serve(codigo));
  const padrao = achar((codigo) => codigo === IDIOMA_PADRAO) as Idioma;
  const procurar = (partes: readonly string[]): Idioma | undefined =>
    partes.length === 0
      ? undefined
      : (achar((codigo) => codigo.toLowerCase() === partes.join('-')) ?? procurar(partes.slice(0, -1)));
  return {
    padrao,
    codigos: idiomas.map(({ codigo }) => codigo),
    para(codigo) {
      const partes = codigo.toLowerCase().split('-', 8);
      const parente = (outro: string) => outro.toLowerCase().split('-')[0] === partes[0];
      return procurar(partes) ?? (parente(padrao.codigo) ? padrao : achar(parente)) ?? padrao;
    },
  };
}
