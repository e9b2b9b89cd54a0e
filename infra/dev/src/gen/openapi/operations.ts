import type { DescField, DescMessage } from '@bufbuild/protobuf';
import { fieldNamed, isInstant, isRead, type RestRpc } from '../contracts.ts';
import { isRequired } from '../field-behavior.ts';
import { type Binding, pathVariables } from '../http-rule.ts';
import { commentOf } from './comments.ts';
import type { Example, Examples } from './examples.ts';
import type { Json } from './openapi-rules.ts';
import { restText, type SchemaCollector } from './openapi-schema.ts';
import type { Reasons } from './reasons.ts';
import type { Responses } from './responses.ts';
import { isCreation, PUBLIC_RPCS } from './rest-conventions.ts';

/** What the operations of a document are written from. */
export interface Sources {
  readonly schemas: SchemaCollector;
  readonly reasons: Reasons;
  readonly responses: Responses;
  readonly examples: Examples;
}

const SIGNUP = 'auth.v1.AuthService/Signup';

/** One address of an RPC, as OpenAPI says it. */
export function operation({ rpc }: RestRpc, binding: Binding, index: number, sources: Sources): Json {
  const { schemas, reasons, responses, examples } = sources;
  const fullName = `${rpc.parent.typeName}/${rpc.name}`;
  const operationId = `${rpc.parent.name}_${rpc.name}${index === 0 ? '' : `_${index + 1}`}`;
  const comment = commentOf(rpc);
  const secured = !PUBLIC_RPCS.has(fullName);
  // Of those without a caller only a sign-up knows its key again.
  const keyed = !isRead(rpc) && (secured || fullName === SIGNUP);
  const { request } = examples.get(operationId) ?? {};
  const parameters = [
    ...pathParameters(rpc.input, binding, schemas, request?.path),
    ...queryParameters(rpc.input, binding, schemas, request?.query),
    ...(keyed ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
  ];
  const body = requestBody(rpc.input, binding, schemas, request);
  const commentOfRpc = (name: string) =>
    commentOf(rpc.parent.methods.find((other) => other.name === name) ?? rpc);
  return {
    operationId,
    summary: firstSentence(restText(comment)),
    description: restText(comment),
    tags: [rpc.parent.name],
    security: secured ? [{ bearer: [] }] : [],
    ...(parameters.length > 0 ? { parameters } : {}),
    ...(body === undefined ? {} : { requestBody: body }),
    responses: {
      [isCreation(fullName) ? '201' : '200']: responses.success(
        operationId,
        schemas.reference(rpc.output, 'answered'),
        keyed,
      ),
      ...responses.failures({
        // Another sign-up under the key opens another account: it is no conflict.
        ...{ operationId, secured, keyed: keyed && secured, hasBody: body !== undefined },
        checked: keyed || rpc.input.fields.length > 0,
        reasons: reasons.ofComment(comment, rpc.parent.file.proto.package, commentOfRpc),
      }),
    },
  };
}

function firstSentence(comment: string): string {
  return /^.*?[.](?=\s|$)/.exec(comment)?.[0] ?? comment;
}

function pathParameters(
  input: DescMessage,
  { template }: Binding,
  schemas: SchemaCollector,
  example: Json | undefined,
): Json[] {
  return pathVariables(template).flatMap((variable) => {
    const field = fieldNamed(input, variable);
    return field === undefined ? [] : [parameter(field, field.jsonName, 'path', true, schemas, example)];
  });
}

/** Without a body every field that is not in the path travels in the query; nested ones with a dot. */
function queryParameters(
  input: DescMessage,
  { template, body }: Binding,
  schemas: SchemaCollector,
  example: Json | undefined,
): Json[] {
  if (body !== '') return [];
  const inPath = pathVariables(template);
  return input.fields
    .filter((field) => !inPath.includes(field.name))
    .flatMap((field) => queryField(field, '', schemas, example));
}

function queryField(
  field: DescField,
  prefix: string,
  schemas: SchemaCollector,
  example: Json | undefined,
): Json[] {
  const name = `${prefix}${field.jsonName}`;
  if (field.message !== undefined && !isInstant(field))
    return field.message.fields.flatMap((nested) => queryField(nested, `${name}.`, schemas, example));
  return [parameter(field, name, 'query', isRequired(field), schemas, example)];
}

function parameter(
  field: DescField,
  name: string,
  place: 'path' | 'query',
  required: boolean,
  schemas: SchemaCollector,
  example: Json | undefined,
): Json {
  const { description, ...schema } = schemas.field(field, 'sent');
  const value = example?.[name];
  return {
    ...{ name, in: place, required },
    ...(description === undefined ? {} : { description }),
    schema,
    ...(value === undefined ? {} : { example: value }),
  };
}

function requestBody(
  input: DescMessage,
  binding: Binding,
  schemas: SchemaCollector,
  example: Example['request'],
): Json | undefined {
  if (binding.body === '') return undefined;
  const field = binding.body === '*' ? undefined : fieldNamed(input, binding.body);
  const schema =
    field === undefined
      ? schemas.reference(input, 'sent', pathVariables(binding.template))
      : schemas.field(field, 'sent');
  const body = example?.body === undefined ? {} : { example: example.body };
  return { required: true, content: { 'application/json': { schema, ...body } } };
}
