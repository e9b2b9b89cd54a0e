import type { DescMessage, Message, MessageShape } from '@bufbuild/protobuf';
import { reflect } from '@bufbuild/protobuf/reflect';
import type { FieldMask } from '@bufbuild/protobuf/wkt';
import { mistyped } from './field-bounds.ts';
import { namedBy } from './field-mask.ts';
import { type FieldShape, RequestShape } from './request-shape.ts';

const UPDATE_MASK = 'update_mask';

/** An update as its contract has it. */
type Update = Message & { readonly updateMask?: FieldMask | undefined };

/** What an update changes. */
export interface Changes<M, C> {
  /** Fields with the value that they get; the others stay as they are. */
  readonly given: {
    readonly [K in Exclude<keyof M, keyof Message | 'updateMask'>]?: Exclude<M[K], undefined>;
  };
  /** Fields that were named and not sent: they go back to what they are by default. */
  readonly cleared: readonly C[];
}

/**
 * Reads an update: without `update_mask` what was sent is changed, an empty list being one that was not sent; with it exactly
 * what it names. The names that it may have are in its rule of the contract (`field_mask.in`).
 *
 * @param clearable fields that have a default
 * @throws ConnectError `REQUISICAO_INVALIDA` for a part of a field, and for a field without a default that was named and not sent
 */
export function changesOf<
  Desc extends DescMessage,
  C extends Desc['field'] extends Record<infer K, unknown> ? K & string : never,
>(
  schema: Desc,
  request: MessageShape<Desc> & Update,
  clearable: readonly C[],
): Changes<MessageShape<Desc>, C> {
  const shape = RequestShape.of(schema);
  const message = reflect(schema, request);
  const given: Record<string, unknown> = {};
  const cleared: C[] = [];
  for (const field of namedIn(shape, request.updateMask)) {
    const { desc } = field;
    if (message.isSet(desc)) given[desc.localName] = request[desc.localName as keyof typeof request];
    else if (clearable.some((name) => name === desc.localName)) cleared.push(desc.localName as C);
    else if (request.updateMask) throw mistyped(field, 'não foi enviado, e updateMask o nomeia', []);
  }
  return {
    given: given as Changes<MessageShape<Desc>, C>['given'],
    cleared: request.updateMask ? cleared : [],
  };
}

/** The fields that the mask names; all that it could, without one. */
function namedIn(shape: RequestShape, mask: FieldMask | undefined): FieldShape[] {
  const own = shape.byJsonName.get(UPDATE_MASK);
  if (own === undefined) throw new Error(`${shape.desc.typeName} has no ${UPDATE_MASK}`);
  const names = mask ? mask.paths : namedBy(own.desc).map(({ name }) => name);
  return [...new Set(names)].map((name) => {
    const field = shape.byJsonName.get(name);
    // The rule of the contract takes what is inside the fields that it names, too.
    if (field === undefined) throw mistyped(own, 'nomeia parte de um campo; nomeie o campo inteiro', []);
    return field;
  });
}
