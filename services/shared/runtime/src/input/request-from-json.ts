import { type DescMessage, fromJson, type JsonValue, type MessageShape } from '@bufbuild/protobuf';
import { checkMessage } from './check-message.ts';
import { notOfContract } from './invalid-request.ts';
import { guardJsonValue } from './json-guard.ts';
import { RequestShape } from './request-shape.ts';

/**
 * A request of a contract that comes another way than through the handler of an RPC, such as in the query of a plain route.
 *
 * @throws ConnectError `REQUISICAO_INVALIDA`, as the RPC would
 */
export function requestFromJson<Desc extends DescMessage>(schema: Desc, json: JsonValue): MessageShape<Desc> {
  guardJsonValue(RequestShape.of(schema), json);
  const message = decode(schema, json);
  checkMessage(schema, message);
  return message;
}

function decode<Desc extends DescMessage>(schema: Desc, json: JsonValue): MessageShape<Desc> {
  try {
    return fromJson(schema, json);
  } catch (err) {
    throw notOfContract(`not a ${schema.typeName}`, err);
  }
}
