/** Letters that no text of ours has, each like the one it stands for. */
const LETRAS = new Map(
  [...'abcdefghijklmnopqrstuvwxyz'].map((letra, n) => [letra, String.fromCodePoint(0x0561 + n)]),
);

/** What is chosen by, and how often something is: no text. */
const CHOICE = /^\s*\w+\s*,\s*(?:plural|select)\s*,/;

/**
 * A language that nobody speaks, for layouts and leaks: every text of a catalogue in foreign letters and 40 % longer.
 * Placeholders and choices stay (ICU MessageFormat).
 */
export function pseudoIdioma(no: unknown): unknown {
  if (typeof no === 'string') return traduzir(no);
  if (typeof no !== 'object' || no === null) return no;
  return Object.fromEntries(Object.entries(no).map(([nome, valor]) => [nome, pseudoIdioma(valor)]));
}

function traduzir(texto: string): string {
  const partes = texto.split(/(\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})/);
  return partes
    .map((parte) => {
      if (!parte.startsWith('{')) return parte === '' ? '' : estranho(parte);
      return CHOICE.test(parte.slice(1)) ? escolhas(parte) : parte;
    })
    .join('');
}

/** `{n, plural, one {...} other {...}}`: the texts inside, and nothing around them. */
function escolhas(parte: string): string {
  const [cabeca = ''] = /^\{\s*\w+\s*,\s*(?:plural|select)\s*,/.exec(parte) ?? [];
  const corpo = parte.slice(cabeca.length, -1);
  const opcoes = corpo.replace(
    /\{((?:[^{}]|\{[^{}]*\})*)\}/g,
    (_, dentro: string) => `{${traduzir(dentro)}}`,
  );
  return `${cabeca}${opcoes}}`;
}

function estranho(texto: string): string {
  const letras = [...texto.normalize('NFD').replace(/\p{M}/gu, '')];
  const outras = letras.map((letra) => LETRAS.get(letra.toLowerCase()) ?? letra).join('');
  const quantas = Math.ceil(letras.filter((letra) => LETRAS.has(letra.toLowerCase())).length * 0.4);
  return quantas === 0
    ? outras
    : `${outras.trimEnd()}${'ա'.repeat(quantas)}${outras.endsWith(' ') ? ' ' : ''}`;
}
