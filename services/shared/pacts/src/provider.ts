import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import type { OutgoingMessage } from '@plataforma/runtime/event-message';

/** An event as it left. */
export type Published = Pick<OutgoingMessage, 'subject' | 'headers'> & { readonly payload: string };

/** A provider whose pacts are to be checked. */
export interface Provider {
  readonly name: string;
  /** Files of Pact. */
  readonly pacts: readonly string[];
  /** Of its HTTP listener, where any of them is about calls. */
  readonly url?: string;
  /** What it has published. */
  readonly events?: readonly Published[];
  /** Which of its events are meant, by the states of the pacts. */
  readonly eventsOf?: Readonly<Record<string, (event: Record<string, unknown>) => boolean>>;
  /** Brings a state of the pacts about, and answers what only the provider knows of it. */
  readonly states?: Readonly<Record<string, () => Promise<Record<string, string>>>>;
}

/** What the verifier asks for when it wants an event. */
interface AskedEvent {
  readonly description: string;
  readonly providerStates?: readonly { readonly name: string }[];
}

const PATIENCE_MS = 120_000;
/** What the verifier prints in front of what did not hold. */
const FAILURES = 'Failures:';
const VERIFIER = fileURLToPath(new URL(`./verifier-main${extname(import.meta.url)}`, import.meta.url));

/**
 * Asks a provider for everything that its pacts say: its calls over HTTP, and its events as they left. What is missing is told
 * by the rejection. The verifier is a process of its own: it writes to its console whatever it finds.
 */
export async function verifyPacts(provider: Provider): Promise<void> {
  if (provider.pacts.length === 0) throw new Error(`nobody has a pact with ${provider.name}`);
  const unknown: string[] = [];
  const desk = createServer((request, response) => {
    answer(provider, request).then(
      ({ body, headers }) => response.writeHead(200, headers).end(body),
      ({ message }: Error) => {
        unknown.push(message);
        // The verifier would ask for a state again and again.
        response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      },
    );
  });
  desk.listen(0, '127.0.0.1');
  await once(desk, 'listening');
  try {
    const { code, said } = await verify(provider, portOf(desk));
    if (code !== 0 || unknown.length > 0) throw new Error([...unknown, said].join('\n'));
  } finally {
    desk.close();
    desk.closeAllConnections();
  }
}

async function verify({ name, pacts, url }: Provider, port: number) {
  const desk = `http://127.0.0.1:${port}`;
  const options = {
    ...{ provider: name, pactUrls: pacts, logLevel: 'error' },
    ...{ providerBaseUrl: url ?? desk, providerStatesSetupUrl: `${desk}/states` },
    transports: [{ protocol: 'message', scheme: 'http', port, path: '/events' }],
  };
  const child = spawn(process.execPath, [VERIFIER, JSON.stringify(options)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Else the makers of Pact would be told.
    env: { ...process.env, PACT_DO_NOT_TRACK: '1' },
    timeout: PATIENCE_MS,
  });
  const [said, complaints, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  const all = stripVTControlCharacters(`${said}${complaints}`);
  return { code, said: all.slice(Math.max(0, all.indexOf(FAILURES))) };
}

/** Of the desk at which the verifier asks for states and events. */
async function answer(provider: Provider, request: IncomingMessage) {
  const asked = JSON.parse(await text(request));
  if (request.url === '/states') return json(await bringAbout(provider, asked));
  const { payload, headers } = eventFor(provider, asked);
  const metadata = { ...headers, contentType: headers['content-type'] };
  return {
    body: payload,
    headers: {
      'content-type': 'application/json',
      'pact-message-metadata': Buffer.from(JSON.stringify(metadata)).toString('base64'),
    },
  };
}

const json = (value: object) => ({
  body: JSON.stringify(value),
  headers: { 'content-type': 'application/json' },
});

async function bringAbout(
  { states = {}, eventsOf = {} }: Provider,
  { state, action }: { state: string; action: string },
) {
  if (action !== 'setup' || state === '' || state in eventsOf) return {};
  const bring = states[state];
  if (bring === undefined) throw new Error(`nobody knows how it comes that ${state}`);
  return bring();
}

/** The barest of those that are meant: what the pact asks for has to be in every one. */
function eventFor({ events = [], eventsOf = {} }: Provider, asked: AskedEvent): Published {
  const [type = ''] = asked.description.split(' ');
  const meant = (asked.providerStates ?? []).map(({ name }) => {
    const filter = eventsOf[name];
    if (filter === undefined) throw new Error(`nobody knows how it comes that ${name}`);
    return filter;
  });
  const [barest] = events
    .filter(({ subject, payload }) => subject === type && meant.every((is) => is(JSON.parse(payload))))
    .sort((one, other) => one.payload.length - other.payload.length);
  if (barest === undefined) throw new Error(`no ${asked.description} was published`);
  return barest;
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;
