import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePorts, type StackPorts } from '@plataforma/dev/stack/ports';
import { startNodeProcess } from '@plataforma/dev/stack/processes/node-process';
import type { Restartable } from '@plataforma/dev/stack/processes/restartable';
import { portsOf, serviceEnv } from '@plataforma/dev/stack/service-env';
import type { Sources } from '../books/books.ts';
import { SERVICES, type Service } from '../torturer/rig.ts';
import { Line } from './line.ts';
import { type PerService, type Servers, Stack, startServers } from './servers.ts';
import { Watcher } from './watcher.ts';

/** One process of a service. */
export interface Replica {
  readonly name: string;
  readonly service: Service;
  readonly line: Line;
  readonly instance: Restartable;
  readonly grpc: string;
  readonly http: string;
  /** How far its clock is ahead of true time. */
  readonly aheadMs: number;
  /** Calls of people that it has not answered. */
  calls: number;
  /** About to be stopped, or stopped: people do not call it. */
  leaving: boolean;
  /** Stopped by a signal: it holds what it holds and does nothing. */
  frozen: boolean;
}

/** Clocks of the two replicas of each service, in milliseconds ahead of true time. */
export type Clocks = PerService<readonly [number, number]>;

/** What is written first where an event has an effect. */
const LOCKED_TABLES: PerService<string> = {
  ...{ reservas: 'inbox', pagamentos: 'eventos_pagamento', notificacoes: 'inbox' },
};

const CLOCK = new URL('./clock.ts', import.meta.url).href;

/**
 * Two processes of each service of the money flow over one PostgreSQL, Redis, NATS, SMTP server and Stripe stand-in, each
 * process with a clock and a line to NATS of its own.
 */
export class Cluster implements Sources {
  readonly watcher: Watcher;
  readonly replicas: readonly Replica[];
  readonly servers: Servers;
  readonly #stack: Stack;

  private constructor(stack: Stack, servers: Servers, watcher: Watcher, replicas: readonly Replica[]) {
    this.#stack = stack;
    this.servers = servers;
    this.watcher = watcher;
    this.replicas = replicas;
  }

  static async setUp(clocks: Clocks): Promise<Cluster> {
    const stack = new Stack();
    const watcher = new Watcher();
    try {
      const servers = await startServers(stack);
      const allPorts = [await freePorts(), await freePorts()] as const;
      const replicas = await Promise.all(
        SERVICES.flatMap((service) =>
          ([0, 1] as const).map(async (which) => {
            const name = `${service}-${which}`;
            const line = await Line.open(name, servers.nats.server.port, watcher);
            stack.put(line, (one) => one.close());
            const place = { name, service, allPorts, which, line, aheadMs: clocks[service][which] };
            const replica = await startReplica(servers, place);
            return stack.put(replica, ({ instance }) => instance.stop());
          }),
        ),
      );
      return new Cluster(stack, servers, watcher, replicas);
    } catch (error) {
      await stack.undo();
      throw error;
    }
  }

  async tearDown(): Promise<void> {
    for (const replica of this.replicas) this.thaw(replica);
    await Promise.all(this.replicas.map(({ instance }) => instance.stop()));
    await this.#stack.undo();
  }

  query: Sources['query'] = (service, sql, values) => this.servers.databases[service].query(sql, values);

  ledger: Sources['ledger'] = async () => this.servers.stripe.control.ledger();

  emails: Sources['emails'] = async () => this.servers.inbox.ids;

  /** Replicas of a service that people can call. */
  reachable(service: Service): Replica[] {
    return this.replicas.filter((replica) => replica.service === service && !replica.leaving);
  }

  /** Until it is opened again, what comes by the bus to this service can be begun, and not be finished. */
  async lock(service: Service): Promise<() => Promise<void>> {
    const sql = this.servers.databases[service].createQueryRunner();
    const unlock = async () => {
      await sql.query('rollback');
      await sql.release();
    };
    await sql.query('begin');
    // A replica that is frozen in the middle of its work keeps it from being locked, and everybody else, too.
    await sql.query(`lock table ${LOCKED_TABLES[service]} in share mode`).catch(() => {});
    return unlock;
  }

  /** @param ms for so long at most, also when the proof itself is killed meanwhile */
  freeze(replica: Replica, ms: number): void {
    const { pid } = replica.instance.server;
    replica.frozen = true;
    process.kill(pid, 'SIGSTOP');
    const command = `sleep ${Math.ceil(ms / 1_000) + 1}; kill -CONT ${pid}`;
    spawn('sh', ['-c', command], { detached: true, stdio: 'ignore' }).unref();
  }

  thaw(replica: Replica): void {
    if (!replica.frozen) return;
    process.kill(replica.instance.server.pid, 'SIGCONT');
    replica.frozen = false;
  }
}

interface Place extends Pick<Replica, 'name' | 'service' | 'line' | 'aheadMs'> {
  /** Those of all replicas. */
  readonly allPorts: readonly [StackPorts, StackPorts];
  readonly which: 0 | 1;
}

async function startReplica(servers: Servers, place: Place): Promise<Replica> {
  const { name, service, line, aheadMs, allPorts, which } = place;
  const { secrets, issuer, urls, redis, auth, stripe, inbox, folder } = servers;
  const ports: StackPorts = {
    ...allPorts[which],
    AUTH_GRPC_PORT: Number(auth.address.split(':')[1]),
    STRIPE_PORT: stripe.port,
    MAIL_SMTP_PORT: Number(new URL(inbox.url).port),
  };
  const around = {
    ...{ ports, secrets, databases: { ...urls, auth: '' }, redisUrl: redis.url, natsUrl: line.url },
    ...{ stripeSecretKey: undefined, logLevel: 'warn' },
  };
  const pagamentos = allPorts.map(({ PAGAMENTOS_GRPC_PORT }) => `127.0.0.1:${PAGAMENTOS_GRPC_PORT}`);
  const { grpc, http } = portsOf(service, ports);
  const instance = await startNodeProcess({
    name,
    args: ['--import', CLOCK, `services/${service}/src/main.ts`],
    env: {
      ...serviceEnv(service, around, { PATH: process.env.PATH }),
      ...{ JWKS_URL: issuer.jwksUrl, JWT_ISSUER: issuer.issuer, JWT_AUDIENCE: issuer.audience },
      ...(service === 'reservas' && { PAGAMENTOS_GRPC_ADDRESS: `ipv4:${pagamentos.join(',')}` }),
      // The six of them share what PostgreSQL takes.
      DATABASE_POOL_SIZE: '6',
      CLOCK_AHEAD_MS: `${aheadMs}`,
    },
    ports: [grpc, http],
    readyUrl: `http://127.0.0.1:${http}/readyz`,
    logFile: join(process.env.BUS_LOGS || folder, `${name}.log`),
  });
  const addresses = { grpc: `127.0.0.1:${grpc}`, http: `http://127.0.0.1:${http}` };
  const state = { calls: 0, leaving: false, frozen: false };
  return { name, service, line, instance, aheadMs, ...addresses, ...state };
}
