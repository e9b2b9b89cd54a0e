import { Code, ConnectError } from '@connectrpc/connect';
import type { UniversalServerResponse } from '@connectrpc/connect/protocol';
import { codeToHttpStatus, errorFromJsonBytes, errorToJsonBytes } from '@connectrpc/connect/protocol-connect';
import { naming, problemOf } from '../errors/error-details.ts';
import { genericError, motivoDe, REASON_HEADER, rpcError } from '../errors/errors.ts';
import { notOfContract } from '../input/invalid-request.ts';
import { REQUEST_ID_HEADER } from '../rpc/request-id.ts';

/**
 * Connect answers some requests before any interceptor runs: a body that is not the message, a size over the
 * limit, an unknown encoding. This gives such an answer a reason and a message in Portuguese, like any other
 * error, and a body to those that have none, because they do not speak Connect; other answers pass unchanged.
 *
 * @returns the response to send, and the error if it was one of these
 */
export async function explainRejection(
  response: UniversalServerResponse,
  requestId: string,
): Promise<{ response: UniversalServerResponse; error?: ConnectError }> {
  const { header, status, body } = response;
  const foreign = body === undefined ? FOREIGN.get(status) : undefined;
  if (foreign) return { response: problemResponse(response, foreign(), requestId) };
  const json = header?.get('content-type')?.startsWith('application/json') ?? false;
  if (status < 400 || !json || body === undefined || header?.has(REASON_HEADER)) return { response };
  const bytes = Buffer.concat(await collect(body));
  const fallback = new ConnectError('unexpected answer', Code.Internal);
  const error = naming(explain(errorFromJsonBytes(bytes, undefined, fallback)), requestId);
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

/** What Connect says by a status alone to a request that is of none of its protocols. */
const FOREIGN: ReadonlyMap<number, () => ConnectError> = new Map([
  [
    405,
    () =>
      rpcError(Code.InvalidArgument, 'METODO_NAO_PERMITIDO', 'Este endereço não aceita este método HTTP.'),
  ],
  [
    415,
    () =>
      rpcError(Code.InvalidArgument, 'TIPO_NAO_SUPORTADO', 'Este endereço não aceita conteúdo deste tipo.'),
  ],
]);

function problemResponse(
  { status, header: given }: UniversalServerResponse,
  error: ConnectError,
  requestId: string,
): UniversalServerResponse {
  const bytes = Buffer.from(JSON.stringify({ ...problemOf(error, motivoDe(error), requestId), details: [] }));
  const header = new Headers(given);
  header.set('content-type', 'application/json');
  header.set('content-length', String(bytes.byteLength));
  header.set(REASON_HEADER, motivoDe(error) ?? '');
  header.set(REQUEST_ID_HEADER, requestId);
  return { status, header, body: once(bytes) };
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
