import { Code, ConnectError } from '@connectrpc/connect';
import type { UniversalServerResponse } from '@connectrpc/connect/protocol';
import { codeToHttpStatus, errorFromJsonBytes, errorToJsonBytes } from '@connectrpc/connect/protocol-connect';
import { genericError, REASON_HEADER } from '../errors/errors.ts';
import { notOfContract } from '../input/invalid-request.ts';

/**
 * Connect answers some requests before any interceptor runs: a body that is not the message, a size over the
 * limit, an unknown encoding. This gives such an answer a reason and a message in Portuguese, like any other
 * error; other answers pass unchanged.
 *
 * @returns the response to send, and the error if it was one of these
 */
export async function explainRejection(
  response: UniversalServerResponse,
): Promise<{ response: UniversalServerResponse; error?: ConnectError }> {
  const { header, status, body } = response;
  const json = header?.get('content-type')?.startsWith('application/json') ?? false;
  if (status < 400 || !json || body === undefined || header?.has(REASON_HEADER)) return { response };
  const bytes = Buffer.concat(await collect(body));
  const fallback = new ConnectError('unexpected answer', Code.Internal);
  const error = explain(errorFromJsonBytes(bytes, undefined, fallback));
  return { response: errorResponse(error), error };
}

/** An error as an answer of the Connect protocol, for requests that no handler takes. */
function errorResponse(error: ConnectError): UniversalServerResponse {
  const bytes = errorToJsonBytes(error, undefined);
  const header = new Headers(error.metadata);
  header.set('content-type', 'application/json');
  header.set('content-length', String(bytes.byteLength));
  return { status: codeToHttpStatus(error.code), header, body: once(bytes) };
}

function explain(error: ConnectError): ConnectError {
  // Connect calls bytes that are no message an internal error; what else is internal stays inside.
  const malformed = error.code === Code.InvalidArgument || error.rawMessage.startsWith('parse binary: ');
  if (!malformed && error.code === Code.Internal) return genericError(error.code, error);
  if (!malformed) return genericError(error.code, error, { erro: error.rawMessage });
  return notOfContract(error.rawMessage, error);
}

async function collect(body: AsyncIterable<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return chunks;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
