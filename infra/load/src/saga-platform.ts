import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { EspacosService } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { freePorts } from '@plataforma/dev/stack/ports';
import { ADMIN_EMAIL } from '@plataforma/dev/stack/service-env';
import { type Stack, startStack } from '@plataforma/dev/stack/stack';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { removePostgresData } from '@plataforma/testing/servers/postgres';
import { Client } from 'pg';

const SPACES = 200;

/** The whole platform on this machine, with spaces to book and an admin who books for customers. */
export interface SagaPlatform {
  readonly stack: Stack;
  readonly nats: NatsConnection;
  readonly reservasAddress: string;
  readonly spaces: readonly string[];
  /** Value of the authorization header. Asked for again, it is fresh again. */
  authorization(): Promise<string>;
  /** Customers with an account and an e-mail address, known to reservas and notificacoes: nobody else asks for them. */
  addCustomers(ids: readonly string[]): Promise<void>;
  stop(): Promise<void>;
}

export async function startSagaPlatform(): Promise<SagaPlatform> {
  const dataDir = await mkdtemp(join(tmpdir(), 'plataforma-bench-'));
  const { STRIPE_SECRET_KEY: _, ...env } = process.env;
  const stack = await startStack({
    dataDir,
    ports: await freePorts(),
    env: { LOG_LEVEL: 'warn', ...env },
    durable: true,
  });
  const nats = await connect({ servers: stack.natsUrl, name: 'bench' });
  const auth = createGrpcClient(AuthService, {
    address: `127.0.0.1:${stack.ports.AUTH_GRPC_PORT}`,
    timeoutMs: 10_000,
  });
  const authorization = async () => {
    const { accessToken } = await auth.login({ email: ADMIN_EMAIL, password: stack.secrets.adminPassword });
    return `Bearer ${accessToken}`;
  };
  const reservasAddress = `127.0.0.1:${stack.ports.RESERVAS_GRPC_PORT}`;
  return {
    stack,
    nats,
    reservasAddress,
    spaces: await makeSpaces(reservasAddress, await authorization()),
    authorization,
    addCustomers: (ids) => addCustomers(stack.databases, ids),
    stop: async () => {
      auth.close();
      await nats.close();
      await stack.stop();
      await removePostgresData(join(dataDir, 'postgres'));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function makeSpaces(address: string, authorization: string): Promise<string[]> {
  const espacos = createGrpcClient(EspacosService, { address, timeoutMs: 30_000 });
  const ids: string[] = [];
  for (let n = 0; n < SPACES; n++) {
    const request = {
      nome: `Sala ${n}`,
      tipo: TipoEspaco.SALA_REUNIAO,
      capacidade: 10,
      precoPorHora: { centavos: 10_000n, moeda: 'BRL' },
    };
    ids.push((await espacos.criarEspaco(request, { headers: { authorization } })).id);
  }
  espacos.close();
  return ids;
}

/** As the services would have it from auth: somebody to book for, and an address to write to. */
async function addCustomers({ reservas, notificacoes }: Stack['databases'], ids: readonly string[]) {
  await insert(
    reservas,
    'insert into contas (usuario_id, versao, ativa) select id, 1, true from unnest($1::text[]) as id',
    ids,
  );
  await insert(
    notificacoes,
    `insert into contatos (usuario_id, nome, email, versao, atualizado_em, email_verificado)
     select id, 'Bia Lima', id || '@exemplo.com', 1, now(), true from unnest($1::text[]) as id`,
    ids,
  );
}

async function insert(databaseUrl: string, sql: string, ids: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(sql, [ids]);
  } finally {
    await client.end();
  }
}
