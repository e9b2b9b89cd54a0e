import { createHash, randomBytes } from 'node:crypto';
import type { CodigosDeRedefinicao } from '../application/ports.ts';

/** 256 random bits. */
export const codigosDeRedefinicao: CodigosDeRedefinicao = {
  novo: () => randomBytes(32).toString('base64url'),
  digest: (codigo) => createHash('sha256').update(codigo).digest(),
};
