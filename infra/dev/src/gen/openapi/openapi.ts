import type { DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { stringify } from 'yaml';
import { fieldNamed, isInstant, isRead, type RestPackage, type RestRpc, restPackages } from '../contracts.ts';
import { type Binding, pathVariables, renameVariables, withoutPatterns } from '../http-rule.ts';
import type { OutputTree } from '../output-tree.ts';
import { commentOf } from './comments.ts';
import { type Json, rulesOf } from './openapi-rules.ts';
import { restText, SchemaCollector } from './openapi-schema.ts';
import { isCreation, PUBLIC_RPCS } from './rest-conventions.ts';

const HEADER = '# Generated from proto/ by `npm run gen`; do not edit.\n';

/** A time of day and a date stay texts for readers of YAML 1.1, too: to those a bare `22:00` is 1320. */
const LAYOUT = { lineWidth: 110, aliasDuplicateObjects: false, compat: 'yaml-1.1' } as const;

/** Writes one OpenAPI 3.1 document per package with REST RPCs: the API as it is through the gateway. */
export function generateOpenapi(registry: FileRegistry, folder: string): OutputTree {
  const documents = restPackages(registry).map(
    (restPackage) => [`${folder}/${restPackage.name}.yaml`, printDocument(restPackage)] as const,
  );
  return new Map(documents);
}

function printDocument(restPackage: RestPackage): string {
  return HEADER + stringify(document(restPackage), LAYOUT);
}

function document({ name, packageName, services }: RestPackage): Json {
  const schemas = new SchemaCollector();
  const paths: { [path: string]: Json } = {};
  for (const { rpcs } of services) {
    for (const restRpc of rpcs) {
      for (const [index, binding] of restRpc.rule.bindings.entries()) {
        const path = restPath(restRpc.rpc.input, binding);
        paths[path] = { ...paths[path], [binding.verb]: operation(restRpc, binding, index, schemas) };
      }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: `Plataforma de Reservas: ${name}`,
      version: packageName.split('.').at(-1),
      description: `REST API of the service ${name}, as clients see it through the gateway.`,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: 'http://127.0.0.1:8000', description: 'REST edge of a local stack' }],
    tags: services.map(({ service }) => ({ name: service.name, description: restText(commentOf(service)) })),
    paths,
    components: components(schemas),
  };
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
