import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { ACCESS } from '../../access/table.ts';

const FOLDER = resolve(import.meta.dirname, '../../../../../gen/openapi');

interface Operation {
  operationId: string;
  security: unknown[];
  parameters?: { name?: string; in?: string; $ref?: string }[];
  responses: { [status: string]: unknown };
}

interface OpenapiDocument {
  openapi: string;
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
      const key = references(operation.parameters).includes('#/components/parameters/IdempotencyKey');
      if (verb === 'get') expect(key).toBe(false);
      if (verb === 'delete' || verb === 'patch' || verb === 'put') expect(key).toBe(true);
    }
  });
});

describe('gen/openapi', () => {
  const every = documents.flatMap(([, document]) => operations(document));

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
      '/api/v1/integracoes/webhooks',
      '/api/v1/pagamentos',
      '/api/v1/reservas',
      '/api/v1/series',
    ]);
  });
});
