import { connect as connectTcp } from 'node:net';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { natsOfStack } from '../stack/nats-of-stack.ts';
import { SERVICES } from '../stack/service-env.ts';
import { knownStack, type RunningStack } from './running-stack.ts';

const HELP = `npm run plataforma -- doctor

Looks at every part of the local stack: whether its port answers, whether each service is ready, what is in the streams and
in the dead letters. Says what to do; exit code 1 when something is wrong.`;

/** What was found, and what to do where it is wrong. */
interface Finding {
  readonly part: string;
  readonly address: string;
  readonly found: string;
  readonly advice?: string;
}

const TIMEOUT_MS = 3_000;

/** `doctor`: what is up, what is not, what to do. */
export async function doctor(args: readonly string[]): Promise<void> {
  readCommandLine({ name: 'doctor', help: HELP }, args);
  const stack = await knownStack();
  const findings = await Promise.all([...servers(stack), ...services(stack), ...pages(stack), streams()]);
  console.log(`Node ${process.versions.node}, data in ${stack.dataDir}`);
  for (const { part, address, found, advice } of findings.flat())
    console.log(`${advice ? '✗' : '✓'} ${part.padEnd(14)}${address.padEnd(30)}${found}`);
  const advice = new Set(findings.flat().flatMap((finding) => finding.advice ?? []));
  for (const one of advice) console.log(`→ ${one}`);
  if (advice.size > 0) process.exitCode = 1;
}

const START = '"npm start" starts what is down; it says when a port is taken';

/** Servers that speak no HTTP: their ports take connections. */
function servers({ environments }: RunningStack): Promise<Finding>[] {
  const { DATABASE_URL, REDIS_URL, NATS_URL } = environments.reservas ?? {};
  return Object.entries({ PostgreSQL: DATABASE_URL, Redis: REDIS_URL, NATS: NATS_URL }).map(
    async ([part, url = '']) => {
      const { host, hostname, port } = new URL(url);
      const up = await takesConnections(hostname, Number(port));
      return { part, address: host, found: up ? 'up' : 'down', ...(!up && { advice: START }) };
    },
  );
}

function services({ environments, dataDir }: RunningStack): Promise<Finding>[] {
  return SERVICES.map(async (part) => {
    const { GRPC_PORT, HTTP_PORT } = environments[part] ?? {};
    const address = `127.0.0.1:${HTTP_PORT}, gRPC ${GRPC_PORT}`;
    const answer = await ask(`http://127.0.0.1:${HTTP_PORT}/readyz`);
    if (answer === undefined) return { part, address, found: 'down', advice: START };
    if (answer.ok) return { part, address, found: 'ready' };
    const advice = `${part} is up and not ready: ${join(dataDir, 'logs', `${part}.log`)} says why`;
    return { part, address, found: `not ready: ${(await answer.text()).trim()}`, advice };
  });
}

/** What answers HTTP, whatever it answers. */
function pages({ url, stripeUrl, environments }: RunningStack): Promise<Finding>[] {
  const addresses = { gateway: url, Stripe: stripeUrl, 'login issuer': environments.auth?.GOOGLE_ISSUER };
  return Object.entries(addresses).map(async ([part, page]) => {
    if (page === undefined) return { part, address: '', found: 'the real one' };
    const up = (await ask(page)) !== undefined;
    return { part, address: new URL(page).host, found: up ? 'up' : 'down', ...(!up && { advice: START }) };
  });
}

/** What the JetStream API answers to `STREAM.LIST`, as far as it is looked at. */
interface Streams {
  readonly streams?: readonly {
    readonly config: { readonly name: string };
    readonly state: { readonly messages: number; readonly consumer_count: number };
  }[];
}

async function streams(): Promise<Finding[]> {
  const { servers: at, ...access } = await natsOfStack();
  const nats = await connect({ ...access, servers: [...at], name: 'doctor', timeout: TIMEOUT_MS }).catch(
    () => undefined,
  );
  // That NATS is down is told already.
  if (nats === undefined) return [];
  try {
    const answer = await nats
      .request('$JS.API.STREAM.LIST', '', { timeout: TIMEOUT_MS })
      .catch(() => undefined);
    if (answer === undefined)
      return [{ part: 'stream', address: '', found: 'JetStream does not answer', advice: START }];
    const { streams: found = [] } = answer.json<Streams>();
    return found.map(({ config: { name }, state: { messages, consumer_count: consumers } }) => {
      const dead = name === 'DLQ' && messages > 0;
      const advice =
        'events were given up: "npm run dlq -- list" shows them, "npm run dlq -- replay" tries them again';
      const told = `${messages} messages, ${consumers} consumers`;
      return { part: 'stream', address: name, found: told, ...(dead && { advice }) };
    });
  } finally {
    await nats.close();
  }
}

function ask(url: string): Promise<Response | undefined> {
  return fetch(url, { redirect: 'manual', signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(() => undefined);
}

function takesConnections(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp({ host, port, timeout: TIMEOUT_MS });
    const told = (up: boolean) => () => {
      socket.destroy();
      resolve(up);
    };
    socket.once('connect', told(true)).once('error', told(false)).once('timeout', told(false));
  });
}
