import type { DescField, DescMessage, FileRegistry } from '@bufbuild/protobuf';
import { getOption, hasOption, ScalarType } from '@bufbuild/protobuf';
import { type FieldRules, field as ruled } from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { fieldNamed, isMask } from './contracts.ts';

/** Requests of the contracts have no bound; one problem per line. */
class UnboundedRequestError extends Error {
  constructor(problems: readonly string[]) {
    super(`Requests have to be bounded by their contract:\n${problems.map((p) => `  ${p}`).join('\n')}`);
    this.name = 'UnboundedRequestError';
  }
}

/**
 * Every list of a request has `max_items`, every text `max_len`, every mask the names that it may have, and there are no maps and no messages inside themselves:
 * the listeners derive from it how many bytes of a request they read, and how many of its items they look at.
 *
 * @throws UnboundedRequestError naming every field for which that is not so
 */
export function requireBounds(registry: FileRegistry): void {
  const problems = unboundedFields(registry);
  if (problems.length > 0) throw new UnboundedRequestError(problems);
}

/** What is not bounded in the requests of our own services. */
export function unboundedFields(registry: FileRegistry): string[] {
  const seen = new Set<DescMessage>();
  const problems: string[] = [];
  const visit = (message: DescMessage, around: readonly DescMessage[]): void => {
    if (around.includes(message)) problems.push(`${message.typeName}: contains itself`);
    if (seen.has(message)) return;
    seen.add(message);
    for (const field of message.fields) {
      problems.push(...unbounded(field).map((what) => `${message.typeName}.${field.name}: ${what}`));
      // The listeners bound the names in a mask by themselves.
      if (field.message && !isMask(field)) visit(field.message, [...around, message]);
    }
  };
  for (const file of registry.files) {
    if (isThirdParty(file.proto.package)) continue;
    for (const { methods } of file.services) for (const { input } of methods) visit(input, []);
  }
  return problems;
}

function isThirdParty(packageName: string): boolean {
  return packageName.startsWith('grpc.') || packageName.startsWith('google.');
}

function unbounded(field: DescField): string[] {
  if (isMask(field) && !namesFields(field))
    return ['a mask whose field_mask.in does not name fields beside it'];
  if (field.fieldKind === 'map') return ['a map, whose entries have no order: use a list'];
  const rules = hasOption(field, ruled) ? getOption(field, ruled) : undefined;
  if (field.fieldKind !== 'list') return unboundedText(field.scalar, rules);
  const list = rules?.type.case === 'repeated' ? rules.type.value : undefined;
  return [
    ...(list?.maxItems ? [] : ['a list without max_items']),
    ...unboundedText(field.scalar, list?.items),
  ];
}

function namesFields(mask: DescField): boolean {
  const rules = hasOption(mask, ruled) ? getOption(mask, ruled).type : undefined;
  const names = rules?.case === 'fieldMask' ? rules.value.in : [];
  return names.length > 0 && names.every((name) => fieldNamed(mask.parent, name));
}

function unboundedText(scalar: ScalarType | undefined, rules: FieldRules | undefined): string[] {
  if (scalar !== ScalarType.STRING && scalar !== ScalarType.BYTES) return [];
  const { case: kind, value } = rules?.type ?? { case: undefined };
  const bounded = (kind === 'string' || kind === 'bytes') && value.maxLen > 0n;
  return bounded ? [] : ['a text without max_len'];
}
