import { type OutgoingHttpHeaders, request } from 'node:http';

interface PlainAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly trailers: Readonly<Record<string, string | undefined>>;
  readonly text: string;
}

interface PlainRequest {
  readonly method?: string;
  /** Goes out letter by letter, where fetch would normalise it. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, number | string | readonly string[]>>;
  readonly body?: string | Buffer;
}

/** Sends one request over HTTP/1.1 with no header that was not asked for; fetch always says what it accepts. */
export function sendPlain(
  baseUrl: string,
  { body, headers, ...options }: PlainRequest,
): Promise<PlainAnswer> {
  return new Promise((resolve, reject) => {
    const outgoing = request(
      baseUrl,
      { ...options, headers: headers as OutgoingHttpHeaders, agent: false },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.once('error', reject);
        incoming.once('end', () =>
          resolve({
            status: incoming.statusCode ?? 0,
            headers: incoming.headers,
            trailers: incoming.trailers,
            text: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    outgoing.once('error', reject);
    outgoing.end(body);
  });
}
