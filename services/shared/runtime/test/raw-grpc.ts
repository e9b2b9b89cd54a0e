import http2 from 'node:http2';
import { create, toBinary } from '@bufbuild/protobuf';
import { StringValueSchema } from '@bufbuild/protobuf/wkt';

export interface Frames {
  readonly headers: http2.IncomingHttpHeaders;
  readonly endedWithHeaders: boolean;
  readonly data: Buffer;
  readonly trailers: http2.IncomingHttpHeaders | undefined;
}

/** One call of EcoService, or of a method by its whole path, by hand, to see which frames come back. */
export function rawCall(
  port: number,
  method: string,
  message: Uint8Array,
  headers: http2.OutgoingHttpHeaders = {},
): Promise<Frames> {
  const session = http2.connect(`http://127.0.0.1:${port}`);
  const frame = Buffer.alloc(5 + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, 5);
  return new Promise<Frames>((resolve, reject) => {
    const stream = session.request({
      ':method': 'POST',
      ':path': method.startsWith('/') ? method : `/teste.v1.EcoService/${method}`,
      'content-type': 'application/grpc',
      ...headers,
    });
    const chunks: Buffer[] = [];
    let answer: Pick<Frames, 'headers' | 'endedWithHeaders'> | undefined;
    let trailers: http2.IncomingHttpHeaders | undefined;
    stream.on('response', (received, flags) => {
      answer = {
        headers: received,
        endedWithHeaders: (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0,
      };
    });
    stream.on('trailers', (received) => {
      trailers = received;
    });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', reject);
    stream.on('end', () => {
      if (answer) resolve({ ...answer, data: Buffer.concat(chunks), trailers });
      else reject(new Error('no answer'));
    });
    stream.end(frame);
  }).finally(() => session.close());
}

/** A serialized request of the methods that take a text. */
export const text = (value: string) => toBinary(StringValueSchema, create(StringValueSchema, { value }));
