import type { IncomingMessage, ServerResponse } from 'node:http';

export interface HttpAnswer {
  status: number;
  headers: Record<string, string>;
  body: string;
  /** Only half of the body is sent, then the connection is closed. */
  torn?: boolean;
}

export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
}

const MAX_BODY = 1024 * 1024;

/** The whole body as text, at most 1 MiB. */
export async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Leaving the loop must not destroy the connection: the refusal still has to be sent on it.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY) throw new BodyTooLargeError('The body is larger than 1 MiB.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

export function json(status: number, value: unknown, headers: Record<string, string> = {}): HttpAnswer {
  const body = `${JSON.stringify(value, null, 2)}\n`;
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

export function send(response: ServerResponse, { status, headers, body, torn }: HttpAnswer): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  if (torn) response.write(body.slice(0, body.length / 2), () => response.destroy());
  else response.end(body);
}
