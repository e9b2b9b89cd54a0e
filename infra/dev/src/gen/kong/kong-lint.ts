import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import {
  FIELD_MASK,
  fieldNamed,
  isInstant,
  isMask,
  type RestPackage,
  type RestRpc,
  reachableTypes,
  requestTypes,
  responseTypes,
  TIMESTAMP,
} from '../contracts.ts';
import { type Binding, pathVariables, shadows, specificity } from '../http-rule.ts';

const EVENTS_FILE = /(^|\/)eventos$/;

/** The contracts use something that Kong's grpc-gateway plugin cannot do; one problem per line. */
export class KongLintError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(
      `The contracts use what Kong's grpc-gateway cannot do:\n${problems.map((p) => `  ${p}`).join('\n')}`,
    );
    this.name = 'KongLintError';
    this.problems = problems;
  }
}

/**
 * Finds everything in the REST RPCs of a package that Kong's grpc-gateway would refuse, drop or get wrong.
 * The plugin reports none of it when it starts: it answers 500 or wrong JSON call by call.
 */
export function lintForKong(restPackage: RestPackage): string[] {
  const rpcs = restPackage.services.flatMap((service) => service.rpcs);
  return [
    ...reachableTypes(restPackage.services).flatMap((type) => lintType(restPackage, type)),
    ...lintInstants(restPackage),
    ...lintMasks(restPackage),
    ...lintListedEnums(restPackage),
    ...rpcs.flatMap(lintRpc),
    ...lintOrder(restPackage),
  ];
}

/** RPCs of a service in the order in which Kong must try them: literal paths before those with variables. */
export function inMatchingOrder(rpcs: readonly RestRpc[]): RestRpc[] {
  const key = ({ rule }: RestRpc): string => specificity(rule.bindings[0].template);
  return [...rpcs].sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

function lintType(restPackage: RestPackage, type: DescMessage | DescEnum): string[] {
  if (type.typeName === TIMESTAMP || type.typeName === FIELD_MASK) return [];
  const problems: string[] = [];
  const owner = type.file.proto.package;
  if (owner.startsWith('google.'))
    problems.push(`${type.typeName}: only google.protobuf.Timestamp is supported`);
  else if (owner !== restPackage.packageName && !owner.startsWith('comum.'))
    problems.push(`${type.typeName}: used by ${restPackage.packageName}; only comum may be shared`);
  if (EVENTS_FILE.test(type.file.name))
    problems.push(`${type.typeName}: an event cannot be part of a REST message`);
  if (type.kind === 'enum') return [...problems, ...lintEnum(type)];
  if (!owner.startsWith('google.')) problems.push(...type.fields.flatMap(lintField));
  return problems;
}

/** The copy declares the instants of requests as texts and leaves those of answers: a message cannot be both. */
function lintInstants({ services }: RestPackage): string[] {
  const answered = new Set(responseTypes(services));
  return requestTypes(services)
    .filter((type) => type.kind === 'message' && type.fields.some(isInstant) && answered.has(type))
    .map((type) => `${type.typeName}: has an instant, and is both sent and answered; split it in two`);
}

/** A mask is a text in the copy of a request, and becomes longer in the service: nothing may be around it but the request. */
function lintMasks({ services }: RestPackage): string[] {
  const inputs = new Set(services.flatMap(({ rpcs }) => rpcs.map(({ rpc }) => rpc.input)));
  const answered = new Set(responseTypes(services));
  return requestTypes(services)
    .concat(responseTypes(services))
    .flatMap((type) => (type.kind === 'message' ? type.fields : []))
    .filter(isMask)
    .filter(
      ({ name, fieldKind, parent }) =>
        name !== 'update_mask' || fieldKind !== 'message' || !inputs.has(parent) || answered.has(parent),
    )
    .map((field) => `${field.parent.typeName}.${field.name}: only update_mask of a request can be a mask`);
}

/** The services tell the words of a list from its numbers by their first byte (ADR-057): a blank is the smallest of a text. */
const LARGEST_LISTED_NUMBER = 0x1f;

function lintListedEnums({ services }: RestPackage): string[] {
  const fields = requestTypes(services).flatMap((type) => (type.kind === 'message' ? type.fields : []));
  return fields
    .filter((field) => field.fieldKind === 'list')
    .filter(({ enum: listed }) => listed?.values.some(({ number }) => number > LARGEST_LISTED_NUMBER))
    .map(
      (field) =>
        `${field.parent.typeName}.${field.name}: a list of an enum with numbers above ${LARGEST_LISTED_NUMBER}`,
    );
}

function lintEnum(type: DescEnum): string[] {
  if (type.sharedPrefix !== undefined) return [];
  return [`${type.typeName}: its values have no common prefix that could be left out`];
}

function lintField(field: DescField): string[] {
  const name = `${field.parent.typeName}.${field.name}`;
  if (field.fieldKind === 'map' && field.mapKey !== ScalarType.STRING)
    return [`${name}: map keys must be strings`];
  if (field.scalar === ScalarType.BYTES)
    return [`${name}: bytes are not supported (sent raw, not as base64)`];
  return [];
}

function lintRpc({ rpc, rule }: RestRpc): string[] {
  const name = `${rpc.parent.typeName}/${rpc.name}`;
  const problems = rule.unsupported.map((part) => `${name}: ${part} is not supported`);
  if (rpc.methodKind !== 'unary') problems.push(`${name}: streaming cannot have a REST path`);
  if (rule.bindings.length > 2) problems.push(`${name}: at most one additional binding is supported`);
  for (const binding of rule.bindings)
    problems.push(...lintBinding(rpc.input, binding).map((p) => `${name} (${binding.template}): ${p}`));
  return problems;
}

function lintBinding(input: DescMessage, binding: Binding): string[] {
  const variables = pathVariables(binding.template);
  const problems = variables.flatMap((variable) => lintVariable(input, variable));
  if (binding.template.replaceAll(/\{[^}]*\}/g, '').includes('*')) problems.push('`*` outside a variable');
  if (binding.verb === 'get' && binding.body !== '') problems.push('a GET has no body');
  if (binding.body === '*') return problems;
  if (binding.body === '') {
    const inQuery = input.fields.filter((field) => !variables.includes(field.name));
    return [...problems, ...inQuery.flatMap((field) => lintQueryField(field, '', []))];
  }
  if (fieldNamed(input, binding.body)?.fieldKind !== 'message')
    problems.push(`body: no message field ${binding.body}`);
  return problems;
}

