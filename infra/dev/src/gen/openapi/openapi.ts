import type { DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { stringify } from 'yaml';
import {
  fieldNamed,
  isInstant,
  isRead,
  type RestPackage,
  type RestRpc,
  type RestService,
  restPackages,
} from '../contracts.ts';
import { type Binding, pathVariables, renameVariables, withoutPatterns } from '../http-rule.ts';
import type { OutputTree } from '../output-tree.ts';
import { commentOf } from './comments.ts';
import { type Json, rulesOf } from './openapi-rules.ts';
import { restText, SchemaCollector } from './openapi-schema.ts';
import type { PlainRoutes } from './plain-routes.ts';
import { isCreation, PUBLIC_RPCS } from './rest-conventions.ts';

const HEADER = '# Generated from proto/ by `npm run gen`; do not edit.\n';

/** A time of day and a date stay texts for readers of YAML 1.1, too: to those a bare `22:00` is 1320. */
const LAYOUT = { lineWidth: 110, aliasDuplicateObjects: false, compat: 'yaml-1.1' } as const;

const LICENSE = { name: 'MIT', identifier: 'MIT' };

/**
 * Writes one OpenAPI 3.1 document per package with REST RPCs, and one of all of them with the routes that are no RPCs:
 * the API as it is through the gateway. The one for all is JSON, so that it can be served as it is.
 *
 * @throws Error when two services, or two types of different packages, have the same name: the joined document would mix them up
 */
export function generateOpenapi(registry: FileRegistry, folder: string, plain: PlainRoutes): OutputTree {
  const packages = restPackages(registry);
  const documents = packages.map(
    (restPackage) =>
      [`${folder}/${restPackage.name}.yaml`, HEADER + stringify(document(restPackage), LAYOUT)] as const,
  );
  const joined = `${JSON.stringify(joinedDocument(packages, plain), null, 2)}\n`;
  return new Map([...documents, [`${folder}/plataforma.json`, joined]]);
}

function document({ name, packageName, services }: RestPackage): Json {
  const schemas = new SchemaCollector();
  const paths = pathsOf(services, schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: `Plataforma de Reservas: ${name}`,
      version: packageName.split('.').at(-1),
      description: `REST API of the service ${name}, as clients see it through the gateway.`,
      license: LICENSE,
    },
    servers: [{ url: 'http://127.0.0.1:8000', description: 'REST edge of a local stack' }],
    tags: services.map((service) => tagOf(service)),
    paths,
    components: components(schemas),
  };
}

const JOINED_DESCRIPTION = `The whole REST API, as clients see it through the gateway. Generated from the contracts; do not edit.

\`POST /api/v1/auth/login\` answers an \`accessToken\`, which goes into **Authorize** and is good for ten minutes.`;

function joinedDocument(packages: readonly RestPackage[], plain: PlainRoutes): Json {
  const services = packages.flatMap((one) => one.services);
  requireOwnNames(services);
  const schemas = new SchemaCollector();
  const paths = pathsOf(services, schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Plataforma de Reservas',
      version: 'v1',
      description: JOINED_DESCRIPTION,
      license: LICENSE,
    },
    servers: [{ url: '/', description: 'The gateway that serves this document' }],
    tags: [
      ...packages.flatMap((one) => one.services.map((service) => tagOf(service, `${one.name}: `))),
      ...plain.tags,
    ],
    paths: { ...paths, ...plain.paths },
    components: components(schemas),
  };
}

/** Operations and their groups go by the name of the service alone. */
function requireOwnNames(services: readonly RestService[]): void {
  const known = new Map<string, string>();
  for (const { service } of services) {
    const other = known.get(service.name);
    if (other !== undefined)
      throw new Error(`two services would share the tag ${service.name}: ${other} and ${service.typeName}`);
    known.set(service.name, service.typeName);
  }
}

function tagOf({ service }: RestService, prefix = ''): Json {
  return { name: service.name, description: prefix + restText(commentOf(service)) };
}

function pathsOf(services: readonly RestService[], schemas: SchemaCollector): { [path: string]: Json } {
  const paths: { [path: string]: Json } = {};
  for (const { rpcs } of services) {
    for (const restRpc of rpcs) {
      for (const [index, binding] of restRpc.rule.bindings.entries()) {
        const path = restPath(restRpc.rpc.input, binding);
        paths[path] = { ...paths[path], [binding.verb]: operation(restRpc, binding, index, schemas) };
      }
    }
  }
  return paths;
}

