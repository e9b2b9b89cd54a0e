import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createRedis } from '@plataforma/runtime/redis';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { type RedisServer, startRedis } from '@plataforma/testing/servers/redis';
import type { Redis } from 'ioredis';
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

async function traded(refreshToken: string): Promise<string> {
  const rotation = await sessions.rotate(refreshToken);
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
    expect(await sessions.rotate(refreshToken)).toEqual({ kind: 'unknown' });
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

  it('is closed by its token and by the one before, and by no text that only names it', async () => {
    const { session, refreshToken } = await aberta('cli_1');
    const { sessaoId } = session;
    const other = await aberta('cli_2');
    const current = await traded(refreshToken);
    for (const madeUp of [`${sessaoId}.${'A'.repeat(43)}`, `${sessaoId}.${'A'.repeat(43)}.${'A'.repeat(22)}`])
      await sessions.close(madeUp);
    await sessions.close(sessaoId);
    expect(await kindOf(current)).toBe('ok');
    await sessions.close(refreshToken);
    expect(await kindOf(current)).toBe('unknown');
    await sessions.close(other.refreshToken);
    expect(await kindOf(other.refreshToken)).toBe('unknown');
  });

  it('repeats the answer of a token for thirty seconds after it was traded in, and is over for it then', async () => {
    const { refreshToken } = await aberta('cli_1');
    const current = await traded(refreshToken);
    clock.advance(30_000);
    expect(await traded(refreshToken)).toBe(current);
    clock.advance(1_000);
    expect(await sessions.rotate(refreshToken)).toEqual({ kind: 'reused' });
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
});
