import { globSync, readFileSync } from 'node:fs';
import { dirname, join, matchesGlob } from 'node:path';
import { isLeftOut } from './left-out.ts';

/** Where the packages are that have guards. */
export const PACKAGES: Readonly<Record<string, string>> = {
  auth: 'services/auth',
  reservas: 'services/reservas',
  pagamentos: 'services/pagamentos',
  notificacoes: 'services/notificacoes',
  runtime: 'services/shared/runtime',
  domain: 'services/shared/domain',
};

/** All paths are from the root of the repository. */
export interface Package {
  readonly folder: string;
  readonly sources: readonly string[];
  /** Unit and integration specs: the others take minutes, or start processes of their own. */
  readonly specs: readonly string[];
  /** Everything the specs need beside the sources. */
  readonly helpers: readonly string[];
}

export function readPackage(root: string, folder: string): Package {
  const files = globSync(`${folder}/**/*.ts`, { cwd: root, exclude: ['**/node_modules', '**/dist'] }).sort();
  const isSpec = (file: string) => file.endsWith('.spec.ts');
  return {
    folder,
    sources: files.filter((file) => file.startsWith(`${folder}/src/`) && !isLeftOut(file)),
    specs: files.filter((file) => isSpec(file) && !/\.(e2e|pact|proof)\.spec\.ts$/.test(file)),
    helpers: files.filter((file) => !isSpec(file) && !file.startsWith(`${folder}/src/`)),
  };
}

/** Which sources import a source. */
export function importersIn(root: string, sources: readonly string[]): (file: string) => readonly string[] {
  const importers = new Map<string, string[]>();
  for (const file of sources) {
    for (const [, path = ''] of readFileSync(join(root, file), 'utf8').matchAll(/from '(\.[^']+)'/g)) {
      const target = join(dirname(file), path);
      importers.set(target, [...(importers.get(target) ?? []), file]);
    }
  }
  return (file) => importers.get(file) ?? [];
}

/** The sources that a word of the command line means: the end of a path, or a glob inside `src`. */
export function matching({ folder, sources }: Package, word: string): string[] {
  return sources.filter((file) => file.endsWith(`/${word}`) || matchesGlob(file, `${folder}/src/${word}`));
}
