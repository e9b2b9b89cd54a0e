import { create } from '@bufbuild/protobuf';
import { createValidator } from '@bufbuild/protovalidate';
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { ErrorInfoSchema } from '@plataforma/contratos/google/rpc/error_details_pb';
import { CriarEspacoRequestSchema } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { factsOf } from '../errors/error-details.ts';
import { failure } from '../grpc/grpc-call.ts';
import { invalidRequest, notOfContract, requestTooLarge } from './invalid-request.ts';

/** Every rule of every item broken: the most that a request within its bounds can break. */
function everythingWrong() {
  const many = <T>(items: number, item: T): T[] => Array.from({ length: items }, () => item);
  const message = create(CriarEspacoRequestSchema, { extras: many(100, {}), horarios: many(50, {}) });
  const result = createValidator().validate(CriarEspacoRequestSchema, message);
  if (result.kind !== 'invalid') throw new Error('it was meant to be invalid');
  return result.violations;
}

describe('the answer to an invalid request', () => {
  it('tells ten problems and counts the others', () => {
    const violations = everythingWrong();
    expect(violations.length).toBeGreaterThan(500);
    const { rawMessage } = invalidRequest(violations);
    expect(rawMessage.split('; ')).toHaveLength(11);
    expect(rawMessage).toMatch(new RegExp(`; e mais ${violations.length - 10} problemas\\.$`));
    expect(invalidRequest(violations.slice(0, 11)).rawMessage).toMatch(/; e mais 1 problema\.$/);
    expect(invalidRequest(violations.slice(0, 10)).rawMessage).not.toContain('e mais');
  });

  it('tells the same to programs: the fields, and what is wrong with them', () => {
    const error = invalidRequest(everythingWrong());
    const { details, metadata } = error;
    const violations = details.at(-1) as
      | { desc: { name: string }; value: Record<string, unknown> }
      | undefined;
    const { campos } = factsOf(error);
    expect(campos).toHaveLength(10);
    expect(campos).toContainEqual({ campo: 'nome', problema: expect.any(String) });
    expect(violations?.desc.name).toBe('Violations');
    expect(violations?.value.violations).toHaveLength(10);
    expect(metadata.get('x-erro-codigo')).toBe('REQUISICAO_INVALIDA');
  });

  it('fits the headers in which errors travel', () => {
    const { details, metadata } = failure(invalidRequest(everythingWrong()), new Headers());
    const headers = Object.entries(metadata?.toHttp2Headers() ?? {}).map(
      ([name, value]) => `${name}: ${value}`,
    );
    const bytes = [...headers, encodeURI(String(details))].join('').length;
    expect(bytes).toBeLessThan(8 * 1024);
  });
});

const metadataOf = (error: ReturnType<typeof notOfContract>) =>
  error.findDetails(ErrorInfoSchema)[0]?.metadata;

describe('the answer to what is no message', () => {
  it('repeats the beginning of what a decoder says, and no half of a character', () => {
    expect(metadataOf(notOfContract('x'.repeat(300)))).toEqual({ erro: 'x'.repeat(200) });
    expect(metadataOf(notOfContract(`${'x'.repeat(199)}😀`))).toEqual({ erro: `${'x'.repeat(199)}\ufffd` });
  });
});

describe('the answer to a request that is too large', () => {
  it('tells the limit where it is that of the operation, and is that of all otherwise', () => {
    const own = requestTooLarge(64 * 1024);
    expect([own.code, metadataOf(own)]).toEqual([Code.InvalidArgument, { maximoBytes: '65536' }]);
    expect(own.rawMessage).toContain('no máximo 64 KiB');
    expect(requestTooLarge(1024 * 1024 - 1).code).toBe(Code.InvalidArgument);
    expect(requestTooLarge(1024 * 1024).code).toBe(Code.ResourceExhausted);
  });
});
