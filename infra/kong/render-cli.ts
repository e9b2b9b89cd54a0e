import { rename, writeFile } from 'node:fs/promises';
import { misused, readCommandLine } from '../../services/shared/runtime/src/process/command-line.ts';
import { readKongFiles } from './kong-files.ts';
import { followKeys, type Jwks, readKeys } from './published-keys.ts';
import { defaultUpstreams, type RateLimitPolicy, renderKongConfig } from './render.ts';

const NAME = 'kong:config';
const USAGE = `Renders kong.yml from the keys that auth publishes.

  npm run kong:config -- --jwks <address or file> --out <file> [--host <host>] [--redis <host:port>]
                         [--origins <origins>] [--docs <host:port>] [--traces <address>] [--follow] [--admin <address>]

  --jwks   JWKS document, e.g. http://auth:8081/.well-known/jwks.json
  --out    where to write; replaced atomically, so that Kong never reads half a file
  --host   one host for all services (e.g. 127.0.0.1); without it each service has a host of its own name
  --redis  where rate limits are counted; without it in each Kong node
  --origins  pages that may call with cookies, commas between, e.g. https://app.exemplo.com; never "*"
  --docs   where the page about the API is served (infra/dev/src/api-docs); without it /docs leads nowhere
  --traces where traces are sent (OTLP over HTTP); http://jaeger:4318/v1/traces unless told otherwise
  --follow stays and does it again whenever the keys have changed, so that Kong knows a key before it signs and
           forgets one that was taken back: it looks every second
  --admin  gives the file to Kong, too: Admin API of a node, e.g. http://kong:8001; several with commas between`;
const ADMIN_TIMEOUT_MS = 10_000;

const { values } = readCommandLine({
  name: NAME,
  help: USAGE,
  options: {
    jwks: { type: 'string' },
    out: { type: 'string' },
    host: { type: 'string' },
    redis: { type: 'string' },
    origins: { type: 'string' },
    docs: { type: 'string' },
    traces: { type: 'string' },
    follow: { type: 'boolean' },
    admin: { type: 'string' },
  },
});

if (values.jwks === undefined || values.out === undefined) misused(NAME, '--jwks and --out are needed');
const { jwks: source, out } = values;
if (values.follow) {
  const stopping = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stopping.abort());
  await followKeys({
    ...{ source, signal: stopping.signal, apply: (jwks) => render(jwks, out) },
    told: (line) => console.log(`${NAME}: ${line}`),
  });
} else
  try {
    await render(await readKeys(source), out);
  } catch (error) {
    console.error(`${NAME}: ${error instanceof Error ? error.message : String(error)}`);
    process.exitCode = 1;
  }

async function render(jwks: Jwks, file: string): Promise<void> {
  const rendered = renderKongConfig({
    ...readKongFiles(),
    jwks,
    upstreams: defaultUpstreams((servico) => values.host ?? servico),
    rateLimit: policy(values.redis),
    ...(values.origins !== undefined && { corsOrigins: values.origins.split(',') }),
    ...(values.docs !== undefined && { docs: values.docs }),
    ...(values.traces !== undefined && { tracesEndpoint: values.traces }),
  });
  // The same folder, so that the rename cannot cross file systems. Kong reads the file when it starts again.
  await writeFile(`${file}.tmp`, rendered, { mode: 0o644 });
  await rename(`${file}.tmp`, file);
  for (const node of values.admin?.split(',') ?? []) await giveToKong(node, rendered);
}

/** Kong answers 304 when it has this very configuration, and 429 while it takes up another one. */
async function giveToKong(node: string, config: string): Promise<void> {
  const response = await fetch(`${node}/config?check_hash=1`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ config }),
    signal: AbortSignal.timeout(ADMIN_TIMEOUT_MS),
  });
  if (!response.ok && response.status !== 304) throw new Error(`${node} answered ${response.status}`);
}

function policy(redis: string | undefined): RateLimitPolicy {
  if (redis === undefined) return { policy: 'local' };
  const [host = '', port = '6379'] = redis.split(':');
  return { policy: 'redis', host, port: Number(port) };
}
