import { type Client, createClient } from '@connectrpc/connect';
import { createGrpcTransport, Http2SessionManager } from '@connectrpc/connect-node';
import { Health } from '@plataforma/contratos/grpc/health/v1/health_pb';

/** A client of the health of a gRPC listener; it can watch, which the platform's own clients cannot. */
export function healthClient(port: number): Client<typeof Health> & { close(): void } {
  const baseUrl = `http://127.0.0.1:${port}`;
  const sessionManager = new Http2SessionManager(baseUrl);
  const client = createClient(Health, createGrpcTransport({ baseUrl, sessionManager }));
  return Object.assign(client, { close: () => sessionManager.abort() });
}
