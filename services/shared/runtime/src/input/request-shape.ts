import { type DescField, type DescMessage, getOption, hasOption, ScalarType } from '@bufbuild/protobuf';
import { WireType } from '@bufbuild/protobuf/wire';
import {
  type FieldRules,
  type RepeatedRules,
  field as ruled,
} from '@bufbuild/protovalidate/gen/buf/validate/validate_pb.js';
import { TextoHumano, texto } from '@plataforma/contratos/comum/v1/texto_pb';
import type { FormaDeTexto } from '@plataforma/domain/texto';
import { FIELD_MASK, MASK_MAX_CHARS, MASK_MAX_PATHS, MASK_PATH_MAX_CHARS } from './field-mask.ts';

const TIMESTAMP = 'google.protobuf.Timestamp';

/** Largest request that the listeners take at all, packed or not: as much as the gateway lets through. */
export const MAX_REQUEST_BYTES = 1024 * 1024;

/** Limits of requests are multiples of this: room for white space, and for fields of a newer contract. */
const LIMIT_STEP_BYTES = 64 * 1024;

/** How a field of a request may look on the wire and in JSON. */
export interface FieldShape {
  readonly desc: DescField;
  readonly isList: boolean;
  /** Wire type of one value. */
  readonly wireType: WireType;
  /** Whether the values of a list may share one length-delimited field. */
  readonly isPackable: boolean;
  /** From the rules of the contract; Infinity where it has none. */
  readonly maxItems: number;
  /** Characters of a text, bytes of a byte string; Infinity where the contract says nothing. */
  readonly maxLength: number;
  /** Whether the value is a `google.protobuf.Timestamp`. */
  readonly isInstant: boolean;
  /** Whether the value is a `google.protobuf.FieldMask`. */
  readonly isMask: boolean;
  /** How a text of people is taken; undefined for everything else. */
  readonly text: FormaDeTexto | undefined;
  /** Whether the contract asks for an address of mail. */
  readonly isEmail: boolean;
  /** Undefined for values that are no message. */
  readonly message: RequestShape | undefined;
}

/** What the bounds of a contract say about a message of a request, computed once per type. */
export class RequestShape {
  readonly desc: DescMessage;
  readonly byNumber = new Map<number, FieldShape>();
  /** By the names that JSON may use: the one of JSON and the one of the contract. */
  readonly byJsonName = new Map<string, FieldShape>();
  #maxBytes: number | undefined;
  #maxValues: number | undefined;
  #hasHumanText: boolean | undefined;

  static readonly #known = new WeakMap<DescMessage, RequestShape>();

  static of(desc: DescMessage): RequestShape {
    const known = RequestShape.#known.get(desc);
    if (known) return known;
    const shape = new RequestShape(desc);
    // Registered before its fields: a message may contain itself.
    RequestShape.#known.set(desc, shape);
    try {
      for (const field of desc.fields) shape.#add(fieldShape(field));
    } catch (err) {
      RequestShape.#known.delete(desc);
      throw err;
    }
    return shape;
  }

  private constructor(desc: DescMessage) {
    this.desc = desc;
  }

  #add(field: FieldShape): void {
    this.byNumber.set(field.desc.number, field);
    this.byJsonName.set(field.desc.jsonName, field).set(field.desc.name, field);
  }

  /** Whether people write into this message, or into one inside it. */
  get hasHumanText(): boolean {
    this.#hasHumanText ??= hasHumanText(this, new Set());
    return this.#hasHumanText;
  }

  /**
   * Most bytes of a request of this type that are looked at: what the longest JSON of it needs, which is longer than its
   * binary form, in whole steps. The largest request where the contract bounds nothing.
   */
  get maxBytes(): number {
    this.#maxBytes ??= Math.min(
      MAX_REQUEST_BYTES,
      Math.ceil(longestJson(this, new Set()) / LIMIT_STEP_BYTES) * LIMIT_STEP_BYTES,
    );
    return this.#maxBytes;
  }

  /** Most values in a request of this type, with those inside lists and messages. */
  get maxValues(): number {
    this.#maxValues ??= countValues(this, new Set());
    return this.#maxValues;
  }

  /** Most values of which this contract knows nothing: a newer one may have as many of its own, and a few besides. */
  get maxUnknown(): number {
    return this.maxValues + 100;
  }
}

