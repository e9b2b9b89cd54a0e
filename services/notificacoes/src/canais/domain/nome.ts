import { encurtarTexto, normalizarTexto } from '@plataforma/domain/texto';

/** RFC 5322, 2.1.1: a line of a header has at most 998 octets, and a name of one word cannot be folded. */
const MAX_NOME = 100;

/** The name of a person as it stands beside their address: one short line, that turns round nothing beside it. */
export function nomeNoEndereco(nome: string): string {
  return umaLinha(nome, MAX_NOME);
}

/** A text as one line of at most so many characters, that turns round nothing beside it. */
export function umaLinha(texto: string, maximo: number): string {
  const linha = texto
    .toWellFormed()
    .replace(/\p{Bidi_Control}/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ');
  return encurtarTexto(normalizarTexto(linha), maximo);
}
