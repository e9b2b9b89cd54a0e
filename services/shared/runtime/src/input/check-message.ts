/*
 * Room `input`: requests are bounded before they are looked at, and checked before a handler sees them.
 *
 * The contract says how large each part may be, and `request-shape.ts` derives from it how many bytes and values a request can
 * need. A guard goes over what came, once and without building anything of it: `wire-guard.ts` for binary, `json-guard.ts` for
 * JSON. What is decoded is then brought into the form in which it is kept and checked by the rules of its contract (this file).
 * The worst request that passes costs less than 50 ms. Refusals name their field and what is allowed (`invalid-request.ts`,
 * `violation-text.ts`). The listeners and interceptors call it, and plain routes by `request-from-query.ts`; rules of the domain
 * are not checked here.
 */

import type { DescMessage, Message } from '@bufbuild/protobuf';
import { createValidator } from '@bufbuild/protovalidate';
import { Code, type ConnectError } from '@connectrpc/connect';
import { campo } from '../errors/error-details.ts';
import { rpcError } from '../errors/errors.ts';
import { invalidRequest, MAX_TOLD } from './invalid-request.ts';
import { settleInstants } from './message-instants.ts';
import { settleTexts } from './message-texts.ts';
import { nulCharacters } from './nul-characters.ts';
import { RequestShape } from './request-shape.ts';

const validator = createValidator();

/**
 * Brings the texts of people and the instants in a decoded request into the form in which they are kept, and checks it: what
 * people wrote, the `buf.validate` rules of its contract, instants that are none, U+0000. How large its parts are has been
 * checked before it was decoded.
 *
 * @throws ConnectError `REQUISICAO_INVALIDA`
 */
export function checkMessage(schema: DescMessage, message: Message): void {
  const shape = RequestShape.of(schema);
  // First, so that lengths count what is kept.
  settleTexts(shape, message);
  const result = validator.validate(schema, message);
  if (result.kind === 'invalid') throw invalidRequest(result.violations);
  // A rule that does not compile is a defect of the contract, not of the request.
  if (result.kind === 'error') throw result.error;
  settleInstants(shape, message);
  const campos = nulCharacters(message);
  if (campos.length > 0) throw unstorable(campos.slice(0, MAX_TOLD));
}

function unstorable(campos: readonly string[]): ConnectError {
  const message = `Requisição inválida: ${campos.join(', ')}: o caractere U+0000 não é permitido.`;
  return rpcError(Code.InvalidArgument, 'REQUISICAO_INVALIDA', message, {
    campos: campos.map((nome) => campo(nome, 'o caractere U+0000 não é permitido')),
  });
}
