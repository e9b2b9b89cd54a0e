import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fromJson } from '@bufbuild/protobuf';
import { StructSchema } from '@bufbuild/protobuf/wkt';
import { type Code, ConnectError, type ConnectRouter } from '@connectrpc/connect';
import { connectNodeAdapter } from '@connectrpc/connect-node';
import { ErrorInfoSchema } from '@plataforma/contratos/google/rpc/error_details_pb';

/** One request, as it came. */
export interface Seen {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Takes a request in the place of the routes; false lets them have it. */
type Gateway = (request: IncomingMessage, response: ServerResponse, seen: Seen) => boolean;

/** A platform that answers what a spec says, over real HTTP. */
export class ScriptedPlatform {
  readonly url: string;
  readonly seen: Seen[] = [];
  /** What a gateway in front of the services does by itself. */
  gateway: Gateway = () => false;
  readonly #server: ReturnType<typeof createServer>;

  private constructor(server: ReturnType<typeof createServer>) {
    this.#server = server;
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  static async start(routes: (router: ConnectRouter) => void): Promise<ScriptedPlatform> {
    const handle = connectNodeAdapter({ routes });
    const server = createServer((request, response) => {
      const { url: path = '', headers } = request;
      if (path.startsWith('/api/')) {
        request.setEncoding('utf8');
        let body = '';
        request.on('data', (chunk) => (body += chunk));
        request.on('end', () => platform.#take({ path, headers, body }, request, response));
      } else if (!platform.#take({ path, headers, body: '' }, request, response)) handle(request, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const platform = new ScriptedPlatform(server);
    return platform;
  }

  /** Forgets what it has seen, and what its gateway was told. */
  reset(): void {
    this.seen.length = 0;
    this.gateway = () => false;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, 'close');
  }

  #take(seen: Seen, request: IncomingMessage, response: ServerResponse): boolean {
    this.seen.push(seen);
    return this.gateway(request, response, seen);
  }
}

/** A refusal as services send it. */
export function refusal(code: Code, reason: string, headers: Record<string, string> = {}): ConnectError {
  const value = { reason, domain: 'plataforma.reservas' };
  const facts = fromJson(StructSchema, { alternativas: [{ dataInicio: '2027-03-02T15:00:00Z' }] });
  return new ConnectError('Este horário não está livre.', code, { 'x-erro-codigo': reason, ...headers }, [
    { desc: ErrorInfoSchema, value },
    { desc: StructSchema, value: facts },
  ]);
}

/** A refusal by JSON, as a gateway answers it. */
export function answerJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): true {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  return true;
}
