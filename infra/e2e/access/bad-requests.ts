import { ConnectError } from '@connectrpc/connect';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import type { TestStack } from '../platform/test-stack.ts';

/** What no refusal may say: how the platform is made. */
export const LEAKS = /stack|at \/|node_modules|select |insert |postgres|ECONN|typeorm/i;

/** A full hour, so far from now. */
export function hoursFromNow(hours: number): Date {
  const instant = new Date(Date.now() + hours * 3_600_000);
  instant.setUTCMinutes(0, 0, 0);
  return instant;
}

interface Options {
  readonly body?: string;
  readonly token?: string | undefined;
  readonly key?: string;
}

/**
 * Rows of each table, and their versions: a changed row is another one. Only the relay changes rows of the outbox, and
 * how far numbers have been given out is known in blocks, whatever becomes of the number.
 */
const ROWS = `
  select table_name as tabela, query_to_xml(format('select count(*) as linhas, sum(%s) as versoes from %I',
      case table_name when 'outbox' then '0' else 'xmin::text::bigint' end, table_name), false, true, '')::text as linhas
  from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE' and table_name <> 'limites_de_ids'
  order by 1`;

type Client = ReturnType<typeof createGrpcClient<typeof ReservasService>>;

/** Requests that are to be refused, and what tells whether they have changed anything. */
export function badRequests(platform: TestStack) {
  return {
    async send(method: string, path: string, { body, token, key }: Options = {}) {
      const response = await fetch(platform.edgeUrl + path, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(key === undefined ? {} : { 'idempotency-key': key }),
        },
        ...(body === undefined ? {} : { body }),
        signal: AbortSignal.timeout(10_000),
      });
      const text = await response.text();
      return { status: response.status, text, json: text.startsWith('{') ? JSON.parse(text) : undefined };
    },

    /** Everything that a refused request must not have changed. */
    async writtenRows(): Promise<unknown> {
      return {
        reservas: await platform.query('reservas', ROWS),
        pagamentos: await platform.query('pagamentos', ROWS),
      };
    },

    /** How a call to the gRPC port of reservas fails. */
    async grpc(call: (client: Client) => Promise<unknown>): Promise<ConnectError> {
      const address = `127.0.0.1:${platform.stack.ports.RESERVAS_GRPC_PORT}`;
      const client = createGrpcClient(ReservasService, { address, timeoutMs: 10_000 });
      try {
        return await call(client).then(
          () => {
            throw new Error('the call was expected to fail');
          },
          (reason: unknown) => ConnectError.from(reason),
        );
      } finally {
        client.close();
      }
    },
  };
}
