// Computes by tables that come with the runtime; it does no I/O.
import { domainToASCII } from 'node:url';

/** What a name of a domain is written with, in any script, and the dots that some scripts have. */
const DOMINIO = /^[\p{L}\p{M}\p{N}.\u3002\uFF0E\uFF61-]+$/u;
const SO_ASCII = /^\p{ASCII}*$/u;
/** A name cannot end in a number: that would be a network address. */
const TERMINA_EM_NUMERO = /(^|\.)\d+\.?$/;

/**
 * The address with the name of its domain as DNS and SMTP have it (IDNA, UTS #46): `ana@exämple.com` and
 * `ana@xn--exmple-cua.com` are one address. What is no such name stays as it is and is refused as any other text that is
 * not ASCII. A name in ASCII is taken at its word: where `xn--` stands for nothing, there is nobody to mail to. Everything
 * else of the address is left alone.
 */
export function emailEmAscii(email: string): string {
  const arroba = email.lastIndexOf('@') + 1;
  const dominio = email.slice(arroba);
  if (arroba === 0 || SO_ASCII.test(dominio) || !DOMINIO.test(dominio)) return email;
  const ascii = domainToASCII(dominio);
  return TERMINA_EM_NUMERO.test(ascii) ? email : email.slice(0, arroba) + ascii;
}

/**
 * The one form in which addresses are compared and kept: the domain in ASCII, all in lower case. Dots and what follows a
 * plus sign make another address: what they mean is known to its host alone. Only A to Z are lowered: the lower case of
 * other signs can be ASCII (the Kelvin sign becomes a `k`), and what is no address would become somebody's.
 */
export function normalizarEmail(email: string): string {
  return emailEmAscii(email.trim()).replace(/[A-Z]/g, (letra) => letra.toLowerCase());
}
