import { connect } from 'node:http2';

/** What came back from a call, whichever listener it went to. */
export interface Answer {
  /** Canonical code in lower snake case, as Connect writes it; `ok` for success, undefined when there was no answer. */
  readonly code: string | undefined;
  /** The stable reason of a refusal. */
  readonly reason: string | undefined;
  readonly message: string;
}

const TIMEOUT_MS = 20_000;

const CODES = [
  'ok',
  'canceled',
  'unknown',
  'invalid_argument',
  'deadline_exceeded',
  'not_found',
  'already_exists',
  'permission_denied',
  'resource_exhausted',
  'failed_precondition',
  'aborted',
  'out_of_range',
  'unimplemented',
  'internal',
  'unavailable',
  'data_loss',
  'unauthenticated',
];

/** One gRPC message: a flag, its length and its bytes. */
export function frame(message: Uint8Array): Buffer {
  const framed = Buffer.alloc(5 + message.length);
  framed.writeUInt32BE(message.length, 1);
  framed.set(message, 5);
  return framed;
}

/** A unary call of the gRPC port with any bytes for a body, frames included. */
export function callGrpc(
  port: number,
  path: string,
  body: Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const session = connect(`http://127.0.0.1:${port}`);
  return new Promise<Answer>((resolve, reject) => {
    const stream = session.request({
      ...headers,
      ':method': 'POST',
      ':path': path,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    let received: Record<string, unknown> = {};
    const merge = (more: object) => {
      received = { ...received, ...more };
    };
    stream.on('response', merge);
    stream.on('trailers', merge);
    stream.on('data', () => {});
    stream.setTimeout(TIMEOUT_MS, () => reject(new Error(`${path} was not answered in time`)));
    stream.on('error', reject);
    session.on('error', reject);
    stream.on('close', () => resolve(grpcAnswer(received)));
    stream.end(body);
  }).finally(() => session.destroy());
}

function grpcAnswer(received: Record<string, unknown>): Answer {
  const status = received['grpc-status'];
  return {
    code: status === undefined ? undefined : CODES[Number(status)],
    reason: received['x-erro-codigo'] as string | undefined,
    message: decodeURIComponent(String(received['grpc-message'] ?? '')),
  };
}

/** A call of the HTTP port in Connect's JSON with any bytes for a body. */
export async function callJson(
  port: number,
  path: string,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers: { ...headers, 'content-type': 'application/json' },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  if (response.ok) return { code: 'ok', reason: undefined, message: '' };
  const { code, message = `${response.status} ${text}` } = parse(text);
  return { code, reason: response.headers.get('x-erro-codigo') ?? undefined, message };
}

function parse(text: string): { code?: string; message?: string } {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}
