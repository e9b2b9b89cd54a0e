import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { DataSource } from 'typeorm';
import { createRotation } from '../../src/chaves/composition.ts';
import { CANARIO } from '../../src/chaves/infrastructure/http-canary.ts';
import { rotationWork } from '../../src/chaves/infrastructure/rotation-work.ts';
import { openDatabase } from '../support/database.ts';

const DAY_MS = 86_400_000;
const VENCIMENTO_MS = 90 * DAY_MS;
const REFUSED = '{"code":"permission_denied","reason":"ACESSO_NEGADO"}';

let dataSource: DataSource;
let close: (() => Promise<void>) | undefined;
let clock: FixedClock;
/** Stands for an edge that knows some keys. */
let edge: Server;
let known: Set<string>;
let tokens: string[];

beforeAll(async () => {
  ({ dataSource, close } = await openDatabase());
  edge = createServer((req, res) => {
    const token = (req.headers.authorization ?? '').replace('Bearer ', '');
    tokens.push(token);
    const { kid = '' } = decodeProtectedHeader(token);
    if (known.has(kid)) res.writeHead(403).end(REFUSED);
    else res.writeHead(401).end('{"message":"No credentials found for given \'kid\'"}');
  });
  await new Promise<void>((resolve) => edge.listen(0, '127.0.0.1', resolve));
});

beforeEach(async () => {
  clock = new FixedClock(new Date().toISOString());
  known = new Set();
  tokens = [];
  await dataSource.query('truncate chaves_assinatura');
});

afterAll(async () => {
  edge?.closeAllConnections();
  edge?.close();
  await close?.();
});

/** What one replica, or the command, goes on with. */
function process() {
  const base = `http://127.0.0.1:${(edge.address() as AddressInfo).port}`;
  const rotation = createRotation({
    config: {
      ...{ masterKey: Buffer.alloc(32, 1), previousMasterKey: undefined, jwtIssuer: 'https://auth.test' },
      ...{ signingKeyDays: 90, canaryUrls: [`${base}/um`, `${base}/dois`] },
    },
    clock,
    dataSource,
  });
  const log: string[] = [];
  const failures: string[] = [];
  const logger = { info: (_: unknown, text: string) => void log.push(text) };
  const work = rotationWork({ ...rotation, vencimentoMs: VENCIMENTO_MS, logger });
  const turn = () => work(1, ({ error }) => void failures.push(String(error)));
  return { ...rotation, turn, log, failures };
}

const active = async () => (await process().chaves.ativa()).kid;

describe('a rotation', () => {
  it('goes on in another process at every step, and signs with nothing that the edge does not know', async () => {
    const old = await active();
    clock.advance(VENCIMENTO_MS - 1);
    expect(await process().turn()).toBe(0);
    clock.advance(1);
    const first = process();
    expect([await first.turn(), await first.turn()]).toEqual([1, 0]);
    expect(first.log).toEqual(['the next signing key is published']);
    const { proxima } = await first.chaves.emUso();
    clock.advance(15_000);
    const second = process();
    expect(await second.turn()).toBe(0);
    expect(second.failures).toEqual([expect.stringContaining('/um: 401; http')]);
    expect(await active()).toBe(old);
    known.add(proxima?.kid ?? '');
    const third = process();
    expect([await third.turn(), third.failures]).toEqual([1, []]);
    expect(await active()).toBe(proxima?.kid);
    expect(await third.turn()).toBe(0);
  });

  it('is not shortened by the edge knowing the key early', async () => {
    const old = await active();
    const { rotate, chaves } = process();
    known.add((await chaves.criarProxima()).kid);
    clock.advance(14_999);
    expect(await rotate.execute({ vencimentoMs: Number.POSITIVE_INFINITY })).toMatchObject({
      tipo: 'ESPERAR',
    });
    expect([await active(), tokens]).toEqual([old, []]);
  });

  it('tries the key with a token that is worth nothing', async () => {
    await active();
    const { rotate, chaves } = process();
    known.add((await chaves.criarProxima()).kid);
    clock.advance(15_000);
    expect(await rotate.execute({ vencimentoMs: Number.POSITIVE_INFINITY })).toMatchObject({
      tipo: 'ATIVADA',
    });
    expect(tokens).toHaveLength(6);
    for (const token of tokens)
      expect(decodeJwt(token)).toMatchObject({ sub: CANARIO, tipo: 'servico', papeis: [] });
  });

  it('ends where every key is taken back in the middle of it', async () => {
    await active();
    const { rotate, chaves } = process();
    await chaves.criarProxima();
    clock.advance(15_000);
    await chaves.recolherTodas();
    expect(await rotate.execute({ vencimentoMs: Number.POSITIVE_INFINITY })).toEqual({ tipo: 'NADA' });
  });
});

describe('keys that are taken back', () => {
  it('are known to be gone once no address takes the old one and each takes the new one', async () => {
    const old = await active();
    known.add(old);
    const check = await process().withdraw.execute();
    const accepted = async () => {
      const { velha, nova } = await check();
      return [velha, nova].map((answers) => answers.map(({ aceito }) => aceito));
    };
    expect(await accepted()).toEqual([
      [true, true],
      [false, false],
    ]);
    known = new Set([await active()]);
    expect(await accepted()).toEqual([
      [false, false],
      [true, true],
    ]);
  });
});
