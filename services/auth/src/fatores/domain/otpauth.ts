import { BASE32, base32 } from './base32.ts';

const EMISSOR = 'Plataforma de Reservas';

/** The secret to type into an app by hand. */
export function segredoEscrito(segredo: Buffer): string {
  return base32(segredo, BASE32);
}

/** What an app takes from a QR code (the Key URI format of authenticator apps); what it leaves out, apps take for granted. */
export function enderecoOtpauth({ segredo, email }: { segredo: Buffer; email: string }): string {
  // Some apps show the `+` that URLSearchParams writes for a space.
  const emissor = encodeURIComponent(EMISSOR);
  return `otpauth://totp/${emissor}:${encodeURIComponent(email)}?secret=${segredoEscrito(segredo)}&issuer=${emissor}`;
}
