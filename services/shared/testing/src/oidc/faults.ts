import type { JWTPayload } from 'jose';

/** What goes wrong at the issuer, for as long as it is set. */
export interface OidcFaults {
  /** Changes what the ID token says. */
  claims?: (claims: JWTPayload) => JWTPayload;
  /** Signs with a key that is not published, under the name of the one that is. */
  foreignKey?: boolean;
  /** What the answer in the browser says of its issuer (RFC 9207); null: nothing. */
  iss?: string | null;
  /** Whose metadata it answers in the place of its own. */
  issuer?: string;
  /** How late the token endpoint answers. */
  delayMs?: number;
  /** Status that the token endpoint answers with, and nothing else. */
  status?: number;
}
