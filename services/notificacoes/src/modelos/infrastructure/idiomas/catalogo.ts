import { IntlMessageFormat } from 'intl-messageformat';
import type { Catalogo } from './textos.ts';

type Parte = ReturnType<IntlMessageFormat['getAst']>[number];

/** Counts that occur: whole ones. */
const CONTAGENS = Array.from({ length: 1_001 }, (_, n) => n);

/** Part of a text, as ICU MessageFormat has them. Dates and money are written before they are filled in. */
const LITERAL = 0;
const ARGUMENTO = 1;
const SELECAO = 5;
const PLURAL = 6;
const CERQUILHA = 7;

/** The texts of a file, by path: `aviso.MFA_ATIVADO.frase`. What cannot be read is told among the faults. */
export function lerCatalogo(codigo: string, conteudo: unknown): { catalogo: Catalogo; faltas: string[] } {
  const catalogo = new Map<string, IntlMessageFormat>();
  const faltas: string[] = [];
  for (const [chave, texto] of folhas(conteudo)) {
    if (typeof texto !== 'string' || texto.trim() === '') faltas.push(`${chave} is no text`);
    else {
      try {
        catalogo.set(chave, new IntlMessageFormat(texto, codigo, undefined, { ignoreTag: true }));
      } catch (error) {
        faltas.push(`${chave} cannot be read: ${error instanceof Error ? error.message : error}`);
      }
    }
  }
  return { catalogo, faltas };
}

function folhas(conteudo: unknown, antes = ''): [string, unknown][] {
  if (typeof conteudo !== 'object' || conteudo === null) return [[antes.slice(0, -1), conteudo]];
  return Object.entries(conteudo).flatMap(([nome, valor]) => folhas(valor, `${antes}${nome}.`));
}

/** What a language lacks, or has too much of, beside the one that the code is written with. */
export function conferir(codigo: string, catalogo: Catalogo, padrao: Catalogo): string[] {
  const faltam = [...padrao.keys()].filter((chave) => !catalogo.has(chave));
  const sobram = [...catalogo.keys()].filter((chave) => !padrao.has(chave));
  return [
    ...faltam.map((chave) => `${chave} is missing`),
    ...sobram.map((chave) => `${chave} is not used`),
    ...[...catalogo].flatMap(([chave, texto]) => diferencas(codigo, chave, texto, padrao.get(chave))),
  ];
}

function diferencas(
  codigo: string,
  chave: string,
  texto: IntlMessageFormat,
  padrao: IntlMessageFormat | undefined,
): string[] {
  const lugares = lugaresDe(texto.getAst());
  const esperados = padrao === undefined ? lugares : lugaresDe(padrao.getAst());
  const faltam = [...esperados].filter((lugar) => !lugares.has(lugar));
  const sobram = [...lugares].filter((lugar) => !esperados.has(lugar));
  return [
    ...faltam.map((lugar) => `${chave} lacks {${lugar}}`),
    ...sobram.map((lugar) => `${chave} has no value for {${lugar}}`),
    ...plurais(texto.getAst()).flatMap((formas) => formasErradas(codigo, chave, formas)),
  ];
}

/** Placeholders, and what is chosen by: `espaco`, `n, plural`, `de, select pessoa`. */
function lugaresDe(partes: readonly Parte[]): Set<string> {
  return new Set(
    partes.flatMap((parte) => {
      if (parte.type === LITERAL || parte.type === CERQUILHA) return [];
      if (parte.type === ARGUMENTO) return [parte.value];
      if (parte.type !== SELECAO && parte.type !== PLURAL) return ['a format that is not used'];
      const opcoes = Object.entries(parte.options);
      const dentro = opcoes.flatMap(([, { value }]) => [...lugaresDe(value)]);
      if (parte.type === PLURAL) return [`${parte.value}, plural`, ...dentro];
      return [...opcoes.map(([nome]) => `${parte.value}, select ${nome}`), ...dentro];
    }),
  );
}

function plurais(partes: readonly Parte[]): string[][] {
  return partes.flatMap((parte) => {
    if (parte.type !== SELECAO && parte.type !== PLURAL) return [];
    const dentro = Object.values(parte.options).flatMap(({ value }) => plurais(value));
    return parte.type === PLURAL ? [Object.keys(parte.options), ...dentro] : dentro;
  });
}

/** A form for each one that the language has for whole numbers; `=1` is allowed beside them. */
function formasErradas(codigo: string, chave: string, formas: readonly string[]): string[] {
  const regras = new Intl.PluralRules(codigo);
  const usadas = new Set<string>(CONTAGENS.map((n) => regras.select(n)));
  const todas: readonly string[] = regras.resolvedOptions().pluralCategories;
  const faltam = [...usadas].filter((forma) => !formas.includes(forma));
  const sobram = formas.filter((forma) => !forma.startsWith('=') && !todas.includes(forma));
  return [
    ...faltam.map((forma) => `${chave} lacks the plural form "${forma}"`),
    ...sobram.map((forma) => `${chave} has a plural form "${forma}" that the language has not`),
  ];
}
