import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../../..');
const PAGE = readFileSync(join(ROOT, 'docs/architecture/errors.md'), 'utf8');

/** What Kong's grpc-gateway makes of each code. */
const REST_STATUS: Readonly<Record<string, number>> = {
  CANCELED: 499,
  INVALID_ARGUMENT: 400,
  DEADLINE_EXCEEDED: 504,
  NOT_FOUND: 404,
  ALREADY_EXISTS: 409,
  PERMISSION_DENIED: 403,
  RESOURCE_EXHAUSTED: 429,
  FAILED_PRECONDITION: 400,
  ABORTED: 409,
  UNIMPLEMENTED: 500,
  INTERNAL: 500,
  UNAVAILABLE: 503,
  UNAUTHENTICATED: 401,
};

/** A reason and the status it is answered with; `code` is unknown for reasons of plain HTTP routes. */
interface Reason {
  readonly name: string;
  readonly code: string | undefined;
  readonly status: number | undefined;
}

const PACKAGES = readdirSync(join(ROOT, 'proto'))
  .filter((folder) => readdirSync(join(ROOT, 'proto', folder)).includes('v1'))
  .filter((folder) => readdirSync(join(ROOT, 'proto', folder, 'v1')).includes('motivo_erro.proto'));

/** The values of an enum with the first line of their comments: `CODE: meaning` or `HTTP 404 of ...`. */
function declared(folder: string): Reason[] {
  const proto = readFileSync(join(ROOT, 'proto', folder, 'v1/motivo_erro.proto'), 'utf8');
  const values = proto.matchAll(/((?: *\/\/.*\n)+) *MOTIVO_ERRO_(\w+) = [1-9]\d*;/g);
  return [...values].map(([, comment = '', name = '']) => {
    const code = /^\s*\/\/ ([A-Z_]+): /.exec(comment)?.[1];
    const http = /^\s*\/\/ HTTP (\d{3}) of /.exec(comment)?.[1];
    return { name, code, status: code === undefined ? Number(http) : REST_STATUS[code] };
  });
}

/** The rows of a package's table: reason, code, REST status, and whether it says that the reason is sent. */
function documented(folder: string): (Reason & { readonly sent: boolean })[] {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(`${folder}.v1\n`)) ?? '';
  const rows = section.matchAll(/^\| `(\w+)` \| ([A-Z_]+) \| (\d{3}) \| (yes|no) \| .+ \|$/gm);
  return [...rows].map(([, name = '', code, status, sent]) => ({
    ...{ name, code, status: Number(status), sent: sent === 'yes' },
  }));
}

/** What services of a package answer with; `comum` is answered by all of them and the runtime. */
function sourcesOf(folder: string): string {
  const own = folder === 'comum' ? '{auth,reservas,pagamentos,notificacoes}' : folder;
  const files = ['shared/{domain,runtime}', own].flatMap((where) =>
    globSync(`services/${where}/src/**/*.ts`, { cwd: ROOT, exclude: ['**/*.spec.ts', '**/node_modules/**'] }),
  );
  const sources = files.map((file) => readFileSync(join(ROOT, file), 'utf8'));
  // The gateway answers with reasons of all services.
  if (folder === 'comum') sources.push(gateway());
  return sources.join('\n');
}

function gateway(): string {
  const lua = readFileSync(join(ROOT, 'infra/kong/post-function/header_filter.lua'), 'utf8');
  return lua.replaceAll('"', "'");
}

/** Reasons that something is refused for: named other than in a list of all, and, where a class bears one, with the class made. */
function answered(source: string, reasons: readonly string[]): string[] {
  const made = new Set([...source.matchAll(/\bnew (\w+)\(/g)].map(([, name]) => name));
  const borne = source.matchAll(/\bclass (\w+) [^{]*\{(?:(?!\bclass \w).)*? motivo = '(\w+)'/gs);
  const classes = [...borne].map(([, name = '', reason = '']) => ({ name, reason }));
  const elsewhere = source
    .split('\n')
    .filter((line) => !/^\s*\| '\w+';?$/.test(line) && !/ motivo = '\w+';$/.test(line))
    .join('\n');
  return reasons.filter(
    (reason) =>
      elsewhere.includes(`'${reason}'`) ||
      classes.some((borne) => borne.reason === reason && made.has(borne.name)),
  );
}

describe('the table of errors', () => {
  it('looks at every package that has reasons', () => {
    expect(PACKAGES.sort()).toEqual(['auth', 'comum', 'notificacoes', 'pagamentos', 'reservas']);
  });

  it.each(PACKAGES)(
    'has a row for each reason of %s, and no other, in the order of the contract',
    (folder) => {
      const names = documented(folder).map(({ name }) => name);
      expect(names).toEqual(declared(folder).map(({ name }) => name));
      expect(names.length).toBeGreaterThan(0);
    },
  );

  it.each(PACKAGES)('names code and status of each reason of %s as the contract does', (folder) => {
    const rows = new Map(documented(folder).map((row) => [row.name, row]));
    for (const { name, code, status } of declared(folder)) {
      expect(status).toEqual(expect.any(Number));
      const row = rows.get(name);
      expect([name, row?.status]).toEqual([name, status]);
      if (code !== undefined) expect([name, row?.code]).toEqual([name, code]);
    }
  });

  it.each(PACKAGES)('says of each reason of %s whether today anything is refused for it', (folder) => {
    const rows = documented(folder);
    const names = rows.map(({ name }) => name);
    const said = rows.filter(({ sent }) => sent).map(({ name }) => name);
    expect(said).toEqual(answered(sourcesOf(folder), names));
  });

  it('knows each reason from one contract only', () => {
    const names = PACKAGES.flatMap((folder) => declared(folder).map(({ name }) => name));
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('takes no class for an answer that is never made, nor the list of all reasons', () => {
    const dead = `export class MortoError extends DomainError {\n  override readonly motivo = 'MORTO';\n}\n`;
    const source = `${dead}type Motivo =\n  | 'LISTADO';\nthrow rpcError(Code.Aborted, 'DITO', '');\n`;
    expect(answered(source, ['MORTO', 'LISTADO', 'DITO'])).toEqual(['DITO']);
    expect(answered(`${source}new MortoError();`, ['MORTO', 'LISTADO'])).toEqual(['MORTO']);
  });
});
