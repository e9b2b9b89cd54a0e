import { createHash, randomBytes } from 'node:crypto';
import type { CodigosDeTroca } from '../application/ports.ts';

/** 256 random bits; their digests are of no other kind of code. */
export const codigosDeTroca: CodigosDeTroca = {
  novo: () => randomBytes(32).toString('base64url'),
  digest: (codigo) => createHash('sha256').update(`troca-de-email\0${codigo}`).digest(),
};
