import { type CallOptions, type Client, createClient, type ServiceImpl } from '@connectrpc/connect';
import { createConnectTransport } from '@connectrpc/connect-node';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { createGrpcClient } from '../src/grpc/grpc-client.ts';
import { startGrpcServer } from '../src/grpc/grpc-server.ts';
import type { HttpRoute } from '../src/http/http-routes.ts';
import { startHttpServer } from '../src/http/http-server.ts';
import type { IdempotencyKeys } from '../src/idempotency/idempotency-keys.ts';
import { createInterceptors } from '../src/interceptors/interceptors.ts';
import { Health } from '../src/rpc/health.ts';
import { type ListenerLimits, listenerLimits } from '../src/rpc/listener-limits.ts';
import type { Direitos, Repeats, RpcService } from '../src/rpc/rpc.ts';
import { EndedSessions, refusingEnded } from '../src/security/ended-sessions.ts';
import { createTokenVerifier } from '../src/security/jwt.ts';
import { createLogger } from '../src/telemetry/logger.ts';
import { createMetrics, type Metrics } from '../src/telemetry/metrics.ts';
import { type AcessoAoEco, EcoService, ecoService } from './eco-service.ts';

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface ListenersOptions {
  readonly impl?: Partial<ServiceImpl<typeof EcoService>>;
  readonly direitos?: Direitos<typeof EcoService>;
  readonly acesso?: AcessoAoEco;
  readonly repeats?: Repeats<typeof EcoService>;
  /** Services besides. */
  readonly others?: readonly RpcService[];
  readonly defaultTimeoutMs?: number;
  readonly keys?: IdempotencyKeys;
  readonly endedSessions?: EndedSessions;
  readonly routes?: readonly HttpRoute[];
  readonly limits?: ListenerLimits;
  readonly requestTimeoutMs?: number;
  readonly callTimeoutMs?: number;
}

/** Both listeners over one service, on free ports, and a client of each. */
export interface Listeners {
  readonly issuer: TestIssuer;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly grpcPort: number;
  readonly httpPort: number;
  readonly grpc: Client<typeof EcoService> & { close(): void };
  readonly http: Client<typeof EcoService>;
  /** What has been logged so far. */
  readonly logs: LogLine[];
  closeGrpc(): Promise<void>;
  closeHttp(): Promise<void>;
  close(): Promise<void>;
}

export async function startListeners(options: ListenersOptions = {}): Promise<Listeners> {
  const logs: LogLine[] = [];
  const destination = { write: (line: string) => void logs.push(JSON.parse(line)) };
  const logger = createLogger({ service: 'teste', destination });
  const issuer = await createTestIssuer();
  const eco = ecoService(options.impl, options.direitos, options.acesso, options.repeats);
  const services = [eco, ...(options.others ?? [])];
  const health = new Health();
  const metrics = createMetrics('teste');
  const verifier = refusingEnded(createTokenVerifier(issuer), options.endedSessions ?? new EndedSessions());
  const { defaultTimeoutMs = 5_000, keys, routes = [] } = options;
  const chain = { logger, verifier, services, metrics, defaultTimeoutMs };
  const interceptors = createInterceptors({
    ...chain,
    ...(keys && { keys }),
  });
  const common = { host: '127.0.0.1', port: 0, services, interceptors, health, logger };
  const { limits = listenerLimits(), requestTimeoutMs, callTimeoutMs } = options;
  const timeouts = {
    ...(requestTimeoutMs !== undefined && { requestTimeoutMs }),
    ...(callTimeoutMs !== undefined && { callTimeoutMs }),
  };
  const grpcServer = await startGrpcServer({ ...common, reflection: true, metrics, limits, timeouts });
  const httpServer = await startHttpServer({ ...common, metrics, routes, limits, ...timeouts });
  const grpc = createGrpcClient(EcoService, { address: `127.0.0.1:${grpcServer.port}`, timeoutMs: 5_000 });
  const baseUrl = `http://127.0.0.1:${httpServer.port}`;
  const http = createClient(EcoService, createConnectTransport({ baseUrl, httpVersion: '1.1' }));
  health.setServing(true);
  return {
    issuer,
    health,
    metrics,
    grpcPort: grpcServer.port,
    httpPort: httpServer.port,
    grpc,
    http,
    logs,
    closeGrpc: () => grpcServer.close(),
    closeHttp: () => httpServer.close(),
    async close() {
      grpc.close();
      await Promise.all([grpcServer.close(), httpServer.close(), issuer.close()]);
    },
  };
}

/** Call options with a bearer token. */
export function bearer(token: string, headers: Record<string, string> = {}): CallOptions {
  return { headers: { authorization: `Bearer ${token}`, ...headers } };
}
