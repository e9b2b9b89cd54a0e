import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT, run, step } from './pack.ts';

const CLIENT = 'services/shared/cliente';

/** What is published for programs that call the platform. */
export const CLIENT_PACKAGES = ['gen', CLIENT] as const;

/** Declarations of packages count too: a program that checks them must find nothing wrong. */
const TSCONFIG = {
  compilerOptions: {
    ...{ target: 'es2022', lib: ['es2022', 'dom', 'dom.asynciterable'], module: 'nodenext', types: ['node'] },
    ...{ strict: true, exactOptionalPropertyTypes: true, verbatimModuleSyntax: true, noEmit: true },
    skipLibCheck: false,
  },
};

/** A program in an empty folder: it installs the client, compiles the examples of its README, and loads all of it. */
export async function tryClient(target: string, tarballs: Readonly<Record<string, string>>): Promise<void> {
  const { devDependencies } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8'));
  const manifest = {
    ...{ name: 'loja', private: true, type: 'module' },
    dependencies: { ...tarballs, '@bufbuild/protobuf': devDependencies['@bufbuild/protobuf'] },
    devDependencies: { '@types/node': devDependencies['@types/node'] },
    overrides: tarballs,
  };
  await mkdir(target);
  await writeFile(join(target, 'package.json'), JSON.stringify(manifest));
  await writeFile(join(target, 'tsconfig.json'), JSON.stringify(TSCONFIG));
  const examples = await step('copy the examples of the README', () => writeExamples(target));
  await step('install the client in an empty folder', () =>
    run('npm', ['install', '--prefer-offline', '--no-package-lock', '--no-audit', '--no-fund'], target),
  );
  await step(`types of ${examples.join(' and ')}`, () =>
    run(join(ROOT, 'node_modules/.bin/tsc'), ['-p', target], target),
  );
  const modules = await modulesOf(target);
  const imports = modules.map((name) => `await import('@plataforma/cliente/${name}');`).join('');
  await step(`load ${modules.join(', ')}`, () =>
    run(process.execPath, ['--input-type=module', '--eval', imports], target),
  );
}

async function writeExamples(target: string): Promise<string[]> {
  const readme = await readFile(join(ROOT, CLIENT, 'README.md'), 'utf8');
  const examples = [...readme.matchAll(/```ts\n\/\/ (\S+\.ts)\n([\s\S]*?)```/g)];
  if (examples.length === 0) throw new Error('the README of the client has no examples');
  for (const [, name = '', text = ''] of examples) await writeFile(join(target, name), text);
  return examples.map(([, name = '']) => name);
}

/** As they were packed, without the specs. */
async function modulesOf(target: string): Promise<string[]> {
  const files = await readdir(join(target, 'node_modules/@plataforma/cliente/dist'));
  return files.filter((file) => file.endsWith('.js')).map((file) => file.slice(0, -'.js'.length));
}
