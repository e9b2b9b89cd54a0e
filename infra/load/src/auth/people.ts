import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { UsersService } from '@plataforma/contratos/auth/v1/users_service_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { Client } from 'pg';
import type { AuthAlone } from './auth-alone.ts';

const PASSWORD = 'Senha@123';
/** So many that nobody gets more sessions than a person may have, of which the oldest would be ended at each login. */
const PEOPLE = 500;
/** Networks that they call from. */
const ADDRESSES = 250;

/** A session as its owner holds it: both tokens are replaced when it is renewed. */
export interface HeldSession {
  accessToken: string;
  refreshToken: string;
}

/** Sessions of which each is renewed by one call at a time: its owner waits for the answer, and its token is good once. */
export class Renewals {
  readonly #people: People;
  readonly #free: HeldSession[];

  constructor(people: People, sessions: readonly HeldSession[]) {
    this.#people = people;
    this.#free = [...sessions];
  }

  /** Renews the one that has waited longest. */
  async next(): Promise<void> {
    const session = this.#free.shift();
    if (session === undefined) throw new Error('every session is being renewed: the rate is beyond reach');
    await this.#people.refresh(session);
    this.#free.push(session);
  }
}

/** People with an account whose address is verified, and what they ask auth for. */
export class People {
  readonly #auth;
  readonly #users;
  #logins = 0;

  private constructor({ address }: AuthAlone) {
    // No call is made twice: a retry would be counted as one slow call.
    const options = { address, timeoutMs: 20_000, retry: { maxAttempts: 1 } };
    this.#auth = createGrpcClient(AuthService, options);
    this.#users = createGrpcClient(UsersService, options);
  }

  static async of(alone: AuthAlone): Promise<People> {
    const people = new People(alone);
    await people.#auth.signup({ nome: 'Bia Lima', email: emailOf(0), password: PASSWORD });
    await multiply(alone.databaseUrl);
    return people;
  }

  /** Another connection of the same people: answers to one do not wait behind those to the other. */
  beside(alone: AuthAlone): People {
    const people = new People(alone);
    people.#logins = this.#logins;
    return people;
  }

  /** The next person logs in, from the next network. */
  async login(): Promise<HeldSession> {
    const n = this.#logins++;
    const { accessToken, refreshToken } = await this.#auth.login(
      { email: emailOf(n % PEOPLE), password: PASSWORD },
      { headers: { 'x-forwarded-for': addressOf(n) } },
    );
    return { accessToken, refreshToken };
  }

  async getMe({ accessToken }: HeldSession): Promise<void> {
    await this.#users.getMe({}, bearer(accessToken));
  }

  async listSessions({ accessToken }: HeldSession): Promise<void> {
    await this.#auth.listSessions({}, bearer(accessToken));
  }

  async refresh(session: HeldSession): Promise<void> {
    const { accessToken, refreshToken } = await this.#auth.refresh({ refreshToken: session.refreshToken });
    Object.assign(session, { accessToken, refreshToken });
  }

  close(): void {
    this.#auth.close();
    this.#users.close();
  }
}

const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } });
const emailOf = (n: number) => `bia${n}@exemplo.com`;
const addressOf = (n: number) => `198.18.${n % ADDRESSES}.1`;

/**
 * Takes the address of the one account for verified, as the mail of a benchmark is not read, and makes the others by it: with
 * the same hash, which takes as long to compare as one of their own.
 */
async function multiply(databaseUrl: string): Promise<void> {
  const client = new Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('update usuarios set email_verificado = true');
    await client.query(
      `insert into usuarios (id, nome, email, email_verificado, senha_hash, papeis, ativo, versao, criado_em, atualizado_em)
       select 'cli_bench' || n, nome, 'bia' || n || '@exemplo.com', true, senha_hash, papeis, ativo, versao, criado_em,
         atualizado_em
       from usuarios, generate_series(1, $1::int) n`,
      [PEOPLE - 1],
    );
    await client.query('analyze usuarios');
  } finally {
    await client.end();
  }
}
