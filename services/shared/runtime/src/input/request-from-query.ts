import {
  type DescMessage,
  fromJson,
  type JsonObject,
  type JsonValue,
  type MessageShape,
} from '@bufbuild/protobuf';
import { checkMessage } from './check-message.ts';
import { enumWords } from './enum-words.ts';
import { checkSingle } from './field-bounds.ts';
import { notOfContract, unknownField } from './invalid-request.ts';
import { guardJsonValue } from './json-guard.ts';
import { type FieldShape, RequestShape } from './request-shape.ts';

/**
 * A request of a contract in the query of a plain route, in the words of REST: enum values without their prefix, instants in
 * RFC 3339. What the route does not take, and what comes twice, is refused, not passed over.
 *
 * @param names of the fields that the route takes, as JSON writes them
 * @throws ConnectError `REQUISICAO_INVALIDA`, as the RPC would
 */
export function requestFromQuery<Desc extends DescMessage>(
  schema: Desc,
  query: URLSearchParams,
  names: readonly string[],
): MessageShape<Desc> {
  const shape = RequestShape.of(schema);
  const json: JsonObject = {};
  for (const [name, text] of query) {
    const field = names.includes(name) ? shape.byJsonName.get(name) : undefined;
    if (field === undefined) throw unknownField(name);
    checkSingle(field, name in json ? 2 : 1, []);
    json[name] = inJson(field, text);
  }
  guardJsonValue(shape, json);
  const message = decode(schema, json);
  checkMessage(schema, message);
  return message;
}

/** A word that is none stays as it is, for the guard to name. */
function inJson({ desc }: FieldShape, text: string): JsonValue {
  return (desc.enum && enumWords(desc.enum).get(text)) ?? text;
}

function decode<Desc extends DescMessage>(schema: Desc, json: JsonValue): MessageShape<Desc> {
  try {
    return fromJson(schema, json);
  } catch (err) {
    throw notOfContract(`not a ${schema.typeName}`, err);
  }
}
