import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCESS, type AccessRow } from '@plataforma/dev/access/table';
import { isRead, methodName } from '@plataforma/runtime/rpc';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';
import { claimsOf, withPapeis } from './scene.ts';
import { DEFECTS, type Ingredients, signingKeyOf } from './signing-key.ts';
import { type Outcome, openTransports, type Transport } from './transports.ts';

const ALL = ['CLIENTE', 'GESTOR', 'ADMIN'];

let platform: Platform;
let transports: Readonly<Record<string, Transport>>;
let close: () => void;
/** Where keys are offered that are not ours. */
let trap: Server;
let questions = 0;
let person: Customer;
let ingredients: Ingredients;

beforeAll(async () => {
  platform = await sharedPlatform();
  ({ transports, close } = openTransports(platform));
  trap = createServer((_request, response) => {
    questions += 1;
    response.end('{"keys":[]}');
  }).listen(0, '127.0.0.1');
  await once(trap, 'listening');
  const url = `http://127.0.0.1:${(trap.address() as AddressInfo).port}/jwks.json`;
  person = await withPapeis(platform, ALL);
  const now = Math.floor(Date.now() / 1000);
  ingredients = { key: await signingKeyOf(platform), good: claimsOf(person.token), trap: url, now };
}, 240_000);

afterAll(() => {
  close?.();
  trap?.close();
}, 60_000);

const AT_ONCE = 16;

/** Every RPC by each way that it has, with this token and nothing else. */
async function byEvery(
  token: string,
  rows: readonly AccessRow[],
  error: (row: AccessRow, outcome: Outcome) => boolean,
): Promise<string[]> {
  const errors: string[] = [];
  const calls = rows.flatMap((row) =>
    Object.entries(transports).map(([via, transport]) => ({ row, via, transport })),
  );
  for (let i = 0; i < calls.length; i += AT_ONCE)
    await Promise.all(
      calls.slice(i, i + AT_ONCE).map(async ({ row, via, transport }) => {
        const outcome = await transport(row, {}, token);
        if (outcome && error(row, outcome))
          errors.push(`${methodName(row.method)} by ${via}: ${outcome.code} ${outcome.motivo}`);
      }),
    );
  return errors;
}

const closed = ACCESS.filter(({ acesso }) => acesso !== 'PUBLICO');
const ofPeople = closed.filter(({ acesso }) => typeof acesso === 'string' || acesso.papeis);

const notRefused = (_: AccessRow, { code, motivo }: Outcome) =>
  code !== 'Unauthenticated' || motivo !== 'TOKEN_INVALIDO';

const refused = (_: AccessRow, { code }: Outcome) =>
  code === 'Unauthenticated' || code === 'PermissionDenied';

it('a token with nothing wrong opens every read that people have', async () => {
  const reads = ofPeople.filter(({ method }) => isRead(method));
  expect(reads.length).toBeGreaterThan(10);
  expect(await byEvery(person.token, reads, refused)).toEqual([]);
});

describe('no RPC that asks for a token, and no way to it, takes one', () => {
  it.each(Object.entries(DEFECTS))('%s', async (_, withDefect) => {
    expect(await byEvery(withDefect(ingredients), closed, notRefused)).toEqual([]);
    expect(questions).toBe(0);
  });
});

it('nothing is done or told any more for an account that is suspended, by any service', async () => {
  const { token } = await platform.admin();
  const { status } = await platform.call(token, 'PATCH', `/api/v1/users/${person.id}`, { ativo: false });
  expect(status).toBe(200);
  await eventually(async () => expect(await byEvery(person.token, ofPeople, notRefused)).toEqual([]), {
    timeoutMs: 60_000,
  });
}, 90_000);
