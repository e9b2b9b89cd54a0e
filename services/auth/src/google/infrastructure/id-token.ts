import { emailEmAscii, normalizarEmail } from '@plataforma/domain/email';
import type { IDToken } from 'openid-client';
import type { Identidade } from '../domain/identidade.ts';

/** OpenID Connect Core, 2. */
const MAX_SUBJECT = 255;
const MAX_EMAIL = 254;

/**
 * Who a verified ID token speaks of; undefined when it was made for another client. Of the address only what the issuer
 * has verified counts, and what the accounts here can have, as it came: what another form makes of it was not verified.
 */
export function identidadeFrom(claims: IDToken | undefined, clientId: string): Identidade | undefined {
  if (!claims || claims.sub.length > MAX_SUBJECT || (claims.azp ?? clientId) !== clientId) return undefined;
  const { iss: emissor, sub: sujeito, email, email_verified: verified, name } = claims;
  const endereco = typeof email === 'string' && verified === true ? emailEmAscii(email.trim()) : '';
  const usable = /^[!-?A-~]+@[!-?A-~]+$/.test(endereco) && endereco.length <= MAX_EMAIL;
  return {
    ...{ emissor, sujeito, nome: typeof name === 'string' ? name : '' },
    emailVerificado: usable ? normalizarEmail(endereco) : undefined,
  };
}