function lintVariable(input: DescMessage, variable: string): string[] {
  if (variable.includes('.')) return [`nested path variable {${variable}} is dropped`];
  const field = fieldNamed(input, variable);
  if (field === undefined) return [`path variable {${variable}} is no field of ${input.typeName}`];
  return field.fieldKind === 'scalar' || field.fieldKind === 'enum'
    ? []
    : [`path variable {${variable}} is no scalar`];
}

function lintQueryField(field: DescField, prefix: string, seen: readonly DescMessage[]): string[] {
  const name = `${prefix}${field.name}`;
  if (field.fieldKind === 'list' || field.fieldKind === 'map')
    return [`${name} is repeated: a single value in the query would be refused`];
  const { message } = field;
  if (message === undefined || message.typeName === TIMESTAMP) return [];
  if (seen.includes(message)) return [`${name} is recursive and cannot be a query parameter`];
  return message.fields.flatMap((nested) => lintQueryField(nested, `${name}.`, [...seen, message]));
}

function lintOrder(restPackage: RestPackage): string[] {
  const bindings = restPackage.services
    .flatMap(({ rpcs }) => inMatchingOrder(rpcs))
    .flatMap(({ rpc, rule }) => rule.bindings.map((binding) => ({ rpc, binding })));
  return bindings.flatMap((later, index) =>
    bindings
      .slice(0, index)
      .filter((earlier) => shadows(earlier.binding, later.binding))
      .map(
        (earlier) => `${later.binding.template}: never reached, ${earlier.binding.template} is tried first`,
      ),
  );
}
