import { createServer, type Server as HttpServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerWritableStream,
  type ServiceDefinition,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';

/** What the upstream received last. */
interface ReceivedCall {
  readonly path: string;
  readonly metadata: Metadata;
  readonly message: Buffer;
}

export interface Script {
  /** Encoded reply messages: more than one only from server streams. */
  readonly replies?: readonly Buffer[];
  /** Leading metadata of the answer. */
  readonly leading?: Readonly<Record<string, string>>;
  readonly error?: {
    readonly code: number;
    readonly message: string;
    readonly metadata?: Record<string, string>;
  };
  /** Sends leading metadata before the error, which moves the status into the trailers. */
  readonly statusInTrailers?: boolean;
  readonly silent?: boolean;
  /** Holds the answer back until it resolves. */
  readonly gate?: Promise<void>;
}

export interface ScriptedGrpc {
  readonly port: number;
  /** How the next calls are answered. */
  script: Script;
  readonly calls: ReceivedCall[];
  close(): Promise<void>;
}

/** A gRPC server that answers every listed method from a script, with raw bytes in both directions. */
export async function startScriptedGrpc(
  paths: readonly string[],
  wantedPort = 0,
  host = '127.0.0.1',
): Promise<ScriptedGrpc> {
  const server = new Server();
  const calls: ReceivedCall[] = [];
  const state = { script: {} as Script };
  server.addService(rawDefinition(paths), handlers(paths, calls, state));
  const port = await bind(server, `${host}:${wantedPort}`);
  return {
    port,
    calls,
    get script() {
      return state.script;
    },
    set script(script: Script) {
      state.script = script;
    },
    close: async () => server.forceShutdown(),
  };
}

interface ReceivedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface EchoHttp {
  readonly port: number;
  readonly requests: ReceivedRequest[];
  close(): Promise<void>;
}

/** An HTTP/1.1 server that sends every body back, byte for byte. */
export async function startEchoHttp(host = '127.0.0.1'): Promise<EchoHttp> {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    requests.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    response.setHeader('content-type', request.headers['content-type'] ?? 'application/octet-stream');
    response.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return { requests, port: (server.address() as AddressInfo).port, close: () => closeHttp(server) };
}

function rawDefinition(paths: readonly string[]): ServiceDefinition {
  const raw = (bytes: Buffer): Buffer => bytes;
  return Object.fromEntries(
    paths.map((path) => [
      path,
      {
        path,
        requestStream: false,
        responseStream: true,
        requestSerialize: raw,
        requestDeserialize: raw,
        responseSerialize: raw,
        responseDeserialize: raw,
      },
    ]),
  );
}

function handlers(
  paths: readonly string[],
  calls: ReceivedCall[],
  state: { readonly script: Script },
): UntypedServiceImplementation {
  return Object.fromEntries(
    paths.map((path) => [
      path,
      (call: ServerWritableStream<Buffer, Buffer>) => {
        calls.push({ path, metadata: call.metadata, message: call.request });
        const { script } = state;
        void (script.gate ?? Promise.resolve()).then(() => play(call, script));
      },
    ]),
  );
}

function play(call: ServerWritableStream<Buffer, Buffer>, script: Script): void {
  if (script.silent) return;
  const { error } = script;
  if (script.leading || script.statusInTrailers) call.sendMetadata(metadataOf(script.leading ?? {}));
  if (error) {
    call.emit('error', {
      code: error.code,
      details: error.message,
      metadata: metadataOf(error.metadata ?? {}),
    });
    return;
  }
  for (const reply of script.replies ?? [Buffer.alloc(0)]) call.write(reply);
  call.end();
}

function metadataOf(values: Readonly<Record<string, string>>): Metadata {
  const metadata = new Metadata();
  for (const [name, value] of Object.entries(values)) metadata.set(name, value);
  return metadata;
}

function bind(server: Server, address: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, ServerCredentials.createInsecure(), (error, port) =>
      error ? reject(error) : resolve(port),
    );
  });
}

function closeHttp(server: HttpServer): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

/** Every gRPC code but OK, by number. */
export const ERROR_CODES = Object.values(status).filter(
  (code): code is number => typeof code === 'number' && code !== status.OK,
);
