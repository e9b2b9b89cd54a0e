import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { misused, readCommandLine } from '../../services/shared/runtime/src/process/command-line.ts';
import { defaultUpstreams, type PublishedKey, type RateLimitPolicy, renderKongConfig } from './render.ts';

const USAGE = `Renders kong.yml from the keys that auth publishes.

  node infra/kong/render-cli.ts --jwks <address or file> --out <file> [--host <host>] [--redis <host:port>]

  --jwks   JWKS document, e.g. http://auth:8081/.well-known/jwks.json
  --out    where to write; replaced atomically, so that Kong never reads half a file
  --host   one host for all services (e.g. 127.0.0.1); without it each service has a host of its own name
  --redis  where rate limits are counted; without it in each Kong node`;
const JWKS_TIMEOUT_MS = 5_000;

const { values } = readCommandLine({
  name: 'render-cli',
  help: USAGE,
  options: {
    jwks: { type: 'string' },
    out: { type: 'string' },
    host: { type: 'string' },
    redis: { type: 'string' },
  },
});

if (values.jwks === undefined || values.out === undefined)
  misused('render-cli', '--jwks and --out are needed');
await render(values.jwks, values.out);

async function render(jwksSource: string, out: string): Promise<void> {
  const folder = import.meta.dirname;
  const read = (name: string): Promise<string> => readFile(join(folder, name), 'utf8');
  const rendered = renderKongConfig({
    template: await read('kong.yml'),
    postFunction: {
      headerFilter: await read('post-function/header_filter.lua'),
      bodyFilter: await read('post-function/body_filter.lua'),
    },
    jwks: await readJwks(jwksSource),
    upstreams: defaultUpstreams((servico) => values.host ?? servico),
    rateLimit: policy(values.redis),
  });
  // The same folder, so that the rename cannot cross file systems.
  await writeFile(`${out}.tmp`, rendered, { mode: 0o644 });
  await rename(`${out}.tmp`, out);
}

async function readJwks(source: string): Promise<{ keys: PublishedKey[] }> {
  if (!/^https?:/.test(source)) return JSON.parse(await readFile(source, 'utf8'));
  const response = await fetch(source, { signal: AbortSignal.timeout(JWKS_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`${source} answered ${response.status}`);
  return (await response.json()) as { keys: PublishedKey[] };
}

function policy(redis: string | undefined): RateLimitPolicy {
  if (redis === undefined) return { policy: 'local' };
  const [host = '', port = '6379'] = redis.split(':');
  return { policy: 'redis', host, port: Number(port) };
}
