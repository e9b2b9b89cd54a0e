import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Idiomas, lerIdiomas } from '../../src/modelos/infrastructure/idiomas/idiomas.ts';
import type catalogo from '../../src/modelos/infrastructure/idiomas/pt-BR.json';

const ARQUIVO = new URL('../../src/modelos/infrastructure/idiomas/pt-BR.json', import.meta.url);

/** The language of the project, as its file has it. */
export const ptBR: typeof catalogo = JSON.parse(readFileSync(ARQUIVO, 'utf8'));

/** The languages of a folder with the one of the project and these besides. */
export function comIdiomas(outros: Readonly<Record<string, unknown>>): Idiomas {
  const pasta = mkdtempSync(join(tmpdir(), 'idiomas-'));
  try {
    cpSync(ARQUIVO, join(pasta, 'pt-BR.json'));
    for (const [codigo, conteudo] of Object.entries(outros))
      writeFileSync(join(pasta, `${codigo}.json`), JSON.stringify(conteudo));
    return lerIdiomas(pathToFileURL(`${pasta}/`));
  } finally {
    rmSync(pasta, { recursive: true });
  }
}
