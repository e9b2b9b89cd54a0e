import { base32 } from './base32.ts';

/** A code as a person types it, of the app or for the day the telephone is lost; or as a passkey was proved with. */
export type Codigo =
  | { readonly tipo: 'APLICATIVO'; readonly digitos: string }
  | { readonly tipo: 'RECUPERACAO'; readonly codigo: string }
  | { readonly tipo: 'PASSKEY'; readonly prova: string };

/** Without what is taken for another character: no I, L, O or U (Crockford). */
const ALFABETO = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** Of a recovery code: 120 bits, so that it cannot be guessed and a plain hash of it can be kept. */
export const BYTES_DE_RECUPERACAO = 15;

const DIGITOS = /^[0-9]{6}$/;
const RECUPERACAO = new RegExp(`^[${ALFABETO}]{24}$`);
/** Nobody types it. */
const PROVA = /^pk_[A-Za-z0-9_-]{43}$/;
/** Some letters beyond ASCII have a capital within it. */
const ASCII = /^[0-9A-Za-z]+$/;

/** Apps show digits in groups, people type what they see; what is no code of any kind is undefined. */
export function lerCodigo(texto: string): Codigo | undefined {
  if (PROVA.test(texto)) return { tipo: 'PASSKEY', prova: texto };
  const junto = texto.replace(/[ -]/g, '');
  if (DIGITOS.test(junto)) return { tipo: 'APLICATIVO', digitos: junto };
  if (!ASCII.test(junto)) return undefined;
  const codigo = junto.toUpperCase().replaceAll('O', '0').replace(/[IL]/g, '1');
  return RECUPERACAO.test(codigo) ? { tipo: 'RECUPERACAO', codigo } : undefined;
}

/** What stands for a passkey that was proved: of 32 random bytes, so a plain hash of it can be kept. */
export function codigoDeProva(bytes: Uint8Array): string {
  return `pk_${Buffer.from(bytes).toString('base64url')}`;
}

/** As it is kept and compared, without its groups. */
export function codigoDeRecuperacao(bytes: Uint8Array): string {
  return base32(bytes, ALFABETO);
}

/** As it is shown: `XXXX-XXXX-XXXX-XXXX-XXXX-XXXX`. */
export function emGrupos(codigo: string): string {
  return codigo.match(/.{4}/g)?.join('-') ?? codigo;
}
