import { timingSafeEqual } from 'node:crypto';
import speakeasy from 'speakeasy';
import type { Totp } from '../domain/fator.ts';

const STEP_SECONDS = 30;
/**
 * A code is heard one step before and after its own: a person types for a while, and clocks of telephones differ. Longer
 * than RFC 6238 has it for the future, and than the ASVS (6.5.5) for both.
 */
const WINDOW = 1;

/**
 * Codes by speakeasy, which computes them and does nothing else here: it makes secrets with a bias, reads `1e3` as a
 * number and compares in a time that tells how far two codes agree.
 */
export class SpeakeasyTotp implements Totp {
  passoDe(segredo: Buffer, digitos: string, em: Date): number | undefined {
    const now = Math.floor(em.getTime() / 1_000 / STEP_SECONDS);
    const given = Buffer.from(digitos);
    let found: number | undefined;
    for (let step = now - WINDOW; step <= now + WINDOW; step += 1) {
      const code = Buffer.from(codeOf(segredo, step));
      if (given.length === code.length && timingSafeEqual(given, code)) found = step;
    }
    return found;
  }
}

function codeOf(segredo: Buffer, counter: number): string {
  return speakeasy.hotp({ secret: segredo.toString('hex'), encoding: 'hex', counter, digits: 6 });
}
