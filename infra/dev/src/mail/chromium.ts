import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

/** Names under which the browser is installed. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome'];
const PATIENCE_MS = 30_000;

/** Where Chromium is on this machine; undefined where it is not. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders
    .flatMap((folder) => NAMES.map((name) => join(folder, name)))
    .find((file) => existsSync(file));
}

interface Answer {
  readonly id?: number;
  readonly method?: string;
  readonly sessionId?: string;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

/** A page of a browser without a window, by the DevTools protocol over a WebSocket. Close it. */
export interface BrowserPage {
  /** Asks one method of the protocol. */
  send(method: string, params?: object): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

/**
 * Starts Chromium, which can reach no network, and opens one page.
 *
 * @param host the only name or address that it can reach after all
 */
export async function openPage(chromium: string, host?: string): Promise<BrowserPage> {
  const nobody = 'MAP * ~NOTFOUND';
  const rules = host === undefined ? nobody : `${nobody}, EXCLUDE ${host}`;
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const child = spawn(
    chromium,
    [
      ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars'],
      ...[`--host-resolver-rules=${rules}`, '--remote-debugging-port=0', `--user-data-dir=${profile}`],
      'about:blank',
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async () => {
    child.kill();
    await gone;
    rmSync(profile, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const socket = new WebSocket(await addressOf(child.stderr));
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    const ask = asking(socket);
    const { targetInfos } = (await ask('Target.getTargets')) as {
      targetInfos: Array<{ type: string; targetId: string }>;
    };
    const targetId = targetInfos.find(({ type }) => type === 'page')?.targetId;
    const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
    return { send: (method, params = {}) => ask(method, params, String(sessionId)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Chromium says where it listens, in its own log. */
async function addressOf(log: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of log) {
    text += chunk;
    const [, address] = /DevTools listening on (ws:\S+)/.exec(text) ?? [];
    if (address !== undefined) {
      log.resume();
      return address;
    }
  }
  throw new Error(`Chromium did not start:\n${text}`);
}

function asking(socket: WebSocket) {
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  socket.addEventListener('message', ({ data }) => {
    const answer = JSON.parse(String(data)) as Answer;
    if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
  });
  return (method: string, params: object = {}, sessionId?: string): Promise<Record<string, unknown>> => {
    const id = ++last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${method} was not answered`)), PATIENCE_MS);
      waiting.set(id, ({ result = {}, error }) => {
        clearTimeout(timer);
        waiting.delete(id);
        if (error) reject(new Error(`${method}: ${error.message}`));
        else resolve(result);
      });
      socket.send(JSON.stringify({ id, method, params, ...(sessionId && { sessionId }) }));
    });
  };
}
