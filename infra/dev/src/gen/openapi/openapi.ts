import type { DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { stringify } from 'yaml';
import { fieldNamed, type RestPackage, type RestService, restPackages } from '../contracts.ts';
import { type Binding, renameVariables, withoutPatterns } from '../http-rule.ts';
import { usesOf } from '../kong/kong-uses.ts';
import type { OutputTree } from '../output-tree.ts';
import { commentOf } from './comments.ts';
import type { Examples } from './examples.ts';
import type { Json } from './openapi-rules.ts';
import { restText, SchemaCollector } from './openapi-schema.ts';
import { operation, type Sources } from './operations.ts';
import { type PlainRoutes, plainPaths } from './plain-paths.ts';
import { Reasons } from './reasons.ts';
import { HEADERS, Responses } from './responses.ts';

const HEADER = '# Generated from proto/ by `npm run gen`; do not edit.\n';

/** A time of day and a date stay texts for readers of YAML 1.1, too: to those a bare `22:00` is 1320. */
const LAYOUT = { lineWidth: 110, aliasDuplicateObjects: false, compat: 'yaml-1.1' } as const;

const LICENSE = { name: 'MIT', identifier: 'MIT' };

/** Whoever runs a platform answers for it; this is who writes it. */
const CONTACT = { name: 'Plataforma de Reservas' };

/**
 * Writes one OpenAPI 3.1 document per package with REST RPCs, and one of all of them with the routes that are no RPCs:
 * the API as it is through the gateway. The one for all is JSON, so that it can be served as it is.
 *
 * @throws Error when two services, or two types of different packages, have the same name: the joined document would mix them up
 */
export function generateOpenapi(
  registry: FileRegistry,
  folder: string,
  plain: PlainRoutes,
  examples: Examples,
): OutputTree {
  const packages = restPackages(registry);
  const uses = usesOf(packages);
  const reasons = new Reasons(registry);
  const responses = new Responses(reasons, examples);
  /** Each document has the schemas that it needs. */
  const sources = (): Sources => ({ schemas: new SchemaCollector(uses), reasons, responses, examples });
  const documents = packages.map(
    (restPackage) =>
      [
        `${folder}/${restPackage.name}.yaml`,
        HEADER + stringify(document(restPackage, sources()), LAYOUT),
      ] as const,
  );
  const joined = `${JSON.stringify(joinedDocument(packages, plain, sources()), null, 2)}\n`;
  return new Map([...documents, [`${folder}/plataforma.json`, joined]]);
}

function document({ name, packageName, services }: RestPackage, sources: Sources): Json {
  const paths = pathsOf(services, sources);
  return {
    openapi: '3.1.0',
    info: {
      title: `Plataforma de Reservas: ${name}`,
      version: packageName.split('.').at(-1),
      description: `REST API of the service ${name}, as clients see it through the gateway.`,
      contact: CONTACT,
      license: LICENSE,
    },
    servers: [{ url: 'http://127.0.0.1:8000', description: 'REST edge of a local stack' }],
    tags: services.map((service) => tagOf(service)),
    paths,
    components: components(sources, paths),
  };
}

const JOINED_DESCRIPTION = `The whole REST API, as clients see it through the gateway. Generated from the contracts; do not edit.

\`POST /api/v1/auth/login\` answers an \`accessToken\`, which goes into **Authorize** and is good for ten minutes.`;

function joinedDocument(packages: readonly RestPackage[], plain: PlainRoutes, sources: Sources): Json {
  const services = packages.flatMap((one) => one.services);
  requireOwnNames(services);
  const paths = { ...pathsOf(services, sources), ...plainPaths(plain, sources) };
  return {
    openapi: '3.1.0',
    info: {
      title: 'Plataforma de Reservas',
      version: 'v1',
      description: JOINED_DESCRIPTION,
      contact: CONTACT,
      license: LICENSE,
    },
    servers: [{ url: '/', description: 'The gateway that serves this document' }],
    tags: [
      ...packages.flatMap((one) => one.services.map((service) => tagOf(service, `${one.name}: `))),
      ...plain.tags,
    ],
    paths,
    components: components(sources, paths),
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

function pathsOf(services: readonly RestService[], sources: Sources): { [path: string]: Json } {
  const paths: { [path: string]: Json } = {};
  for (const { rpcs } of services) {
    for (const restRpc of rpcs) {
      for (const [index, binding] of restRpc.rule.bindings.entries()) {
        const path = restPath(restRpc.rpc.input, binding);
        paths[path] = { ...paths[path], [binding.verb]: operation(restRpc, binding, index, sources) };
      }
    }
  }
  return paths;
}

function restPath(input: DescMessage, { template }: Binding): string {
  return withoutPatterns(renameVariables(template, (name) => fieldNamed(input, name)?.jsonName ?? name));
}

/** @param paths what refers to them */
function components({ schemas, responses }: Sources, paths: Json): Json {
  const text = JSON.stringify(paths);
  const shared = Object.entries(responses.components()).filter(([name]) =>
    text.includes(`"#/components/responses/${name}"`),
  );
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
          'Makes repeating the call safe: the same key and body have one effect, and are answered with it as it is now. ' +
          'The same key with another body is refused (`CHAVE_IDEMPOTENCIA_REUTILIZADA`).',
        schema: { type: 'string', pattern: '^[!-~]{1,255}$' },
      },
    },
    headers: HEADERS,
    responses: Object.fromEntries(shared),
    schemas: { Erro: ERROR_SCHEMA, ...schemas.schemas() },
  };
}

const ERROR_SCHEMA: Json = {
  type: 'object',
  description: 'Why a call failed: the body of every error, whoever refuses.',
  required: ['code', 'message', 'reason', 'requestId', 'details'],
  properties: {
    code: { type: 'string', description: 'gRPC status in lower case, such as `already_exists`.' },
    message: { type: 'string', description: 'For people, in Portuguese.' },
    reason: { type: 'string', description: 'For programs: stable, such as `ESPACO_INDISPONIVEL`.' },
    requestId: { type: 'string', description: 'The `X-Request-Id` of the answer.' },
    details: {
      type: 'object',
      description: 'Facts for programs, by the reason. Empty where there is nothing to add.',
      additionalProperties: true,
      properties: {
        campos: {
          type: 'array',
          description: 'Fields of the request that break a rule of form.',
          items: {
            type: 'object',
            required: ['campo', 'problema'],
            properties: {
              campo: { type: 'string', description: 'Name of the field, or path to it.' },
              problema: { type: 'string', description: 'For people, in Portuguese.' },
            },
          },
        },
      },
    },
  },
};
