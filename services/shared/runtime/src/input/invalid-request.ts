import type { Path } from '@bufbuild/protobuf/reflect';
import { type Violation, violationsToProto } from '@bufbuild/protovalidate';
import { Code, type ConnectError } from '@connectrpc/connect';
import { campo } from '../errors/error-details.ts';
import { genericError, rpcError } from '../errors/errors.ts';
import { MAX_REQUEST_BYTES } from './request-shape.ts';
import { fieldName, violationText } from './violation-text.ts';

/** A caller who broke more rules is told how many more: all of them would not fit the headers that errors travel in. */
export const MAX_TOLD = 10;

const MAX_TOLD_CHARS = 200;

/**
 * INVALID_ARGUMENT / `REQUISICAO_INVALIDA`, with a message that names the fields, the same as a list in `campos`, and a
 * `buf.validate.Violations` detail.
 */
export function invalidRequest(violations: readonly Violation[]): ConnectError {
  const told = violations.slice(0, MAX_TOLD);
  const fields = told.map((violation) => fieldName(violation.field));
  const texts = told.map((violation, index) => [fields[index], violationText(violation)].join(' ').trim());
  const more = violations.length - told.length;
  if (more > 0) texts.push(`e mais ${more} ${more === 1 ? 'problema' : 'problemas'}`);
  const campos = told.map((violation, index) => campo(fields[index] ?? '', violationText(violation)));
  const error = rpcError(
    Code.InvalidArgument,
    'REQUISICAO_INVALIDA',
    `Requisição inválida: ${texts.join('; ')}.`,
    { campos },
  );
  const [value, desc] = violationsToProto(told);
  error.details.push({ desc, value });
  return error;
}

/** What names of fields are made of; anything else is quoted, so that it cannot be taken for the words of the message. */
const PLAIN_NAME = /^\w{1,64}$/;

/**
 * The answer to a member of JSON, or a parameter of a query, of which the contract knows nothing.
 *
 * @param path what leads to the message that it is in
 */
export function unknownField(name: string, path: Path = []): ConnectError {
  const around = fieldName(path);
  const own = PLAIN_NAME.test(name) ? name : JSON.stringify(name.slice(0, 64).toWellFormed());
  const nome = around === '' ? own : `${around}.${own}`;
  const message = `Requisição inválida: campo desconhecido: ${nome}.`;
  const campos = [campo(nome, 'é desconhecido')];
  return rpcError(Code.InvalidArgument, 'REQUISICAO_INVALIDA', message, { campos });
}

/** The answer to JSON that is a list, a text, a number or nothing. */
export function notAnObject(): ConnectError {
  const message = 'Requisição inválida: o corpo deve ser um objeto JSON.';
  return rpcError(Code.InvalidArgument, 'REQUISICAO_INVALIDA', message);
}

/** The answer to bytes or JSON that are not the message of the contract. @param erro what is wrong, for developers */
export function notOfContract(erro: string, cause?: unknown): ConnectError {
  // What decoders say may repeat all of what they were given.
  const beginning = erro.slice(0, MAX_TOLD_CHARS).toWellFormed();
  const message = 'O corpo da requisição não corresponde ao contrato desta operação.';
  return rpcError(Code.InvalidArgument, 'REQUISICAO_INVALIDA', message, { erro: beginning }, cause);
}

/** The answer to a request with more parts than its contract, or a newer one, can need. */
export function tooMany(what: 'valores' | 'campos desconhecidos'): ConnectError {
  const message = `Requisição inválida: há ${what} demais para esta operação.`;
  return rpcError(Code.InvalidArgument, 'REQUISICAO_INVALIDA', message);
}

/** The answer to a request with more bytes than its contract can need. */
export function requestTooLarge(maxBytes: number): ConnectError {
  if (maxBytes >= MAX_REQUEST_BYTES) return genericError(Code.ResourceExhausted);
  const message = `Requisição inválida: esta operação aceita no máximo ${maxBytes / 1024} KiB.`;
  return rpcError(Code.InvalidArgument, 'REQUISICAO_INVALIDA', message, { maximoBytes: maxBytes });
}
