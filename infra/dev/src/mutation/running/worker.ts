/*
 * The process that runs specs against instrumented sources, as often as it is told, and keeps what it has loaded. Its
 * argument names a file with the sources, by path.
 */
import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Answer, Order } from './orders.ts';

const BEAT_MS = 1_000;

const [, , sourcesFile = ''] = process.argv;
const sources = new Map(
  Object.entries<string>(JSON.parse(readFileSync(sourcesFile, 'utf8'))).map(([path, source]) => [
    pathToFileURL(path).href,
    source,
  ]),
);
const globals = import.meta.resolve('@plataforma/testing/jest/globals');

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@jest/globals') return { url: globals, shortCircuit: true };
    const resolved = next(specifier, context);
    const generation = /\?generation=\d+$/.exec(context.parentURL ?? '')?.[0];
    return generation && isOfProject(resolved.url)
      ? { ...resolved, url: `${resolved.url}${generation}` }
      : resolved;
  },
  load(url, context, next) {
    const source = sources.get(url.replace(/\?.*$/, ''));
    if (source === undefined) return next(url, context);
    return { format: 'module-typescript', source, shortCircuit: true };
  },
});

const { runSpec, takeCoverage } = await import('./spec-runner.ts');

process.on('message', async (order: Order) => {
  const start = performance.now();
  let results: Answer['results'] = [];
  let crash: string | undefined;
  try {
    results = await runSpec(order);
  } catch (error) {
    crash = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  process.send?.({ results, crash, ...takeCoverage(), ms: performance.now() - start } satisfies Answer);
});
process.on('disconnect', () => process.exit());
// A mutant may never let go of this thread: then another has to see that the process that gives the orders is gone.
new Worker(
  `setInterval(() => process.ppid === ${process.ppid} || process.kill(process.pid, 'SIGKILL'), ${BEAT_MS});`,
  { eval: true, execArgv: [] },
).unref();
// And for the one who gives them only silence tells.
setInterval(() => process.send?.('alive'), BEAT_MS).unref();
process.send?.('ready');

/** Generated messages are no part of it: two copies of one would not know each other's instances. */
function isOfProject(url: string): boolean {
  return url.endsWith('.ts') && !url.includes('/node_modules/') && !url.includes('/gen/');
}
