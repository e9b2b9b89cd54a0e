import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { loadProtoFile, ProtoFileError } from './proto-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'edge-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A service `name` with one rule, GET `/name`. */
const service = (name: string) =>
  `message M${name} {}
  service ${name} { rpc X(M${name}) returns (M${name}) { option (google.api.http) = { get: "/${name}" }; } }`;

async function load(main: string, others: Record<string, string> = {}): Promise<string[]> {
  const files = Object.entries({ 'main.proto': main, ...others });
  for (const [name, text] of files) await writeFile(join(folder, name), text);
  return loadProtoFile(folder, 'main.proto').all.map(({ rpcPath }) => rpcPath);
}

describe('loadProtoFile', () => {
  it.each([
    ['an edition', `edition = "2023"; ${service('A')}`, 'editions are not supported'],
    ['optional in proto3', 'syntax = "proto3"; message M { optional string a = 1; }', "disallow 'optional'"],
    ['an import that is not there', 'syntax = "proto3"; import "nada.proto";', 'nada.proto: not found'],
  ])('refuses %s, as Kong', async (_, text, message) => {
    await expect(load(text)).rejects.toThrow(message);
    await expect(load(text)).rejects.toThrow(ProtoFileError);
  });

  it('takes for refused no word in a comment, and optional in proto2', async () => {
    const text = `syntax = "proto3"; // edition = "2023"\n/* message M { optional string a = 1; } */ ${service('A')}`;
    expect(await load(text)).toEqual(['/A/X']);
    expect(await load(`syntax = "proto2"; message N { optional string a = 1; } ${service('A')}`)).toEqual([
      '/A/X',
    ]);
  });

  it('exposes what is imported publicly, before its own, and nothing of other imports', async () => {
    const head = 'syntax = "proto3";\n';
    const main = `${head}import public "b.proto";\nimport "c.proto";\n${service('A')}`;
    const others = {
      'b.proto': `${head}import public "d.proto";\n${service('B')}`,
      'c.proto': head + service('C'),
      'd.proto': head + service('D'),
    };
    expect(await load(main, others)).toEqual(['/D/X', '/B/X', '/A/X']);
  });
});
