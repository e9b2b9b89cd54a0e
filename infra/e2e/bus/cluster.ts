import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { freePorts, type StackPorts } from '@plataforma/dev/stack/ports';
import { startNodeProcess } from '@plataforma/dev/stack/processes/node-process';
import type { Restartable } from '@plataforma/dev/stack/processes/restartable';
import { portsOf, serviceEnv } from '@plataforma/dev/stack/service-env';
import type { Fontes } from '../livros/livros.ts';
import { SERVICOS, type Servico } from '../torturador/bancada.ts';
import { Linha } from './linha.ts';
import { Pilha, type PorServico, type Servidores, subirServidores } from './servidores.ts';
import { Vigia } from './vigia.ts';

/** One process of a service. */
export interface Replica {
  readonly nome: string;
  readonly servico: Servico;
  readonly linha: Linha;
  readonly processo: Restartable;
  readonly grpc: string;
  readonly http: string;
  /** How far its clock is ahead of true time. */
  readonly adiantadaMs: number;
  /** Calls of people that it has not answered. */
  chamadas: number;
  /** About to be stopped, or stopped: people do not call it. */
  emPartida: boolean;
  /** Stopped by a signal: it holds what it holds and does nothing. */
  congelada: boolean;
}

/** Clocks of the two replicas of each service, in milliseconds ahead of true time. */
export type Relogios = PorServico<readonly [number, number]>;

/** What is written first where an event has an effect. */
const TRANCAS: PorServico<string> = {
  ...{ reservas: 'inbox', pagamentos: 'eventos_pagamento', notificacoes: 'inbox' },
};

const RELOGIO = new URL('./relogio.ts', import.meta.url).href;

/**
 * Two processes of each service of the money flow over one PostgreSQL, Redis, NATS, SMTP server and Stripe stand-in, each
 * process with a clock and a line to NATS of its own.
 */
export class Barramento implements Fontes {
  readonly vigia: Vigia;
  readonly replicas: readonly Replica[];
  readonly servidores: Servidores;
  readonly #pilha: Pilha;

  private constructor(pilha: Pilha, servidores: Servidores, vigia: Vigia, replicas: readonly Replica[]) {
    this.#pilha = pilha;
    this.servidores = servidores;
    this.vigia = vigia;
    this.replicas = replicas;
  }

  static async montar(relogios: Relogios): Promise<Barramento> {
    const pilha = new Pilha();
    const vigia = new Vigia();
    try {
      const servidores = await subirServidores(pilha);
      const portas = [await freePorts(), await freePorts()] as const;
      const replicas = await Promise.all(
        SERVICOS.flatMap((servico) =>
          ([0, 1] as const).map(async (qual) => {
            const nome = `${servico}-${qual}`;
            const linha = await Linha.abrir(nome, servidores.nats.server.port, vigia);
            pilha.por(linha, (uma) => uma.fechar());
            const lugar = { nome, servico, portas, qual, linha, adiantadaMs: relogios[servico][qual] };
            const replica = await subirReplica(servidores, lugar);
            return pilha.por(replica, ({ processo }) => processo.stop());
          }),
        ),
      );
      return new Barramento(pilha, servidores, vigia, replicas);
    } catch (error) {
      await pilha.desfazer();
      throw error;
    }
  }

  async desmontar(): Promise<void> {
    for (const replica of this.replicas) this.descongelar(replica);
    await Promise.all(this.replicas.map(({ processo }) => processo.stop()));
    await this.#pilha.desfazer();
  }

  query: Fontes['query'] = (servico, sql, valores) => this.servidores.bancos[servico].query(sql, valores);

  ledger: Fontes['ledger'] = async () => this.servidores.stripe.control.ledger();

  emails: Fontes['emails'] = async () => this.servidores.inbox.ids;

  /** Replicas of a service that people can call. */
  vivas(servico: Servico): Replica[] {
    return this.replicas.filter((replica) => replica.servico === servico && !replica.emPartida);
  }

  /** Until it is opened again, what comes by the bus to this service can be begun, and not be finished. */
  async trancar(servico: Servico): Promise<() => Promise<void>> {
    const sql = this.servidores.bancos[servico].createQueryRunner();
    const abrir = async () => {
      await sql.query('rollback');
      await sql.release();
    };
    await sql.query('begin');
    // A replica that is frozen in the middle of its work keeps it from being locked, and everybody else, too.
    await sql.query(`lock table ${TRANCAS[servico]} in share mode`).catch(() => {});
    return abrir;
  }

  /** @param ms for so long at most, also when the proof itself is killed meanwhile */
  congelar(replica: Replica, ms: number): void {
    const { pid } = replica.processo.server;
    replica.congelada = true;
    process.kill(pid, 'SIGSTOP');
    const comando = `sleep ${Math.ceil(ms / 1_000) + 1}; kill -CONT ${pid}`;
    spawn('sh', ['-c', comando], { detached: true, stdio: 'ignore' }).unref();
  }

  descongelar(replica: Replica): void {
    if (!replica.congelada) return;
    process.kill(replica.processo.server.pid, 'SIGCONT');
    replica.congelada = false;
  }
}

interface Lugar extends Pick<Replica, 'nome' | 'servico' | 'linha' | 'adiantadaMs'> {
  /** Those of all replicas. */
  readonly portas: readonly [StackPorts, StackPorts];
  readonly qual: 0 | 1;
}

async function subirReplica(servidores: Servidores, lugar: Lugar): Promise<Replica> {
  const { nome, servico, linha, adiantadaMs, portas, qual } = lugar;
  const { secrets, issuer, urls, redis, auth, stripe, inbox, pasta } = servidores;
  const ports: StackPorts = {
    ...portas[qual],
    AUTH_GRPC_PORT: Number(auth.address.split(':')[1]),
    STRIPE_PORT: stripe.port,
    MAIL_SMTP_PORT: Number(new URL(inbox.url).port),
  };
  const around = {
    ...{ ports, secrets, databases: { ...urls, auth: '' }, redisUrl: redis.url, natsUrl: linha.url },
    ...{ stripeSecretKey: undefined, logLevel: 'warn' },
  };
  const pagamentos = portas.map(({ PAGAMENTOS_GRPC_PORT }) => `127.0.0.1:${PAGAMENTOS_GRPC_PORT}`);
  const { grpc, http } = portsOf(servico, ports);
  const processo = await startNodeProcess({
    name: nome,
    args: ['--import', RELOGIO, `services/${servico}/src/main.ts`],
    env: {
      ...serviceEnv(servico, around, { PATH: process.env.PATH }),
      ...{ JWKS_URL: issuer.jwksUrl, JWT_ISSUER: issuer.issuer, JWT_AUDIENCE: issuer.audience },
      ...(servico === 'reservas' && { PAGAMENTOS_GRPC_ADDRESS: `ipv4:${pagamentos.join(',')}` }),
      // The six of them share what PostgreSQL takes.
      DATABASE_POOL_SIZE: '6',
      RELOGIO_ADIANTADO_MS: `${adiantadaMs}`,
    },
    ports: [grpc, http],
    readyUrl: `http://127.0.0.1:${http}/readyz`,
    logFile: join(process.env.BARRAMENTO_LOGS || pasta, `${nome}.log`),
  });
  const enderecos = { grpc: `127.0.0.1:${grpc}`, http: `http://127.0.0.1:${http}` };
  const estado = { chamadas: 0, emPartida: false, congelada: false };
  return { nome, servico, linha, processo, adiantadaMs, ...enderecos, ...estado };
}
