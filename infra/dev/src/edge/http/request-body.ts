import type { ClientRequest } from './client-request.ts';

/** The body is larger than nginx would take. */
export class PayloadTooLargeError extends Error {}

/** The client closed its connection before its body had come whole: there is no client left to answer. */
export class ClientGoneError extends Error {}

/** Whether the announced length alone is already too much. */
export function announcesTooMuch(request: ClientRequest, maxBytes: number): boolean {
  return Number(request.headers['content-length'] ?? 0) > maxBytes;
}

/** Makes a reader that collects the body at the first call and gives the same bytes ever after. */
export function bodyReader(request: ClientRequest, maxBytes: number): () => Promise<Buffer> {
  let body: Promise<Buffer> | undefined;
  return () => {
    body ??= request.hasBody ? collect(request, maxBytes) : Promise.resolve(Buffer.alloc(0));
    return body;
  };
}

function collect(request: ClientRequest, maxBytes: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.body.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) reject(new PayloadTooLargeError('the body is too large'));
      else chunks.push(chunk);
    });
    request.body.once('end', () => resolve(Buffer.concat(chunks, size)));
    // However a request is broken off, it closes; it fails only where somebody listens for that.
    request.body.once(
      'close',
      () => request.isComplete() || reject(new ClientGoneError('the client went away')),
    );
  });
}
