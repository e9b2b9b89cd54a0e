import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCESS, type AccessRow } from '@plataforma/dev/access/table';
import { methodName } from '@plataforma/runtime/rpc';
import type { Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';
import { callersOf, expected } from './callers.ts';
import { REQUESTS } from './requests.ts';
import { NOTHING, type Scene, setScene } from './scene.ts';
import { type SigningKey, signingKeyOf } from './signing-key.ts';
import { openTransports, type Transport } from './transports.ts';
import { errorOf, leak } from './verdict.ts';

let platform: Platform;
let scene: Scene;
let key: SigningKey;
let transports: Readonly<Record<string, Transport>>;
let close: () => void;

beforeAll(async () => {
  platform = await sharedPlatform();
  [scene, key] = await Promise.all([setScene(platform), signingKeyOf(platform)]);
  ({ transports, close } = openTransports(platform));
}, 240_000);

afterAll(() => close?.());

const rows = new Map(ACCESS.map((row) => [methodName(row.method), row]));

/** In the order of the requests: what a later one needs is still there. */
const walk = Object.keys(REQUESTS).map((name) => [name, rows.get(name) as AccessRow] as const);

/** Calls by each way that the RPC has, all at once, and says what was not as it should. */
async function byEachTransport(call: (transport: Transport, name: string) => Promise<string | undefined>) {
  const errors = await Promise.all(
    Object.entries(transports).map(async ([name, transport]) => {
      const error = await call(transport, name);
      return error && `${name}: ${error}`;
    }),
  );
  return errors.filter((error) => error !== undefined);
}

it('the walk comes by every RPC of the table, and by no other', () => {
  expect(walk.map(([name]) => name).sort()).toEqual([...rows.keys()].sort());
});

describe('who calls is answered as the table says, over gRPC, Connect and REST', () => {
  it.each(walk)('%s', async (name, row) => {
    const request = REQUESTS[name]?.(scene.things) ?? {};
    const errors: string[] = [];
    // Those who may come last: they change things.
    const all = callersOf(scene, key, row).map((caller) => ({
      caller,
      due: expected(row, caller),
    }));
    const call = ({ caller, due }: (typeof all)[number]) =>
      byEachTransport(async (transport, via) => {
        if (caller.escopos && via !== 'grpc') return undefined;
        const outcome = await transport(row, request, caller.token);
        if (outcome === undefined) return undefined;
        const error = errorOf(row, due, outcome, scene);
        const told = caller.servico === undefined && leak(caller, scene, request, outcome);
        return error || told ? `${caller.name}: ${error || told}` : undefined;
      });
    const refused = all.filter(({ due }) => due !== 'PODE');
    for (const list of await Promise.all(refused.map(call))) errors.push(...list);
    for (const one of all.filter(({ due }) => due === 'PODE')) errors.push(...(await call(one)));
    expect(errors).toEqual([]);
  });
});

const hidden = walk.filter(
  ([, { acesso }]) => typeof acesso !== 'string' && acesso.respostas?.OUTROS === 'NAO_ENCONTRADO',
);

it.each(hidden)('%s answers others about what is there as about what is not', async (name, row) => {
  const { rest } = transports;
  // What was asked for is named by who asks, and each call has an id of its own.
  const ask = async (things: Scene['things']) => {
    const request = REQUESTS[name]?.(things) ?? {};
    const outcome = await rest?.(row, request, scene.stranger.token);
    const said = Object.values(request).filter((value) => typeof value === 'string');
    const named = said.reduce((text, value) => text.replaceAll(`"${value}"`, '"asked"'), outcome?.text ?? '');
    return { ...outcome, text: named.replace(/"requestId":"[^"]+"/, '"requestId":"..."') };
  };
  expect(await ask(scene.things)).toEqual(await ask({ ...scene.things, ...NOTHING }));
});

it.each([
  ['tokens of services', 'ServiceTokensService/IssueServiceToken'],
  ['keys of people', 'PersonalKeysService/GetPersonalKey'],
])('no way leads from outside to the %s', async (_, method) => {
  const url = `${platform.edgeUrl}/auth.v1.${method}`;
  const response = await fetch(url, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(404);
});
