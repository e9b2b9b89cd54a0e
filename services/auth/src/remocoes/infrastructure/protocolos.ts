import { randomBytes } from 'node:crypto';
import type { Protocolos } from '../application/ports.ts';

/** 192 bits, so that trying protocols out finds none in any time. */
const BYTES = 24;

/** Random protocols, in the 32 characters of `base64url`. */
export const randomProtocolos: Protocolos = {
  novo: () => randomBytes(BYTES).toString('base64url'),
};
