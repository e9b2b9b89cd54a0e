import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICES } from '@plataforma/dev/stack/service-env';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

/** Any part of the document. */
export type Json = Readonly<Record<string, unknown>>;

/** One way to answer: a status, or a range of them. */
interface Answer {
  readonly status: string;
  readonly content: Readonly<Record<string, { readonly schema?: Json }>>;
  readonly headers: Readonly<Record<string, { readonly required?: boolean; readonly schema: Json }>>;
  /** Where it stands in the document. */
  readonly pointer: string;
}

/** An operation, as clients read of it. */
export interface Operation {
  readonly id: string;
  readonly verb: string;
  readonly path: string;
  /** Who answers it; `provedores` for what providers call. */
  readonly servico: string;
  readonly secured: boolean;
  /** Whether it takes an idempotency key. */
  readonly keyed: boolean;
  /** Names of what it takes in the query. */
  readonly query: readonly string[];
  /** Type of the body that it takes. */
  readonly bodyType: string | undefined;
  readonly answers: readonly Answer[];
  /** Why it may be refused, as far as it is said of it alone or of some like it; what any service may fail with is not there. */
  readonly reasons: readonly string[];
}

const FILE = join(import.meta.dirname, '../../../gen/openapi/plataforma.json');
const document = JSON.parse(readFileSync(FILE, 'utf8'));

const escaped = (part: string) => part.replaceAll('~', '~0').replaceAll('/', '~1');

function resolved(pointer: string): { pointer: string; value: Json } {
  const value = pointer
    .split('/')
    .slice(1)
    .reduce((node, part) => node[part.replaceAll('~1', '/').replaceAll('~0', '~')], document);
  return typeof value.$ref === 'string' ? resolved(value.$ref.slice(1)) : { pointer, value };
}

function answerAt(at: string, status: string): Answer {
  const { pointer, value } = resolved(`${at}/responses/${status}`);
  const { content = {}, headers = {} } = value as Partial<Pick<Answer, 'content' | 'headers'>>;
  const full = Object.keys(headers).map((name) => [name, resolved(`${pointer}/headers/${name}`).value]);
  return { status, pointer, content, headers: Object.fromEntries(full) };
}

/** The reasons that a response may bear. */
function reasonsOf({ content }: Answer): string[] {
  const { allOf = [] } = (content['application/json']?.schema ?? {}) as {
    allOf?: { properties?: { reason?: { enum?: string[] } } }[];
  };
  return allOf.flatMap(({ properties }) => properties?.reason?.enum ?? []);
}

function operationAt(path: string, verb: string): Operation {
  const at = `/paths/${escaped(path)}/${verb}`;
  const { value } = resolved(at);
  const {
    operationId,
    security,
    parameters = [],
    requestBody,
    responses,
    tags,
  } = value as {
    operationId: string;
    security: unknown[];
    parameters?: { $ref?: string; in?: string; name?: string }[];
    requestBody?: { content: Json };
    responses: Json;
    tags: [string];
  };
  const answers = Object.keys(responses).map((status) => answerAt(at, status));
  const tag = document.tags.find(({ name }: { name: string }) => name === tags[0]);
  const [servico] = String(tag.description).split(':');
  return {
    ...{ id: operationId, verb, path, secured: security.length > 0, answers },
    servico: SERVICES.find((name) => name === servico) ?? 'provedores',
    keyed: parameters.some(({ $ref }) => $ref?.endsWith('/IdempotencyKey')),
    query: parameters.flatMap((one) => (one.in === 'query' ? [one.name ?? ''] : [])),
    bodyType: requestBody === undefined ? undefined : Object.keys(requestBody.content)[0],
    reasons: answers.flatMap(reasonsOf),
  };
}

/** All of them, by name. */
export const OPERATIONS: ReadonlyMap<string, Operation> = new Map(
  Object.entries(document.paths as Readonly<Record<string, Json>>).flatMap(([path, verbs]) =>
    Object.keys(verbs).map((verb) => {
      const operation = operationAt(path, verb);
      return [operation.id, operation];
    }),
  ),
);

/** Answers have what is documented, and nothing else: what clients cannot read of would be there by accident. */
function closed(schemas: Readonly<Record<string, Json>>): Json {
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [
      name,
      schema.properties === undefined || name === 'Erro'
        ? schema
        : { ...schema, additionalProperties: false },
    ]),
  );
}

const ajv = new Ajv2020({ strict: false, allErrors: true, validateSchema: false });
addFormats.default(ajv);
ajv.addSchema(
  { ...document, components: { ...document.components, schemas: closed(document.components.schemas) } },
  'api',
);
const compiled = new Map<string, ValidateFunction>();

/** What is wrong with a value at this place of the document; empty when nothing is. */
export function wrongBy(pointer: string, value: unknown): string[] {
  const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
  compiled.set(pointer, validate);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(
    ({ instancePath, message, params }) => `${instancePath || 'it'} ${message} ${JSON.stringify(params)}`,
  );
}

/** What is wrong with the body of a request. */
export function wrongRequest({ path, verb, bodyType }: Operation, body: unknown): string[] {
  if (bodyType !== 'application/json' || typeof body === 'string') return [];
  return wrongBy(`/paths/${escaped(path)}/${verb}/requestBody/content/application~1json/schema`, body);
}

/** An answer as it came. */
export interface Received {
  readonly status: number;
  readonly headers: Headers;
  /** Read from JSON where it is JSON. */
  readonly body: unknown;
}

/** What is wrong with an answer, by the document: status, headers, type and body. */
export function wrongAnswer({ answers }: Operation, { status, headers, body }: Received): string[] {
  const answer =
    answers.find((one) => one.status === String(status)) ??
    answers.find((one) => one.status === `${Math.floor(status / 100)}XX`);
  if (answer === undefined) return [`${status} is not documented: ${JSON.stringify(body)}`];
  const type = headers.get('content-type')?.split(';')[0] ?? '';
  const types = Object.keys(answer.content);
  if (types.length === 0) return wrongHeaders(answer, headers);
  if (!types.includes(type)) return [`${status} is ${type}, not ${types}`];
  if (answer.content[type]?.schema === undefined) return wrongHeaders(answer, headers);
  const pointer = `${answer.pointer}/content/${escaped(type)}/schema`;
  return [...wrongHeaders(answer, headers), ...wrongBy(pointer, body).map((wrong) => `${status}: ${wrong}`)];
}

function wrongHeaders({ headers: told }: Answer, headers: Headers): string[] {
  return Object.entries(told).flatMap(([name, { required, schema }]) => {
    const value = headers.get(name);
    if (value === null) return required ? [`the header ${name} is missing`] : [];
    const read = schema.type === 'integer' ? Number(value) : value;
    return ajv.validate(schema as object, read) ? [] : [`the header ${name} is ${value}`];
  });
}