function restPath(input: DescMessage, { template }: Binding): string {
  return withoutPatterns(renameVariables(template, (name) => fieldNamed(input, name)?.jsonName ?? name));
}

function operation({ rpc }: RestRpc, binding: Binding, index: number, schemas: SchemaCollector): Json {
  const fullName = `${rpc.parent.typeName}/${rpc.name}`;
  const comment = restText(commentOf(rpc));
  const parameters = [
    ...pathParameters(rpc.input, binding, schemas),
    ...queryParameters(rpc.input, binding, schemas),
  ];
  if (!isRead(rpc)) parameters.push({ $ref: '#/components/parameters/IdempotencyKey' });
  const body = requestBody(rpc.input, binding, schemas);
  return {
    operationId: `${rpc.parent.name}_${rpc.name}${index === 0 ? '' : `_${index + 1}`}`,
    summary: firstSentence(comment),
    description: comment,
    tags: [rpc.parent.name],
    ...(PUBLIC_RPCS.has(fullName) ? { security: [] } : { security: [{ bearer: [] }] }),
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      [isCreation(fullName) ? '201' : '200']: {
        description: 'Success.',
        content: { 'application/json': { schema: schemas.reference(rpc.output) } },
      },
      default: { $ref: '#/components/responses/Erro' },
    },
  };
}

function firstSentence(comment: string): string {
  return /^.*?[.](?=\s|$)/.exec(comment)?.[0] ?? comment;
}

function pathParameters(input: DescMessage, { template }: Binding, schemas: SchemaCollector): Json[] {
  return pathVariables(template).flatMap((variable) => {
    const field = fieldNamed(input, variable);
    return field === undefined ? [] : [parameter(field, field.jsonName, 'path', true, schemas)];
  });
}

/** Without a body every field that is not in the path travels in the query; nested ones with a dot. */
function queryParameters(input: DescMessage, { template, body }: Binding, schemas: SchemaCollector): Json[] {
  if (body !== '') return [];
  const inPath = pathVariables(template);
  return input.fields
    .filter((field) => !inPath.includes(field.name))
    .flatMap((f) => queryField(f, '', schemas));
}

function queryField(field: DescField, prefix: string, schemas: SchemaCollector): Json[] {
  const name = `${prefix}${field.jsonName}`;
  if (field.message !== undefined && !isInstant(field))
    return field.message.fields.flatMap((nested) => queryField(nested, `${name}.`, schemas));
  return [parameter(field, name, 'query', rulesOf(field).required, schemas)];
}

function parameter(
  field: DescField,
  name: string,
  place: 'path' | 'query',
  required: boolean,
  schemas: SchemaCollector,
): Json {
  const { description, ...schema } = schemas.field(field);
  return { name, in: place, required, ...(description === undefined ? {} : { description }), schema };
}

function requestBody(input: DescMessage, binding: Binding, schemas: SchemaCollector): Json | undefined {
  if (binding.body === '') return undefined;
  const field = binding.body === '*' ? undefined : fieldNamed(input, binding.body);
  const schema =
    field === undefined ? schemas.reference(input, pathVariables(binding.template)) : schemas.field(field);
  return { required: true, content: { 'application/json': { schema } } };
}

function components(schemas: SchemaCollector): Json {
  return {
    securitySchemes: {
      bearer: {
        type: 'http',
        scheme: 'bearer',
        bearerFormat: 'JWT',
        description: '`accessToken` of `POST /api/v1/auth/login`.',
      },
    },
    parameters: {
      IdempotencyKey: {
        name: 'Idempotency-Key',
        in: 'header',
        required: false,
        description:
          'Makes repeating the call safe: the same key and body answer what the first call answered. ' +
          'The same key with another body is refused (`CHAVE_IDEMPOTENCIA_REUTILIZADA`).',
        schema: { type: 'string' },
      },
    },
    responses: {
      Erro: {
        description: 'Failure. The HTTP status follows from `code`.',
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Erro' } } },
      },
    },
    schemas: { Erro: ERROR_SCHEMA, ...schemas.schemas() },
  };
}

const ERROR_SCHEMA: Json = {
  type: 'object',
  description: 'Why a call failed.',
  required: ['code', 'message'],
  properties: {
    code: { type: 'string', description: 'gRPC status in lower case, such as `already_exists`.' },
    message: { type: 'string', description: 'For people, in Portuguese.' },
    reason: { type: 'string', description: 'For programs: stable, such as `ESPACO_INDISPONIVEL`.' },
  },
};
