import type { Json } from './openapi-rules.ts';
import type { Sources } from './operations.ts';

/** What the gateway serves besides RPCs: no contract says it, so it is written here. */
export interface PlainRoutes {
  readonly tags: readonly Json[];
  readonly paths: { readonly [path: string]: { readonly [verb: string]: PlainOperation } };
}

/** One of them; its description names failures as comments of the contract do, and the gateway adds its own. */
export interface PlainOperation extends Json {
  readonly operationId: string;
  readonly description: string;
  readonly security: readonly Json[];
  readonly responses: { readonly [status: string]: Json };
}

/** Their paths with all that they answer. */
export function plainPaths({ paths }: PlainRoutes, sources: Sources): { [path: string]: Json } {
  return mapped(paths, (verbs) =>
    mapped(verbs, (operation) => ({ ...operation, responses: answers(operation, sources) })),
  );
}

const mapped = <T, U>(
  record: { readonly [name: string]: T },
  change: (value: T, name: string) => U,
): { [name: string]: U } =>
  Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value, name)]));

/** The gateway may answer with the same status, and its own body. */
function withContentOf(response: Json, other: unknown): Json {
  if (other === undefined) return response;
  const problem = { $ref: '#/components/schemas/Erro' };
  const content = (response.content ?? {}) as { readonly [type: string]: { readonly schema?: Json } };
  const own = content['application/json']?.schema;
  const schema = own === undefined ? problem : { anyOf: [own, problem] };
  return { ...response, content: { ...content, 'application/json': { schema } } };
}

function answers(
  { operationId, description, security, responses: own, requestBody }: PlainOperation,
  { reasons, responses, examples }: Sources,
): Json {
  const body = examples.get(operationId)?.success?.body;
  const told = mapped(own, ({ content, ...response }, status) => ({
    ...responses.plain(response, status),
    ...(content === undefined
      ? {}
      : {
          content:
            body === undefined || status >= '400'
              ? content
              : mapped(content as Json, (type) => ({ ...(type as Json), example: body })),
        }),
  }));
  const failures = responses.failures({
    ...{ operationId, reasons: reasons.ofComment(description, undefined) },
    ...{ secured: security.length > 0, keyed: false, checked: false, hasBody: requestBody !== undefined },
  });
  return { ...failures, ...mapped(told, (response, status) => withContentOf(response, failures[status])) };
}