/** @throws Error for a map: the order of its entries is open, so equal requests could differ in their bytes */
function fieldShape(desc: DescField): FieldShape {
  if (desc.fieldKind === 'map') throw new Error(`${desc}: requests cannot have maps`);
  const rules = hasOption(desc, ruled) ? getOption(desc, ruled) : undefined;
  const list = rules?.type.case === 'repeated' ? rules.type.value : undefined;
  const isList = desc.fieldKind === 'list';
  const wireType = wireTypeOf(desc);
  return {
    desc,
    isList,
    wireType,
    isPackable: isList && wireType !== WireType.LengthDelimited,
    ...boundsOf(desc, isList ? list?.items : rules, list),
    isInstant: desc.message?.typeName === TIMESTAMP,
    isMask: desc.message?.typeName === FIELD_MASK,
    text: humanText(desc),
    isEmail: isEmail(isList ? list?.items : rules),
    message: desc.message && RequestShape.of(desc.message),
  };
}

function boundsOf(
  { parent }: DescField,
  one: FieldRules | undefined,
  list: RepeatedRules | undefined,
): Pick<FieldShape, 'maxItems' | 'maxLength'> {
  if (parent.typeName === FIELD_MASK) return { maxItems: MASK_MAX_PATHS, maxLength: MASK_PATH_MAX_CHARS };
  return { maxItems: Number(list?.maxItems || Number.POSITIVE_INFINITY), maxLength: maxLength(one) };
}

function isEmail(rules: FieldRules | undefined): boolean {
  return rules?.type.case === 'string' && rules.type.value.wellKnown.case === 'email';
}

/** @throws Error for a member of a oneof: nothing needs it, and it is kept elsewhere in a message */
function humanText(desc: DescField): FormaDeTexto | undefined {
  const kind = hasOption(desc, texto) ? getOption(desc, texto) : TextoHumano.UNSPECIFIED;
  if (kind === TextoHumano.UNSPECIFIED) return undefined;
  if (desc.oneof) throw new Error(`${desc}: texts of people cannot be members of a oneof`);
  return { linhas: kind === TextoHumano.LINHAS };
}

function maxLength(rules: FieldRules | undefined): number {
  const { case: kind, value } = rules?.type ?? { case: undefined };
  const bound = kind === 'string' ? value.maxLen || value.len || value.maxBytes : undefined;
  return Number((kind === 'bytes' ? value.maxLen : bound) || Number.POSITIVE_INFINITY);
}

function wireTypeOf({ message, scalar }: DescField): WireType {
  if (message) return WireType.LengthDelimited;
  switch (scalar) {
    case ScalarType.STRING:
    case ScalarType.BYTES:
      return WireType.LengthDelimited;
    case ScalarType.DOUBLE:
    case ScalarType.FIXED64:
    case ScalarType.SFIXED64:
      return WireType.Bit64;
    case ScalarType.FLOAT:
    case ScalarType.FIXED32:
    case ScalarType.SFIXED32:
      return WireType.Bit32;
    default:
      return WireType.Varint;
  }
}

function countValues(shape: RequestShape, around: ReadonlySet<RequestShape>): number {
  if (around.has(shape)) return Number.POSITIVE_INFINITY;
  const inside = new Set(around).add(shape);
  let values = 0;
  for (const { isList, isInstant, maxItems, message } of shape.byNumber.values()) {
    const one = message && !isInstant ? 1 + countValues(message, inside) : 1;
    values += isList ? 1 + maxItems * one : one;
  }
  return values;
}

function hasHumanText(shape: RequestShape, seen: Set<RequestShape>): boolean {
  if (seen.has(shape)) return false;
  seen.add(shape);
  return [...shape.byNumber.values()].some(
    ({ text, isEmail, message }) =>
      text !== undefined || isEmail || (message !== undefined && hasHumanText(message, seen)),
  );
}

/** Of a number, a truth value, the name of an enum value or an instant. */
const OTHER_JSON_BYTES = 60;
/** `\ud83d\ude00`: a character outside the first plane, escaped. */
const ESCAPED_CHARACTER_BYTES = 12;
/** Quotes, colon and comma around a name and its value. */
const PUNCTUATION_BYTES = 6;

function longestJson(shape: RequestShape, around: ReadonlySet<RequestShape>): number {
  if (around.has(shape)) return Number.POSITIVE_INFINITY;
  const inside = new Set(around).add(shape);
  let bytes = PUNCTUATION_BYTES;
  for (const field of shape.byNumber.values()) {
    const items = field.isList ? field.maxItems : 1;
    bytes += field.desc.jsonName.length + items * (PUNCTUATION_BYTES + longestValue(field, inside));
  }
  return bytes;
}

function longestValue(field: FieldShape, around: ReadonlySet<RequestShape>): number {
  if (field.isMask) return MASK_MAX_CHARS;
  if (field.message && !field.isInstant) return longestJson(field.message, around);
  if (field.desc.scalar === ScalarType.STRING || field.desc.scalar === ScalarType.BYTES)
    return field.maxLength * ESCAPED_CHARACTER_BYTES;
  return OTHER_JSON_BYTES;
}
