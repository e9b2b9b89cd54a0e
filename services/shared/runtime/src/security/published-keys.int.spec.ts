import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { createTestIssuer } from '@plataforma/testing/test-tokens';
import { generateKeyPair, type JSONWebKeySet, SignJWT } from 'jose';
import { failureOf } from '../../test/failure-of.ts';
import { createTokenVerifier } from './jwt.ts';

const closers: Array<() => Promise<void>> = [];

afterEach(async () => {
  jest.restoreAllMocks();
  for (const close of closers.splice(0)) await close();
});

async function issuerAndVerifier() {
  const issuer = await createTestIssuer();
  closers.push(issuer.close);
  return { issuer, verifier: createTokenVerifier(issuer) };
}

describe('a verifier of tokens, asked about keys that it does not know', () => {
  /** Publishes the keys of an issuer until it is told to be away, and counts how often they are asked for. */
  async function publisher({ away = false, slow = false } = {}) {
    const { issuer } = await issuerAndVerifier();
    const published = (await (await fetch(issuer.jwksUrl)).json()) as JSONWebKeySet;
    const another = { ...published.keys[0], kid: 'another' };
    let keys = JSON.stringify({ keys: [...published.keys, another] });
    const answering = Promise.withResolvers<void>();
    const state = {
      ...{ asked: 0, away, answer: answering.resolve },
      withdraw() {
        keys = JSON.stringify({ keys: [another] });
      },
    };
    const server = createServer(async (_, res) => {
      state.asked += 1;
      if (slow && state.asked > 1) await answering.promise;
      if (state.away) res.writeHead(503).end();
      else res.setHeader('content-type', 'application/json').end(keys);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    closers.push(() => new Promise((resolve) => server.close(() => resolve())));
    const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const verifier = createTokenVerifier({ ...issuer, jwksUrl });
    const iat = Math.floor(Date.now() / 1000);
    const known = async () =>
      verifier.verify(await issuer.sign({ sub: 'cli_1', iat, exp: iat + 300, jti: crypto.randomUUID() }));
    if (!away) await known();
    const unknown = async (kid?: string | null) => failureOf(verifier.verify(await foreign(issuer, kid)));
    return { state, known, unknown, issuer, verifier };
  }

  const strange = generateKeyPair('RS256');

  /** A token of the issuer by a key that it has not published. */
  async function foreign(
    { issuer, audience }: { issuer: string; audience: string },
    kid: string | null = crypto.randomUUID(),
  ): Promise<string> {
    return new SignJWT({ tipo: 'acesso' })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', ...(kid && { kid }) })
      .setSubject('cli_1')
      .setIssuer(issuer)
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('5m')
      .sign((await strange).privateKey);
  }

  const setClock = (seconds: number) => {
    const then = Date.now() + seconds * 1_000;
    jest.spyOn(Date, 'now').mockImplementation(() => then);
  };

  const later = (seconds: number) => {
    setClock(seconds);
    const then = performance.now() + seconds * 1_000;
    jest.spyOn(performance, 'now').mockImplementation(() => then);
  };

  it('asks for them once in two and a half seconds, however many tokens name them', async () => {
    const { state, unknown } = await publisher();
    for (const [seconds, asked] of [
      [2, 1],
      [1, 2],
      [2, 2],
      [1, 3],
    ] as const) {
      later(seconds);
      for (let times = 0; times < 3; times++)
        expect(await unknown()).toMatchObject({ code: 'Unauthenticated' });
      expect(state.asked).toBe(asked);
    }
  });

  it('asks for them again beside the calls, so that none waits', async () => {
    const { state, known } = await publisher({ slow: true });
    later(3);
    await known();
    state.answer();
    await eventually(() => expect(state.asked).toBe(2));
  });

  it('waits for them when they are five seconds old', async () => {
    const { state, known } = await publisher({ slow: true });
    later(5);
    const verified = known();
    const first = await Promise.race([verified.then(() => 'verified'), delay(100, 'waits')]);
    state.answer();
    expect([first, (await verified).id]).toEqual(['waits', 'cli_1']);
  });

  it('accepts nothing of a withdrawn key, not even a token that it has just accepted', async () => {
    const { state, issuer, verifier } = await publisher();
    const token = await issuer.token({ sub: 'cli_1' });
    await verifier.verify(token);
    state.withdraw();
    later(4);
    await verifier.verify(token);
    await eventually(async () =>
      expect(await failureOf(verifier.verify(token))).toMatchObject({ motivo: 'TOKEN_INVALIDO' }),
    );
    expect(state.asked).toBe(2);
  });

  it('waits two seconds for them', async () => {
    const limit = jest.spyOn(AbortSignal, 'timeout');
    await publisher();
    expect(limit.mock.calls).toEqual([[2_000]]);
  });

  it('does not take a token that names none for a reason to doubt its keys', async () => {
    const { unknown } = await publisher();
    expect(await unknown(null)).toMatchObject({ code: 'Unauthenticated' });
  });

  it('asks again at once when it has none yet', async () => {
    const { state, known } = await publisher({ away: true });
    expect(await failureOf(known())).toMatchObject({ code: 'Unavailable' });
    state.away = false;
    expect(await known()).toMatchObject({ id: 'cli_1' });
  });

  it('asks once in ten seconds while they cannot be had, says so, and goes on with those it has', async () => {
    const { state, unknown, known } = await publisher();
    state.away = true;
    later(11);
    for (let times = 0; times < 3; times++) expect(await unknown()).toMatchObject({ code: 'Unavailable' });
    expect(state.asked).toBe(2);
    expect(await known()).toMatchObject({ id: 'cli_1' });
    state.away = false;
    later(11);
    expect(await unknown()).toMatchObject({ code: 'Unauthenticated' });
    expect(state.asked).toBe(3);
    setClock(-3_600);
    expect(await unknown()).toMatchObject({ code: 'Unauthenticated' });
  });

  it('asks for its first ones also after its clock was set back', async () => {
    const { state, known } = await publisher({ away: true });
    expect(await failureOf(known())).toMatchObject({ code: 'Unavailable' });
    setClock(-3_600);
    state.away = false;
    expect(await known()).toMatchObject({ id: 'cli_1' });
  });
});
