import { createHash } from 'node:crypto';
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { consent } from '@plataforma/testing/oidc/consent';
import type { OidcFaults } from '@plataforma/testing/oidc/faults';
import { failure } from '../support/use-auth.ts';
import { alguem, STRANGER, useGoogle } from './use-google.ts';

const clock = new FixedClock(new Date().toISOString());
const { auth, rpc, issuer, browser, begun } = useGoogle({ clock });

const INVALID = { code: Code.Unauthenticated, motivo: 'GOOGLE_LOGIN_INVALIDO' };

const query = (authorizationUrl: string) => new URL(authorizationUrl).searchParams;

describe('an attempt', () => {
  it('has a state, a nonce and a PKCE challenge of its own (ASVS 10.1.2, 10.2.1)', async () => {
    const navegador = browser();
    const attempts = [await navegador.start(), await navegador.start()].map(({ authorizationUrl }) =>
      query(authorizationUrl),
    );
    for (const name of ['state', 'nonce', 'code_challenge']) {
      const values = attempts.map((attempt) => attempt.get(name));
      expect(new Set(values).size).toBe(2);
      for (const value of values) expect(value).toMatch(/^[\w-]{43}$/);
    }
    expect(attempts.map((attempt) => attempt.get('code_challenge_method'))).toEqual(['S256', 'S256']);
  });

  it('is finished once', async () => {
    const { navegador, answer } = await begun();
    await navegador.finish(answer);
    expect(await failure(navegador.finish(answer))).toEqual(INVALID);
  });

  it('is finished once, also by two calls at the same time', async () => {
    const { navegador, answer } = await begun();
    const ends = await Promise.allSettled([navegador.finish(answer), navegador.finish(answer)]);
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
  });

  it('is of the browser that began it, and stays good for it when another one has tried (ASVS 10.1.2)', async () => {
    const { navegador, answer } = await begun();
    const other = browser();
    await other.start();
    expect(await failure(other.finish(answer))).toEqual(INVALID);
    expect(await failure(browser().finish(answer))).toEqual(INVALID);
    await navegador.finish(answer);
  });

  it('side by side with another one of the same browser works', async () => {
    const navegador = browser();
    const [one, two] = [await navegador.start(), await navegador.start()];
    for (const { authorizationUrl } of [one, two])
      expect(await navegador.finish(await consent(authorizationUrl, alguem()))).toMatchObject({
        tokenType: 'Bearer',
      });
  });

  it('is over after ten minutes, and nothing of it can be read in Redis', async () => {
    const { authorizationUrl, state } = await browser().start();
    const key = `google:tentativa:${createHash('sha256').update(state).digest('base64url')}`;
    const seconds = await auth.redis.ttl(key);
    expect(seconds).toBeGreaterThan(590);
    expect(seconds).toBeLessThanOrEqual(600);
    const kept = JSON.stringify(await auth.redis.hgetall(key));
    for (const secret of [state, query(authorizationUrl).get('nonce') ?? '?'])
      expect(kept).not.toContain(secret);
    await auth.redis.del(key);
  });

  it('takes no more than the contract allows of what comes in the query', async () => {
    const { navegador, answer } = await begun();
    for (const huge of [{ code: 'a'.repeat(2_049) }, { state: 'a'.repeat(513) }, { iss: 'a'.repeat(513) }])
      expect((await failure(navegador.finish({ ...answer, ...huge }))).code).toBe(Code.InvalidArgument);
    await navegador.finish(answer);
  });
});

describe('the cookie', () => {
  it('is kept from scripts and other sites', async () => {
    let given = '';
    await rpc.auth.startGoogle(
      { redirectUri: 'https://app.exemplo.com/entrar/google' },
      {
        onHeader(header) {
          given = header.get('set-cookie') ?? '';
        },
      },
    );
    // Plain HTTP, as the issuer of this spec: over TLS browser-cookie.spec.ts looks at it.
    expect(given).toMatch(/^google=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
  });
});

describe('what the issuer has not said of this attempt', () => {
  it.each<[string, OidcFaults]>([
    ['another nonce', { claims: (claims) => ({ ...claims, nonce: 'de outra tentativa' }) }],
    ['no nonce', { claims: ({ nonce: _, ...claims }) => claims }],
    ['another audience', { claims: (claims) => ({ ...claims, aud: STRANGER.id }) }],
    [
      'several audiences and another party',
      { claims: (claims) => ({ ...claims, aud: ['plataforma', STRANGER.id], azp: STRANGER.id }) },
    ],
    ['another authorized party', { claims: (claims) => ({ ...claims, azp: STRANGER.id }) }],
    [
      'another issuer in the token',
      { claims: (claims) => ({ ...claims, iss: 'https://outro.exemplo.com' }) },
    ],
    [
      'a token that has expired',
      { claims: (claims) => ({ ...claims, exp: Math.floor(Date.now() / 1_000) - 60 }) },
    ],
    ['a subject beyond all bounds', { claims: (claims) => ({ ...claims, sub: 'a'.repeat(256) }) }],
    ['a signature of another key', { foreignKey: true }],
    ['another issuer in the query (RFC 9207)', { iss: 'https://outro.exemplo.com' }],
    ['no issuer in the query, where it names itself', { iss: null }],
  ])('is no login: %s', async (_, faults) => {
    Object.assign(issuer.faults, faults);
    expect(await failure((await begun()).finish())).toEqual(INVALID);
  });

  it('is a login with clocks that differ by some seconds', async () => {
    const seconds = () => Math.floor(Date.now() / 1_000);
    issuer.faults.claims = (claims) => ({ ...claims, iat: seconds() + 15, exp: seconds() - 15 });
    expect(await (await begun()).finish()).toMatchObject({ tokenType: 'Bearer' });
  });

  it('is no login: a code that was given to another client, or to another attempt', async () => {
    const own = browser();
    const { state, authorizationUrl } = await own.start();
    const foreign = new URL(authorizationUrl);
    foreign.searchParams.set('client_id', STRANGER.id);
    foreign.searchParams.set('redirect_uri', STRANGER.redirectUris[0] as string);
    const stolen = await consent(foreign.href, alguem());
    expect(await failure(own.finish({ ...stolen, state }))).toEqual(INVALID);
    const victim = await begun();
    const { state: another } = await own.start();
    expect(await failure(own.finish({ ...victim.answer, state: another }))).toEqual(INVALID);
  });

  it('is no login: a code that was traded in before', async () => {
    const first = await begun();
    await first.finish();
    const { state } = await first.navegador.start();
    expect(await failure(first.navegador.finish({ ...first.answer, state }))).toEqual(INVALID);
  });
});
