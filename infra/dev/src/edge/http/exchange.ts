import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { ClientRequest } from './client-request.ts';
import type { RequestTarget } from './request-path.ts';

type HeaderValue = string | string[];

/** Header names are lower case. */
export type Headers = Map<string, HeaderValue>;

/** What goes back to the client; plugins may still change it. */
export interface Reply {
  status: number;
  headers: Headers;
  /** A stream only where no plugin touches the body: from HTTP upstreams, and in native gRPC. */
  body: Buffer | Readable;
  /** What follows the body; asked for once that has ended. */
  readonly trailers?: () => Headers;
  /** Kong's own answer: of its code or a plugin, or to what nginx or an upstream failed at. Left out: an upstream's. */
  readonly source?: 'exit' | 'error';
}

/** The call that grpc-gateway made of the request. */
export interface GrpcCall {
  readonly path: string;
  /** The framed request message. */
  readonly message: Buffer;
  /** Turns the framed reply messages into JSON text. */
  readonly toJson: (frames: Buffer) => Buffer;
}

/** What nginx would answer before any of Kong's code runs. */
export interface Refusal {
  readonly status: number;
  readonly message: string;
}

/** One request on its way through the plugins. */
export interface Exchange {
  readonly request: ClientRequest;
  readonly method: string;
  readonly target: RequestTarget;
  readonly clientIp: string;
  /** 32 hexadecimal digits, in error bodies and X-Kong-Request-Id. */
  readonly requestId: string;
  /** Headers for the upstream; plugins add and remove. */
  readonly upstreamHeaders: IncomingHttpHeaders;
  /** Headers that the access phase has set for the client. */
  readonly responseHeaders: Headers;
  readonly refusal: Refusal | undefined;
  /** Larger bodies are answered 413. */
  readonly maxBodyBytes: number;
  /** The whole body, read once. Rejects with PayloadTooLargeError past the limit. */
  readonly readBody: () => Promise<Buffer>;
  grpcCall?: GrpcCall;
  /** The `X-Request-Id` that the service has answered with. */
  namedByService?: string;
  /** Of the route that was found: whether it is one of native gRPC. */
  isGrpcRoute?: boolean;
}

/**
 * A plugin instance with its settings read. The phases are Kong's: `access` may answer itself; the
 * filters run for every reply of the route, including those that other plugins made.
 */
export interface Plugin {
  readonly name: string;
  /** Higher runs first in every phase. */
  readonly priority: number;
  /** Runs before a route is chosen; only plugins of the whole node should use it. */
  rewrite?(exchange: Exchange): void;
  access?(exchange: Exchange): Reply | undefined | Promise<Reply | undefined>;
  headerFilter?(exchange: Exchange, reply: Reply): void;
  bodyFilter?(exchange: Exchange, reply: Reply): void;
}
