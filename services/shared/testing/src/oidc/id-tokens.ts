import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import type { OidcFaults } from './faults.ts';

const LIFE_SECONDS = 3_600;
const KID = 'local';

/** What is signed for one login. */
export interface IdTokenClaims extends JWTPayload {
  readonly sub: string;
  readonly aud: string;
}

/** Signs ID tokens with a key of this process. */
export async function createIdTokens(issuer: string, faults: OidcFaults) {
  const [own, foreign] = await Promise.all([generateKeyPair('RS256'), generateKeyPair('RS256')]);
  const jwk = { ...(await exportJWK(own.publicKey)), kid: KID, alg: 'RS256', use: 'sig' };
  return {
    jwks: { keys: [jwk] },
    sign(claims: IdTokenClaims): Promise<string> {
      const iat = Math.floor(Date.now() / 1_000);
      const complete = { iss: issuer, iat, exp: iat + LIFE_SECONDS, azp: claims.aud, ...claims };
      return new SignJWT(faults.claims?.(complete) ?? complete)
        .setProtectedHeader({ alg: 'RS256', kid: KID })
        .sign(faults.foreignKey ? foreign.privateKey : own.privateKey);
    },
  };
}
