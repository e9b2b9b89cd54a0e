import { createHmac, hkdfSync, randomInt } from 'node:crypto';
import type { CodigosDeTelefone } from '../application/ports.ts';

const DIGITOS = 6;

/** Six digits by chance. Of those that are kept without a key, a million attempts would find each. */
export function createCodigos(segredo: string): CodigosDeTelefone {
  const key = Buffer.from(hkdfSync('sha256', segredo, '', 'codigos de telefone', 32));
  return {
    novo: () => String(randomInt(10 ** DIGITOS)).padStart(DIGITOS, '0'),
    resumo: (codigo, clienteId, numero) =>
      createHmac('sha256', key)
        .update(JSON.stringify([codigo, clienteId, numero]))
        .digest(),
  };
}
