import { ErroDaPlataforma } from '@plataforma/cliente/erro';
import { Plataforma } from '@plataforma/cliente/plataforma';
import { login } from '@plataforma/cliente/session';
import { dataFolder } from '../stack/data-folder.ts';
import { readEnvironments } from '../stack/environments.ts';

/** What ends a verb with one sentence, and exit code 1. */
export class VerbError extends Error {}

/** Where the stack is that was started last over the data folder, whatever its ports. */
export interface RunningStack {
  readonly dataDir: string;
  /** Of the gateway. */
  readonly url: string;
  /** Control API of the Stripe stand-in; undefined where the real Stripe is used. */
  readonly stripeUrl: string | undefined;
  readonly environments: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const NOT_RUNNING = 'the local stack is not running; "npm start" starts it';
const PROBE_MS = 3_000;

/** The stack as its files tell, running or not. @throws VerbError when none was ever started over the data folder. */
export async function knownStack(): Promise<RunningStack> {
  const dataDir = dataFolder();
  const environments = await readEnvironments(dataDir);
  const url = environments?.auth?.PUBLIC_URL;
  if (environments === undefined || url === undefined) throw new VerbError(NOT_RUNNING);
  return { dataDir, url, stripeUrl: environments.pagamentos?.STRIPE_API_URL, environments };
}

/** The stack, whose gateway answers. @throws VerbError when it does not. */
export async function runningStack(): Promise<RunningStack> {
  const stack = await knownStack();
  await fetch(`${stack.url}/.well-known/jwks.json`, { signal: AbortSignal.timeout(PROBE_MS) }).catch(() => {
    throw new VerbError(NOT_RUNNING);
  });
  return stack;
}

/** Works as the administrator, in a session of its own that is ended afterwards. */
export async function asAdministrator<T>(
  { url, environments }: RunningStack,
  work: (plataforma: Plataforma) => Promise<T>,
): Promise<T> {
  const { ADMIN_EMAIL = '', ADMIN_PASSWORD = '' } = environments.auth ?? {};
  const visitor = new Plataforma({ url });
  const session = await login(visitor, { email: ADMIN_EMAIL, password: ADMIN_PASSWORD });
  try {
    return await work(visitor.as(session));
  } finally {
    await session.end().catch(() => {});
  }
}

/** A request to the control API of the Stripe stand-in. @throws VerbError when it is away, or with what it says when it refuses. */
export async function askStripe<T>(
  { stripeUrl }: RunningStack,
  method: 'GET' | 'POST',
  path: string,
): Promise<T> {
  if (stripeUrl === undefined)
    throw new VerbError('this stack uses the real Stripe; pay, decline and send its events there');
  const response = await fetch(`${stripeUrl}/_controle/${path}`, {
    method,
    ...(method === 'POST' && { headers: { 'content-type': 'application/json' }, body: '{}' }),
    signal: AbortSignal.timeout(10_000),
  }).catch(() => {
    throw new VerbError(`the Stripe stand-in does not answer at ${stripeUrl}; "npm start" starts it`);
  });
  const answer = (await response.json()) as T & { error?: { message?: string } };
  if (!response.ok)
    throw new VerbError(`the Stripe stand-in refuses: ${answer.error?.message ?? response.status}`);
  return answer;
}

/** One sentence about a failure that somebody at a terminal can act on; undefined for a defect. */
export function sentenceOf(error: unknown): string | undefined {
  if (error instanceof VerbError) return error.message;
  if (error instanceof ErroDaPlataforma)
    return `${error.message}${error.reason ? ` (${error.reason}, request ${error.requestId})` : ''}`;
  return undefined;
}
