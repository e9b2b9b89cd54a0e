import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createRedis } from '@plataforma/runtime/redis';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { type RedisServer, startRedis } from '@plataforma/testing/servers/redis';
import type { Redis } from 'ioredis';
import type { Rotation } from '../application/ports.ts';
import { RedisSessions } from './redis-sessions.ts';
import { RefreshTokens } from './refresh-tokens.ts';

const DAY_SECONDS = 24 * 3600;
const DAY_MS = DAY_SECONDS * 1_000;
/** Redis counts with its own clock, which goes on meanwhile. */
const A_MINUTE = 60;

let server: RedisServer;
let redis: Redis;
let clock: FixedClock;
let sessions: RedisSessions;

beforeAll(async () => {
  server = await startRedis();
  redis = createRedis(server.url);
});

beforeEach(() => {
  clock = new FixedClock('2026-11-24T12:00:00Z');
  const tokens = new RefreshTokens({ rotation: Buffer.alloc(32, 1), origin: Buffer.alloc(32, 2) });
  sessions = new RedisSessions({ redis, clock, tokens });
});

afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

const origem = { endereco: '198.51.100.7', dispositivo: 'Firefox' };

const aberta = (usuarioId: string) => sessions.open({ usuarioId, geracao: 1, origem, metodos: ['pwd'] });

const kindOf = async (refreshToken: string) => (await sessions.find(refreshToken)).kind;

async function rotated(refreshToken: string): Promise<Rotation> {
  const found = await sessions.find(refreshToken);
  return found.kind === 'ok' ? sessions.rotate(refreshToken, found, origem) : found;
}

async function traded(refreshToken: string): Promise<string> {
  const rotation = await rotated(refreshToken);
  if (rotation.kind !== 'ok') throw new Error(rotation.kind);
  return rotation.refreshToken;
}

async function expectLife(sessaoId: string, seconds: number): Promise<void> {
  const left = await redis.ttl(`sessao:${sessaoId}`);
  expect(left).toBeLessThanOrEqual(seconds);
  expect(left).toBeGreaterThan(seconds - A_MINUTE);
}

describe('a session', () => {
  it('ends ninety days after it was opened', async () => {
    const { refreshToken } = await aberta('cli_1');
    clock.advance(90 * DAY_MS - 1_000);
    expect(await kindOf(refreshToken)).toBe('ok');
    clock.advance(1_000);
    expect(await kindOf(refreshToken)).toBe('unknown');
    expect(await rotated(refreshToken)).toEqual({ kind: 'unknown' });
  });

  it('is forgotten when it has not been used for thirty days', async () => {
    const { session, refreshToken } = await aberta('cli_1');
    const { sessaoId } = session;
    await expectLife(sessaoId, 30 * DAY_SECONDS);
    await redis.expire(`sessao:${sessaoId}`, DAY_SECONDS);
    await traded(refreshToken);
    await expectLife(sessaoId, 30 * DAY_SECONDS);
  });

  it('is kept no longer than its ninety days, however late it is used', async () => {
    const { session, refreshToken } = await aberta('cli_1');
    const { sessaoId } = session;
    clock.advance(80 * DAY_MS);
    await traded(refreshToken);
    await expectLife(sessaoId, 10 * DAY_SECONDS);
  });

  it('is named by every token of it, also once it has ended, and by no text that only names it', async () => {
    const { session, refreshToken } = await aberta('cli_1');
    const { sessaoId } = session;
    const current = await traded(await traded(refreshToken));
    for (const madeUp of [
      sessaoId,
      `${sessaoId}.${'A'.repeat(43)}`,
      `${sessaoId}.${'A'.repeat(43)}.${'A'.repeat(22)}`,
    ])
      expect(await sessions.provenBy(madeUp)).toBeUndefined();
    await sessions.end(sessaoId);
    for (const token of [refreshToken, current]) expect(await sessions.provenBy(token)).toBe(sessaoId);
  });

  it('is named by its token and the one before, also from before tokens carried a proof', async () => {
    const { sessaoId } = (await aberta('cli_1')).session;
    const old = `${sessaoId}.${'c'.repeat(43)}`;
    await redis.hset(`sessao:${sessaoId}`, 'atual', createHash('sha256').update(old).digest('base64url'));
    expect(await sessions.provenBy(old)).toBe(sessaoId);
    await traded(old);
    expect(await sessions.provenBy(old)).toBe(sessaoId);
  });

  it('is over once it is ended, whoever ends it again, and still known for a day', async () => {
    const { session, refreshToken } = await aberta('cli_1');
    const before = await traded(refreshToken);
    for (let turn = 0; turn < 2; turn += 1) await sessions.end(session.sessaoId);
    for (const token of [refreshToken, before]) expect(await kindOf(token)).toBe('unknown');
    expect(await sessions.ownerOf(session.sessaoId)).toBe('cli_1');
    await expectLife(session.sessaoId, DAY_SECONDS);
    expect(await sessions.openOf('cli_1')).not.toContainEqual(
      expect.objectContaining({ sessaoId: session.sessaoId }),
    );
    await sessions.end('nenhuma');
    expect(await sessions.ownerOf('nenhuma')).toBeUndefined();
  });

  it('repeats the answer of a token for thirty seconds after it was traded in, and is over for it then', async () => {
    const { refreshToken } = await aberta('cli_1');
    const current = await traded(refreshToken);
    clock.advance(30_000);
    expect(await traded(refreshToken)).toBe(current);
    clock.advance(1_000);
    expect(await rotated(refreshToken)).toMatchObject({ kind: 'reused' });
    expect(await kindOf(current)).toBe('unknown');
  });

  it('is over when the token before comes back, also one from before tokens carried a proof', async () => {
    const { sessaoId } = (await aberta('cli_1')).session;
    const old = `${sessaoId}.${'b'.repeat(43)}`;
    await redis.hset(`sessao:${sessaoId}`, 'atual', createHash('sha256').update(old).digest('base64url'));
    const current = await traded(old);
    clock.advance(31_000);
    expect(await kindOf(old)).toBe('reused');
    expect(await kindOf(current)).toBe('unknown');
  });

  it('says of a token used twice that it was, as often as it comes, until its end is known everywhere', async () => {
    const { session, refreshToken } = await aberta('cli_1');
    await traded(await traded(refreshToken));
    for (let turn = 0; turn < 2; turn += 1)
      expect(await sessions.find(refreshToken)).toEqual({
        ...{ kind: 'reused', sessaoId: session.sessaoId, usuarioId: 'cli_1' },
      });
    await sessions.end(session.sessaoId);
    expect(await kindOf(refreshToken)).toBe('reused');
  });
});

