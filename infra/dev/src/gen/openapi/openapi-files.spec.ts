import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { parse } from 'yaml';
import { ACCESS, ROUTES } from '../../access/table.ts';

const FOLDER = resolve(import.meta.dirname, '../../../../../gen/openapi');

/** Of all services, for who looks up everything in one place. */
const JOINED = 'plataforma.json';

interface Operation {
  operationId: string;
  tags: string[];
  security: unknown[];
  parameters?: { name?: string; in?: string; schema?: unknown; $ref?: string }[];
  responses: { [status: string]: unknown };
}

interface OpenapiDocument {
  openapi: string;
  servers: { url: string }[];
  tags: { name: string }[];
  components: { schemas: { [name: string]: unknown } };
  paths: { [path: string]: { [verb: string]: Operation } };
}

const read = (file: string) => readFileSync(join(FOLDER, file), 'utf8');
const documents = readdirSync(FOLDER).map((file): [string, OpenapiDocument] => [file, parse(read(file))]);

const operations = (document: OpenapiDocument) =>
  Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([verb, operation]) => ({ path, verb, operation })),
  );

function references(node: unknown): string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' ? [String(value)] : references(value),
  );
}

function follow(document: unknown, reference: string): unknown {
  return reference
    .slice('#/'.length)
    .split('/')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], document);
}

describe.each(documents)('gen/openapi/%s', (file, document) => {
  it('says the same to readers of YAML 1.1, who take 22:00 for a number', () => {
    expect(parse(read(file), { version: '1.1' })).toEqual(document);
  });

  it('is OpenAPI, as its schema of schemas has it', async () => {
    const { errors, valid } = await new Validator().validate(parse(read(file)));
    expect([errors ?? [], valid]).toEqual([[], true]);
  });

  it('resolves every reference', () => {
    const broken = references(document).filter((reference) => follow(document, reference) === undefined);
    expect(broken).toEqual([]);
    expect(document.openapi).toBe('3.1.0');
  });

  it('declares exactly the parameters of each path', () => {
    for (const { path, operation } of operations(document)) {
      const declared = (operation.parameters ?? []).filter((p) => p.in === 'path').map((p) => `{${p.name}}`);
      expect(declared).toEqual(path.match(/\{[^}]+\}/g) ?? []);
    }
  });

  it('gives every operation a name of its own', () => {
    const names = operations(document).map(({ operation }) => operation.operationId);
    expect(new Set(names).size).toBe(names.length);
  });

  it('asks for an idempotency key on mutations and not on reads', () => {
    for (const { verb, operation } of operations(document)) {
      const isSignup = /^AuthService_Signup(_2)?$/.test(operation.operationId);
      const isOpen = operation.security.length === 0;
      const key = references(operation.parameters).includes('#/components/parameters/IdempotencyKey');
      if (verb === 'get') expect(key).toBe(false);
      if (isOpen) expect([operation.operationId, key]).toEqual([operation.operationId, isSignup]);
      if (verb === 'delete' || verb === 'patch' || verb === 'put') expect(key).toBe(true);
    }
  });
});

const ofServices = documents.filter(([file]) => file !== JOINED);

describe('gen/openapi', () => {
  const every = ofServices.flatMap(([, document]) => operations(document));

  const open = every.filter(({ operation }) => operation.security.length === 0);

  it('leaves open only the paths by which people get in, and the report to whoever has its protocol', () => {
    expect(open.map(({ path }) => path)).toEqual([
      ...[
        ...['signup', 'register', 'login', 'mfa/verify', 'refresh', 'google/start', 'google/finish'],
        ...['email/verify', 'password/forgot', 'password/reset'],
      ].map((path) => `/api/v1/auth/${path}`),
      '/api/v1/erasures/{protocolo}',
      ...['start', 'finish'].map((step) => `/api/v1/auth/passkeys/login/${step}`),
    ]);
  });

  it('leaves open exactly what the services let everybody do', () => {
    /** A second address of an RPC has a number behind its name. */
    const rpcOf = ({ operation }: { operation: Operation }) => operation.operationId.replace(/_\d+$/, '');
    const rest = new Set(every.map(rpcOf));
    const free = ACCESS.filter(({ acesso }) => acesso === 'PUBLICO')
      .map(({ method }) => `${method.parent.name}_${method.name}`)
      .filter((name) => rest.has(name));
    expect(new Set(open.map(rpcOf))).toEqual(new Set(free));
  });

  it('answers 201 exactly where something is made', () => {
    const made = every
      .filter(({ operation }) => operation.responses['201'] !== undefined)
      .map(({ path }) => path);
    expect(made.sort()).toEqual([
      '/api/v1/auth/register',
      '/api/v1/auth/signup',
      '/api/v1/calendarios',
      '/api/v1/espacos',
      '/api/v1/espacos/{espacoId}/fechamentos',
      '/api/v1/fila-espera',
      '/api/v1/integracoes/chaves',
      '/api/v1/integracoes/webhooks',
      '/api/v1/notificacoes/dispositivos',
      '/api/v1/pagamentos',
      '/api/v1/reservas',
      '/api/v1/series',
      '/api/v1/users/me/exports',
    ]);
  });
});

describe(`gen/openapi/${JOINED}`, () => {
  const [, joined] = documents.find(([file]) => file === JOINED) ?? [];
  if (joined === undefined) throw new Error(`${JOINED} is missing`);
  const plain = operations(joined).filter(({ path, verb }) =>
    ofServices.every(([, document]) => document.paths[path]?.[verb] === undefined),
  );

  it.each(ofServices)('says of every operation and schema what %s says', (_, document) => {
    for (const [path, item] of Object.entries(document.paths)) expect(joined.paths[path]).toEqual(item);
    expect(joined.components.schemas).toMatchObject(document.components.schemas);
  });

  it('has no schema that no service has', () => {
    const known = new Set(ofServices.flatMap(([, { components }]) => Object.keys(components.schemas)));
    expect(Object.keys(joined.components.schemas).filter((name) => !known.has(name))).toEqual([]);
  });

  it('has every route that is no RPC, as open as the service has it', () => {
    const routes = ROUTES.filter(({ path }) => /^\/(api|\.well-known)\//.test(path)).map(
      ({ method, path, acesso }) => `${method} ${path} ${typeof acesso === 'string' ? 'open' : 'bearer'}`,
    );
    const told = plain.map(({ path, verb, operation }) => {
      const star = path.replace(/\/[^/]*\{[^/]*$/, '/*');
      return `${verb.toUpperCase()} ${star} ${operation.security.length === 0 ? 'open' : 'bearer'}`;
    });
    expect(told.sort()).toEqual(routes.sort());
  });

  it('takes the same filters for a list and for its CSV', () => {
    const filters = (path: string) =>
      (joined.paths[path]?.get?.parameters ?? [])
        .filter(({ name }) => !name?.startsWith('page'))
        .map(({ name, schema }) => ({ name, schema }));
    expect(filters('/api/v1/transacoes.csv')).toEqual(filters('/api/v1/transacoes'));
    expect(filters('/api/v1/transacoes').length).toBeGreaterThan(3);
  });

  it('says of every group what it is, and has no other', () => {
    const used = new Set(operations(joined).flatMap(({ operation }) => operation.tags));
    expect(new Set(joined.tags.map(({ name }) => name))).toEqual(used);
    expect(joined.tags).toHaveLength(used.size);
  });

  it('leads to where it is served from', () => {
    expect(joined.servers.map(({ url }) => url)).toEqual(['/']);
  });
});
