import { createHash } from 'node:crypto';
import type { Cadeia } from './livros.ts';

/** Each event follows from the one before, is what it was when it was written, and none is missing at the end. */
export function conferirCadeia({ versao, elos }: Cadeia): string[] {
  const problemas = elos.flatMap((elo, i) => {
    const hash = createHash('sha256').update(elo.conteudo).digest('hex');
    return [
      ...(elo.versao === i + 1 ? [] : [`event ${i + 1} of the payment is missing`]),
      ...(elo.anterior === (elos[i - 1]?.hash ?? '') ? [] : [`event ${elo.versao} does not follow`]),
      ...(elo.hash === hash ? [] : [`event ${elo.versao} was changed`]),
    ];
  });
  const ponta = elos.at(-1)?.versao ?? 0;
  return [...problemas, ...(ponta === versao ? [] : [`the payment is at ${versao}, its events at ${ponta}`])];
}