describe('the sessions of a person', () => {
  const idsOf = async (usuarioId: string) =>
    (await sessions.openOf(usuarioId)).map(({ sessaoId }) => sessaoId);

  it('are those that are open, last used first, with where that was', async () => {
    const first = await aberta('cli_10');
    clock.advance(1);
    const second = await aberta('cli_10');
    await aberta('cli_11');
    clock.advance(59_999);
    expect(await idsOf('cli_10')).toEqual([second.session.sessaoId, first.session.sessaoId]);
    clock.advance(60_000);
    const found = await sessions.find(first.refreshToken);
    if (found.kind !== 'ok') throw new Error(found.kind);
    await sessions.rotate(first.refreshToken, found, { endereco: '203.0.113.9', dispositivo: 'App' });
    expect(await idsOf('cli_10')).toEqual([first.session.sessaoId, second.session.sessaoId]);
    expect((await sessions.openOf('cli_10'))[0]).toEqual({
      ...{ sessaoId: first.session.sessaoId, geracao: 1, endereco: '203.0.113.9', dispositivo: 'App' },
      metodos: ['pwd'],
      criadoEm: new Date('2026-11-24T12:00:00Z'),
      usadoEm: new Date('2026-11-24T12:02:00Z'),
      expiraEm: new Date('2026-12-24T12:02:00Z'),
    });
  });

  it('expire thirty days after their last use, and ninety after they were opened at the latest', async () => {
    let { refreshToken } = await aberta('cli_12');
    for (let month = 0; month < 3; month += 1) {
      clock.advance(29 * DAY_MS);
      refreshToken = await traded(refreshToken);
    }
    const [sessao] = await sessions.openOf('cli_12');
    expect(sessao?.expiraEm).toEqual(new Date('2027-02-22T12:00:00Z'));
    clock.advance(3 * DAY_MS);
    expect(await idsOf('cli_12')).toEqual([]);
  });

  it('leave out those that were used twice, and those that Redis has lost', async () => {
    const [used, lost, good] = [await aberta('cli_13'), await aberta('cli_13'), await aberta('cli_13')];
    await traded(await traded(used.refreshToken));
    expect(await kindOf(used.refreshToken)).toBe('reused');
    await redis.del(`sessao:${lost.session.sessaoId}`);
    expect(await idsOf('cli_13')).toEqual([good.session.sessaoId]);
  });

  it('are fifty: of one more, what is over goes first, and then the one that was used longest ago', async () => {
    const stale = await aberta('cli_14');
    await redis.hset(`sessao:${stale.session.sessaoId}`, 'geracao', 0);
    const ids = [];
    for (let turn = 0; turn < 49; turn += 1) {
      clock.advance(1_000);
      const { session, excedentes } = await aberta('cli_14');
      expect(excedentes).toEqual([]);
      ids.push(session.sessaoId);
    }
    clock.advance(1_000);
    expect((await aberta('cli_14')).excedentes).toEqual([stale.session.sessaoId]);
    await sessions.end(stale.session.sessaoId);
    clock.advance(1_000);
    expect((await aberta('cli_14')).excedentes).toEqual([ids[0]]);
    await redis.del(`sessao:${ids[0]}`);
    clock.advance(1_000);
    expect((await aberta('cli_14')).excedentes).toEqual([ids[1]]);
  });

  it('are forgotten with the last of them', async () => {
    await aberta('cli_15');
    expect(await redis.ttl('sessoes:cli_15')).toBeGreaterThan(30 * DAY_SECONDS - A_MINUTE);
    clock.advance(31 * DAY_MS);
    await aberta('cli_15');
    expect(await redis.zcard('sessoes:cli_15')).toBe(1);
  });
});
