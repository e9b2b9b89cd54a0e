import type { DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { getOption } from '@bufbuild/protobuf';
import { FieldBehavior, field_behavior } from '@plataforma/contratos/google/api/field_behavior_pb';
import { httpRuleOf, pathVariables } from './http-rule.ts';
import { rulesOf } from './openapi/openapi-rules.ts';

const { REQUIRED, OPTIONAL, INPUT_ONLY, IMMUTABLE, NON_EMPTY_DEFAULT } = FieldBehavior;

/** Whether a request without the field is refused. */
export const isRequired = (field: DescField): boolean => says(field, REQUIRED);

/** Whether every answer has the field. */
export const isAlwaysThere = (field: DescField): boolean =>
  isRequired(field) || says(field, NON_EMPTY_DEFAULT);

/** Whether the field is taken and never answered. */
export const isInputOnly = (field: DescField): boolean => says(field, INPUT_ONLY);

/** Fields say nothing of themselves, or what is not so; one problem per line. */
class FieldBehaviorError extends Error {
  constructor(problems: readonly string[]) {
    super(`Fields have to say what they are:\n${problems.map((p) => `  ${p}`).join('\n')}`);
    this.name = 'FieldBehaviorError';
  }
}

/**
 * Every field of our contracts says by `google.api.field_behavior` whether it has to be sent, and is always answered
 * (docs/adrs/061-what-is-always-there.md), and the rules that are enforced say the same.
 *
 * @throws Error naming every field for which that is not so
 */
export function requireFieldBehavior(registry: FileRegistry): void {
  const problems = fieldBehaviorProblems(registry);
  if (problems.length > 0) throw new FieldBehaviorError(problems);
}

/** What fields of our own contracts say of themselves that is not so, or do not say. */
export function fieldBehaviorProblems(registry: FileRegistry): string[] {
  const uses = usesOf(registry);
  return [...registry.files]
    .filter(({ proto }) => !isThirdParty(proto.package))
    .flatMap(({ messages }) => messages.flatMap(withNested))
    .flatMap(({ fields }) => fields)
    .flatMap((field) =>
      problemsOf(field, uses).map((what) => `${field.parent.typeName}.${field.name}: ${what}`),
    );
}

function withNested(message: DescMessage): DescMessage[] {
  return [message, ...message.nestedMessages.flatMap(withNested)];
}

interface Uses {
  readonly sent: ReadonlySet<DescMessage>;
  readonly answered: ReadonlySet<DescMessage>;
  readonly inPaths: ReadonlySet<DescField>;
}

function usesOf(registry: FileRegistry): Uses {
  const [sent, answered, inPaths] = [new Set<DescMessage>(), new Set<DescMessage>(), new Set<DescField>()];
  const http = registry.getExtension('google.api.http');
  for (const { methods } of [...registry.files].flatMap(({ services }) => services)) {
    for (const rpc of methods) {
      reach(rpc.input, sent);
      reach(rpc.output, answered);
      const { bindings = [] } = (http && httpRuleOf(rpc, http)) ?? {};
      const paths = bindings.map(({ template }) => pathVariables(template));
      const isInPath = ({ name }: DescField) =>
        paths.length > 0 && paths.every((path) => path.includes(name));
      for (const field of rpc.input.fields.filter(isInPath)) inPaths.add(field);
    }
  }
  return { sent, answered, inPaths };
}

function reach(message: DescMessage, found: Set<DescMessage>): void {
  if (found.has(message)) return;
  found.add(message);
  for (const field of message.fields) if (field.message) reach(field.message, found);
}

function problemsOf(field: DescField, { sent, answered, inPaths }: Uses): string[] {
  if (isRequired(field) === says(field, OPTIONAL)) return ['is to be either REQUIRED or OPTIONAL'];
  const [isSent, isAnswered] = [sent.has(field.parent), answered.has(field.parent)];
  const isRefused = rulesOf(field).required;
  const isSecret = isSent && !isAnswered && field.proto.options?.debugRedact === true;
  return [
    ...(isSent && isRequired(field) && !isRefused ? ['is REQUIRED, and requests without it are taken'] : []),
    ...(isSent && !isRequired(field) && isRefused
      ? ['is OPTIONAL, and requests without it are refused']
      : []),
    ...(inPaths.has(field) && !isRequired(field) ? ['is part of every path, and not REQUIRED'] : []),
    ...(!isSent && isRequired(field) && isExplicit(field) ? ['is REQUIRED, and may be absent'] : []),
    ...(isInputOnly(field) === isSecret
      ? []
      : ['is to be INPUT_ONLY exactly if it is `debug_redact` and sent alone']),
    ...(says(field, NON_EMPTY_DEFAULT) && !(isSent && isAnswered && !isRequired(field))
      ? ['is NON_EMPTY_DEFAULT, which is for what may be left out and is answered']
      : []),
    ...(says(field, IMMUTABLE) && !isSent ? ['is IMMUTABLE, and nobody sends it'] : []),
  ];
}

function says(field: DescField, behavior: FieldBehavior): boolean {
  return getOption(field, field_behavior).includes(behavior);
}

function isExplicit({ proto, oneof }: DescField): boolean {
  return proto.proto3Optional || oneof !== undefined;
}

function isThirdParty(packageName: string): boolean {
  return /^(buf|google|grpc)\./.test(packageName);
}
