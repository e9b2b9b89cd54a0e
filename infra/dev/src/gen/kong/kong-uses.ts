import { type DescEnum, type DescField, type DescMessage, ScalarType } from '@bufbuild/protobuf';
import {
  isInstant,
  isMask,
  type RestPackage,
  type RestService,
  requestTypes,
  responseTypes,
} from '../contracts.ts';

type Type = DescMessage | DescEnum;

/** Where the types of the contracts are used over REST. */
export interface Uses {
  readonly sent: ReadonlySet<Type>;
  readonly answered: ReadonlySet<Type>;
  /** The part of `sent` that comes in bodies, if not in queries as well. */
  readonly inBodies: ReadonlySet<Type>;
}

/** Where the types of these packages are used. */
export function usesOf(packages: readonly RestPackage[]): Uses {
  const services = packages.flatMap((restPackage) => restPackage.services);
  return {
    sent: new Set(requestTypes(services)),
    answered: new Set(responseTypes(services)),
    inBodies: new Set(requestTypes(services.map(withBodies))),
  };
}

function withBodies({ service, rpcs }: RestService): RestService {
  return { service, rpcs: rpcs.filter(({ rule }) => rule.bindings.some(({ body }) => body !== '')) };
}

/** Numbers that the plugin would cut off at the point, and wrap around. */
const WHOLE = new Set<ScalarType | undefined>([
  ScalarType.INT32,
  ScalarType.UINT32,
  ScalarType.INT64,
  ScalarType.UINT64,
]);

/**
 * What a field of a request is declared as in the copy, so that what was sent reaches the service; undefined for the type of the
 * contract. The JSON of a body has types, which the plugin holds to those that are declared: a number cannot be a text there,
 * and a truth value nothing but itself. A query has texts.
 */
export function sentAs(field: DescField, { inBodies }: Uses): 'string' | 'double' | undefined {
  const isText = !inBodies.has(field.parent);
  if (isInstant(field) || isMask(field) || field.enum !== undefined) return 'string';
  if (WHOLE.has(field.scalar)) return isText ? 'string' : 'double';
  return field.scalar === ScalarType.BOOL && isText ? 'string' : undefined;
}

/** What the name of a copy ends with that is sent only, of a message that is answered in another form. */
export const SENT_SUFFIX = 'Enviado';

/** The end of the name of the copy in which a message is sent. */
export function sentSuffix(message: DescMessage, uses: Uses): string {
  const isBoth = uses.sent.has(message) && uses.answered.has(message);
  return isBoth && message.fields.some((field) => isChanged(field, uses)) ? SENT_SUFFIX : '';
}

function isChanged(field: DescField, uses: Uses): boolean {
  if (sentAs(field, uses) !== undefined) return true;
  return field.message !== undefined && sentSuffix(field.message, uses) !== '';
}

/** Whether the copy declares a type: words of enums that are only sent are texts. */
export function isDeclared(type: Type, { answered }: Uses): boolean {
  return type.kind === 'message' || answered.has(type);
}
