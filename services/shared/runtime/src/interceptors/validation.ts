import type { DescMessage, Message } from '@bufbuild/protobuf';
import { createValidator, type Validator, type Violation, violationsToProto } from '@bufbuild/protovalidate';
import { Code, type ConnectError, type Interceptor } from '@connectrpc/connect';
import { rpcError } from '../errors.ts';
import { nulCharacters } from './nul-characters.ts';
import { checkEach } from './stream.ts';
import { fieldName, violationText } from './violation-text.ts';

/**
 * Checks every request message against the `buf.validate` rules of its contract and for U+0000. Answers INVALID_ARGUMENT /
 * `REQUISICAO_INVALIDA` with a message that names the fields and a `buf.validate.Violations` detail.
 */
export function validation(): Interceptor {
  const validator = createValidator();
  return (next) => (req) => {
    const { input } = req.method;
    if (!req.stream) {
      check(validator, input, req.message);
      return next(req);
    }
    const message = checkEach(req.message, (each) => check(validator, input, each));
    return next({ ...req, message });
  };
}

function check(validator: Validator, schema: DescMessage, message: Message): void {
  const result = validator.validate(schema, message);
  if (result.kind === 'invalid') throw invalidRequest(result.violations);
  // A rule that does not compile is a defect of the contract, not of the request.
  if (result.kind === 'error') throw result.error;
  const campos = nulCharacters(message);
  if (campos.length > 0) throw unstorable(campos);
}

function unstorable(campos: readonly string[]): ConnectError {
  const message = `Requisição inválida: ${campos.join(', ')}: o caractere U+0000 não é permitido.`;
  return rpcError(Code.InvalidArgument, 'REQUISICAO_INVALIDA', message, { campos: campos.join(',') });
}

function invalidRequest(violations: readonly Violation[]): ConnectError {
  const fields = violations.map((violation) => fieldName(violation.field));
  const texts = violations.map((violation, index) => {
    const text = violationText(violation);
    return fields[index] === '' ? text : `${fields[index]} ${text}`;
  });
  const campos = [...new Set(fields.filter((field) => field !== ''))].join(',');
  const error = rpcError(
    Code.InvalidArgument,
    'REQUISICAO_INVALIDA',
    `Requisição inválida: ${texts.join('; ')}.`,
    campos === '' ? {} : { campos },
  );
  const [value, desc] = violationsToProto([...violations]);
  error.details.push({ desc, value });
  return error;
}
