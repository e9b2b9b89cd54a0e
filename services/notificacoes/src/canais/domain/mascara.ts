/** Characters of a local part that stay readable at each end; short ones show less. */
const VISIVEL_A_PARTIR_DE = 3;

/**
 * An e-mail address that its owner recognises and no other reader can use: `maria@exemplo.com` becomes `m***a@exemplo.com`.
 * The number of stars says nothing about the length.
 */
export function mascararEmail(email: string): string {
  const arroba = email.lastIndexOf('@');
  if (arroba < 1) return '***';
  const local = [...email.slice(0, arroba)];
  const ultimo = local.length >= VISIVEL_A_PARTIR_DE ? local.at(-1) : '';
  return `${local[0]}***${ultimo}${email.slice(arroba)}`;
}

/** A number in E.164 likewise: `+5511987654321` becomes `+55***4321`. */
export function mascararTelefone(numero: string): string {
  return numero.length < 9 ? '***' : `${numero.slice(0, 3)}***${numero.slice(-4)}`;
}
