import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { freePorts } from '@plataforma/dev/stack/ports';
import { ADMIN_EMAIL } from '@plataforma/dev/stack/service-env';
import { type Stack, startStack } from '@plataforma/dev/stack/stack';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { removePostgresData } from '@plataforma/testing/servers/postgres';
import { Client } from 'pg';
import { makeSpaces } from '../spaces.ts';

const SPACES = 200;
const KNOWN_WITHIN_MS = 30_000;

type AuthClient = Pick<ReturnType<typeof createGrpcClient<typeof AuthService>>, 'signup' | 'login'>;

/** The whole platform on this machine, with spaces to book. */
export interface SagaPlatform {
  readonly stack: Stack;
  readonly nats: NatsConnection;
  readonly reservasAddress: string;
  readonly spaces: readonly string[];
  /** New customers with a verified address: the authorization of each, good for ten minutes. */
  addCustomers(count: number): Promise<string[]>;
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
  const { accessToken } = await auth.login({ email: ADMIN_EMAIL, password: stack.secrets.adminPassword });
  const reservasAddress = `127.0.0.1:${stack.ports.RESERVAS_GRPC_PORT}`;
  return {
    stack,
    nats,
    reservasAddress,
    spaces: await makeSpaces(reservasAddress, `Bearer ${accessToken}`, SPACES),
    addCustomers: (count) => addCustomers(auth, stack.databases, count),
    stop: async () => {
      auth.close();
      await nats.close();
      await stack.stop();
      await removePostgresData(join(dataDir, 'postgres'));
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Signs people up, a few at a time, and takes their addresses for verified: the mail of a benchmark is not read. */
async function addCustomers(auth: AuthClient, { notificacoes }: Stack['databases'], count: number) {
  const people = Array.from({ length: count }, () => {
    return { nome: 'Bia Lima', email: `${randomUUID()}@exemplo.com`, password: 'Senha@123' };
  });
  const tokens: string[] = [];
  const left = people.values();
  const signUp = async () => {
    for (const { nome, email, password } of left) {
      await auth.signup({ nome, email, password });
      tokens.push(`Bearer ${(await auth.login({ email, password })).accessToken}`);
    }
  };
  await Promise.all([signUp(), signUp(), signUp(), signUp()]);
  await verify(
    notificacoes,
    people.map(({ email }) => email),
  );
  return tokens;
}

/** As soon as notificacoes has heard of them. */
async function verify(databaseUrl: string, emails: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  const sql = 'update contatos set email_verificado = true where email = any($1)';
  try {
    for (const deadline = performance.now() + KNOWN_WITHIN_MS; ; await sleep(200)) {
      const { rowCount } = await client.query(sql, [emails]);
      if (rowCount === emails.length) return;
      if (performance.now() > deadline) throw new Error(`notificacoes knows ${rowCount} of ${emails.length}`);
    }
  } finally {
    await client.end();
  }
}
