import { beforeAll, describe, expect, it } from '@jest/globals';
import { googleEnv } from '@plataforma/dev/stack/service-env';
import { consent } from '@plataforma/testing/oidc/consent';
import type { Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

let platform: Platform;

beforeAll(async () => {
  platform = await sharedPlatform();
}, 240_000);

function post(path: string, body: object, cookie?: string): Promise<Response> {
  return fetch(`${platform.edgeUrl}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(cookie !== undefined && { cookie }) },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
}

const PATHS: ReadonlyArray<[string, string, string]> = [
  ['REST', '/api/v1/auth/google/start', '/api/v1/auth/google/finish'],
  ['Connect', '/auth.v1.AuthService/StartGoogle', '/auth.v1.AuthService/FinishGoogle'],
];

describe('a login with Google through the gateway', () => {
  it.each(PATHS)('works with the cookie that it sets, and not without: over %s', async (_, start, finish) => {
    const { redirectUri } = googleEnv(platform.stack);
    const begun = await post(start, { redirectUri });
    expect(begun.status).toBe(200);
    const [cookie = ''] = (begun.headers.get('set-cookie') ?? '').split(';');
    const { authorizationUrl } = (await begun.json()) as { authorizationUrl: string };
    const email = `${crypto.randomUUID()}@gmail.example`;
    const answer = await consent(authorizationUrl, { name: 'Davi Melo', email, verified: 'yes' });
    const without = await post(finish, answer);
    expect([without.status, without.headers.get('set-cookie')]).toEqual([401, null]);
    const { accessToken } = (await (await post(finish, answer, cookie)).json()) as { accessToken: string };
    const me = await fetch(`${platform.edgeUrl}/api/v1/users/me`, {
      headers: { authorization: `Bearer ${accessToken}` },
    });
    expect(await me.json()).toMatchObject({ nome: 'Davi Melo', email, emailVerificado: true });
  });
});
