import { beforeAll, describe, expect, it } from '@jest/globals';
import { ADMIN_EMAIL } from '@plataforma/dev/stack/service-env';
import type { Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

const PAGE = 'http://localhost:3000';
const STRANGER = 'https://estranho.exemplo.com';

let platform: Platform;

beforeAll(async () => {
  platform = await sharedPlatform();
}, 240_000);

function login(path: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${platform.edgeUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ email: ADMIN_EMAIL, password: platform.stack.secrets.adminPassword }),
    signal: AbortSignal.timeout(30_000),
  });
}

const PATHS = ['/api/v1/auth/login', '/auth.v1.AuthService/Login'];

/** What a browser keeps of the answer, and which device it names. */
function kept(response: Response): { cookie: string; device: string | undefined } {
  const [cookie = ''] = (response.headers.get('set-cookie') ?? '').split(';');
  return { cookie, device: /^__Host-aparelho=([\w-]{16})\./.exec(cookie)?.[1] };
}

const corsOf = ({ headers }: Response) => ({
  origin: headers.get('access-control-allow-origin'),
  credentials: headers.get('access-control-allow-credentials'),
});

describe('cookies through the gateway', () => {
  it.each(PATHS)('make a device known that has logged in before: %s', async (path) => {
    const first = kept(await login(path));
    expect(first.device).toBeDefined();
    expect(kept(await login(path, { cookie: `outro=1; ${first.cookie}` })).device).toBe(first.device);
    expect(kept(await login(path)).device).not.toBe(first.device);
  });

  it.each(PATHS)('are for the pages that are allowed, and a stranger reads nothing: %s', async (path) => {
    expect(corsOf(await login(path, { origin: PAGE }))).toEqual({ origin: PAGE, credentials: 'true' });
    expect(corsOf(await login(path, { origin: STRANGER })).origin).toBe(PAGE);
  });

  it.each(PATHS)('are announced to a preflight of such a page, and to no stranger: %s', async (path) => {
    const preflight = (origin: string) =>
      fetch(`${platform.edgeUrl}${path}`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
    const own = await preflight(PAGE);
    expect([own.status, corsOf(own)]).toEqual([200, { origin: PAGE, credentials: 'true' }]);
    expect(corsOf(await preflight(STRANGER)).origin).toBe(PAGE);
  });
});
