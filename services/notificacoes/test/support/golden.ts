import { readFileSync, writeFileSync } from 'node:fs';
import { expect } from '@jest/globals';

/** Compares with the file in `test/golden`; `ATUALIZAR_GOLDEN=1` writes it, to be read before it is committed. */
export function expectGolden(nome: string, conteudo: string): void {
  const arquivo = new URL(`../golden/${nome}`, import.meta.url);
  if (process.env.ATUALIZAR_GOLDEN === '1') writeFileSync(arquivo, conteudo);
  expect(conteudo).toBe(readFileSync(arquivo, 'utf8'));
}
