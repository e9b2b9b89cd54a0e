/** What a field holds that people write into. */
export interface FormaDeTexto {
  /** Least characters. Default 0. */
  readonly minimo?: number;
  /** Most characters. Default as many as there are. */
  readonly maximo?: number;
  /** Whether line breaks are kept. Default no. */
  readonly linhas?: boolean;
}

/** Soft hyphen, zero-width space, word joiner, byte order mark: no look, no meaning, and copied along unseen. */
const SEM_NADA = /[\u00AD\u200B\u2060\uFEFF]/g;
const ESPACOS = /[\t\p{Zs}]+/gu;
const CONTROLE = /[\p{Cc}\u2028\u2029]/u;
const CONTROLE_SALVO_LINHA = /[^\P{Cc}\n]|[\u2028\u2029]/u;
/** Embeddings, overrides and isolates: they make a text read as another one, also outside itself. */
const DIRECAO = /[\u202A-\u202E\u2066-\u2069]/;
/** U+2800 is a Braille cell without a dot. */
const VISIVEL = /[^\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\u2800]/u;

/** A text of people in the one form in which it is compared, counted and kept. */
export function normalizarTexto(texto: string, { linhas = false }: FormaDeTexto = {}): string {
  const limpo = texto.replace(SEM_NADA, '').normalize('NFC');
  if (!linhas) return limpo.replace(ESPACOS, ' ').trim();
  return limpo
    .replace(/\r\n/g, '\n')
    .replace(ESPACOS, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

/** What is wrong with a normalised text, in Portuguese, to follow the name of its field; undefined for nothing. */
export function problemaNoTexto(texto: string, forma: FormaDeTexto = {}): string | undefined {
  const { minimo = 0, maximo = Number.POSITIVE_INFINITY, linhas = false } = forma;
  if (!texto.isWellFormed()) return 'tem caracteres inválidos';
  if ((linhas ? CONTROLE_SALVO_LINHA : CONTROLE).test(texto))
    return linhas
      ? 'não pode ter caracteres de controle'
      : 'não pode ter quebras de linha nem caracteres de controle';
  if (DIRECAO.test(texto)) return 'não pode ter caracteres que mudam a direção da leitura';
  if (texto !== '' && !VISIVEL.test(texto)) return 'precisa ter algo que se veja';
  const tamanho = tamanhoDoTexto(texto);
  return tamanho < minimo || tamanho > maximo ? `deve ter de ${minimo} a ${maximo} caracteres` : undefined;
}

/** At most so many characters; cut between two of them, and visibly. */
export function encurtarTexto(texto: string, maximo: number): string {
  if (texto.length <= maximo) return texto;
  const caracteres = [...texto];
  return caracteres.length <= maximo ? texto : `${caracteres.slice(0, maximo - 1).join('')}…`;
}

/** Characters (code points), as the contracts and PostgreSQL count them. */
export function tamanhoDoTexto(texto: string): number {
  let tamanho = 0;
  for (const _ of texto) tamanho += 1;
  return tamanho;
}
