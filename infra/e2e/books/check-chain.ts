import { createHash } from 'node:crypto';
import type { Chain } from './books.ts';

/** Each event follows from the one before, is what it was when it was written, and none is missing at the end. */
export function checkChain({ versao, links }: Chain): string[] {
  const problems = links.flatMap((link, i) => {
    const hash = createHash('sha256').update(link.content).digest('hex');
    return [
      ...(link.versao === i + 1 ? [] : [`event ${i + 1} of the payment is missing`]),
      ...(link.previous === (links[i - 1]?.hash ?? '') ? [] : [`event ${link.versao} does not follow`]),
      ...(link.hash === hash ? [] : [`event ${link.versao} was changed`]),
    ];
  });
  const head = links.at(-1)?.versao ?? 0;
  return [...problems, ...(head === versao ? [] : [`the payment is at ${versao}, its events at ${head}`])];
}
