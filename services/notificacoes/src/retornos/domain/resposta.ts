/** What somebody answers to a text message: no more of them (`PARAR`), or more again (`VOLTAR`). */
export type Resposta = 'PARAR' | 'VOLTAR';

/** An answer of one number, as its provider tells it. */
export interface RespostaPorSms {
  /** As the provider calls the message: told again, it has the same one. */
  readonly mensagemId: string;
  /** E.164. */
  readonly numero: string;
  readonly resposta: Resposta;
}

/** No word is longer; nothing longer is looked at. */
const MAIOR = 40;

/** The words that Twilio stops at by itself, and those of the people who are written to. */
const PARAR = new Set([
  ...['STOP', 'STOPALL', 'STOP ALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT', 'OPT OUT'],
  ...['PARAR', 'PARE', 'SAIR', 'CANCELAR', 'DESCADASTRAR', 'REMOVER'],
]);
const VOLTAR = new Set(['START', 'UNSTOP', 'YES', 'VOLTAR', 'COMECAR', 'INICIAR']);

/**
 * What a text decides. Only when it is nothing but the word: who writes that they want to cancel their reservation says something
 * else.
 */
export function respostaDe(texto: string): Resposta | undefined {
  if (texto.length > MAIOR) return undefined;
  const palavra = texto
    .normalize('NFKD')
    .replace(/[\p{M}\p{Cf}]/gu, '')
    .replace(/^[\s\p{P}]+|[\s\p{P}]+$/gu, '')
    .replace(/\s+/g, ' ')
    .toUpperCase();
  if (PARAR.has(palavra)) return 'PARAR';
  return VOLTAR.has(palavra) ? 'VOLTAR' : undefined;
}
