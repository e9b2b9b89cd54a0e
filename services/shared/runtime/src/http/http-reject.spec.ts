import { Code, ConnectError } from '@connectrpc/connect';
import type { UniversalServerResponse } from '@connectrpc/connect/protocol';
import { errorToJsonBytes } from '@connectrpc/connect/protocol-connect';
import { describe, expect, it } from '@jest/globals';
import { motivoDe } from '../errors/errors.ts';
import { explainRejection } from './http-reject.ts';

async function* parts(...bytes: Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* bytes;
}

/** What Connect answers by itself, in two parts. */
function rejection(
  error: ConnectError,
  changes: Partial<UniversalServerResponse> = {},
): UniversalServerResponse {
  const bytes = errorToJsonBytes(error, undefined);
  const header = new Headers({ 'content-type': 'application/json' });
  return { status: 400, header, body: parts(bytes.subarray(0, 5), bytes.subarray(5)), ...changes };
}

async function read({ body }: UniversalServerResponse): Promise<{ code: string; message: string }> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body ?? []) chunks.push(chunk);
  return JSON.parse(Buffer.concat(chunks).toString());
}

const MALFORMED = new ConnectError('cannot decode', Code.InvalidArgument);

describe('explainRejection', () => {
  it.each([
    ['what is no message', MALFORMED, Code.InvalidArgument, 'REQUISICAO_INVALIDA', 400],
    [
      'bytes that are none',
      new ConnectError('parse binary: x', Code.Internal),
      Code.InvalidArgument,
      'REQUISICAO_INVALIDA',
      400,
    ],
    ['a fault of its own', new ConnectError('segredo', Code.Internal), Code.Internal, 'ERRO_INTERNO', 500],
    [
      'a way to pack that nobody knows',
      new ConnectError('unknown compression', Code.Unimplemented),
      Code.Unimplemented,
      'TIPO_NAO_SUPORTADO',
      501,
    ],
  ])('gives %s a reason', async (_, error, code, motivo, status) => {
    const explained = await explainRejection(rejection(error), 'pedido-1');
    expect([explained.error?.code, explained.error && motivoDe(explained.error)]).toEqual([code, motivo]);
    const { header } = explained.response;
    const body = await read(explained.response);
    expect(explained.response.status).toBe(status);
    expect(header?.get('x-erro-codigo')).toBe(motivo);
    expect(header?.get('content-type')).toBe('application/json');
    expect(Number(header?.get('content-length'))).toBe(Buffer.byteLength(JSON.stringify(body)));
    expect(JSON.stringify(body)).not.toContain('segredo');
  });

  it.each([
    ['one that succeeded', { status: 200 }],
    ['one that is no error yet', { status: 399 }],
    ['one without a body', { body: undefined }],
    ['one without headers', { header: undefined }],
    ['one of another kind', { header: new Headers({ 'content-type': 'application/proto' }) }],
    ['one without a kind', { header: new Headers() }],
    [
      'one that has a reason',
      { header: new Headers({ 'content-type': 'application/json', 'x-erro-codigo': 'SEM_NADA' }) },
    ],
  ])('leaves an answer as it is: %s', async (_, changes) => {
    const response = rejection(MALFORMED, changes as Partial<UniversalServerResponse>);
    expect(await explainRejection(response, 'pedido-1')).toEqual({ response });
  });
});
