import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '@plataforma/domain/clock';
import { MAX_TOKEN_SECONDS } from '@plataforma/runtime/jwt';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import jwt from 'jsonwebtoken';
import type { DataSource, EntityManager } from 'typeorm';
import type { Selos } from '../../selos/infrastructure/selos.ts';
import type { ChavesRepository, PublicKeys, SigningKey } from '../application/ports.ts';
import type { Chave, Chaves } from '../domain/rotacao.ts';
import { TRUSTED_MS } from './signing-keys.ts';

interface KeyRow {
  readonly kid: string;
  readonly publica: JWK;
  readonly privada_cifrada: Buffer;
}

type Estado = 'PROXIMA' | 'ATIVA';

const MODULUS_BITS = 2048;
// Any constant will do as long as nothing else in the database uses it.
const KEYS_LOCK = 7_301_101;
/** For two clocks that differ. */
const MARGIN_MS = 60_000;
/** When no token that a retired key signed can be alive: signed by the last process that trusted it, at the last moment. */
const PUBLISHED_AFTER_MS = TRUSTED_MS + MAX_TOKEN_SECONDS * 1_000 + MARGIN_MS;

/** RSA keys of auth: kept in its database, the private halves encrypted. */
export class PostgresChavesRepository implements ChavesRepository, PublicKeys {
  readonly #dataSource: DataSource;
  readonly #clock: Clock;
  readonly #selos: Selos;

  constructor(options: { dataSource: DataSource; clock: Clock; selos: Selos }) {
    this.#dataSource = options.dataSource;
    this.#clock = options.clock;
    this.#selos = options.selos;
  }

  /** The public keys whose tokens may still be alive, and the one that signs next, as a JWK set (RFC 7517). */
  async publicKeys(): Promise<{ keys: JWK[] }> {
    const rows: KeyRow[] = await this.#dataSource.query(
      'select kid, publica from chaves_assinatura where coalesce(aposentada_em > $1, true) order by criada_em desc',
      [this.#endOfPublication()],
    );
    return { keys: rows.map(({ kid, publica }) => ({ ...publica, kid, alg: 'RS256', use: 'sig' })) };
  }

  async emUso(): Promise<Chaves> {
    const rows: Array<{ kid: string; estado: Estado; criadoEm: Date }> = await this.#dataSource.query(
      `select kid, estado, criada_em as "criadoEm" from chaves_assinatura where estado <> 'APOSENTADA'`,
    );
    const [ativa, proxima] = (['ATIVA', 'PROXIMA'] as const).map((of) => {
      const row = rows.find(({ estado }) => estado === of);
      return row && { kid: row.kid, criadoEm: row.criadoEm };
    });
    return { ativa, proxima };
  }

  async ativa(): Promise<SigningKey> {
    const row = await find(this.#dataSource.manager, 'ATIVA');
    return this.#opened(row ?? (await this.#alone((manager) => this.#findOrCreate(manager, 'ATIVA'))));
  }

  async proxima(kid: string): Promise<SigningKey | undefined> {
    const row = await find(this.#dataSource.manager, 'PROXIMA');
    return row?.kid === kid ? this.#opened(row) : undefined;
  }

  criarProxima(): Promise<Chave> {
    return this.#alone((manager) => this.#findOrCreate(manager, 'PROXIMA'));
  }

  ativar(kid: string): Promise<void> {
    return this.#alone(async (manager) => {
      // Another replica may have done it, or taken the key back.
      if ((await find(manager, 'PROXIMA'))?.kid !== kid) return;
      await manager.query(`update chaves_assinatura set estado = 'APOSENTADA' where estado = 'ATIVA'`);
      await manager.query(`update chaves_assinatura set estado = 'ATIVA' where kid = $1`, [kid]);
    });
  }

  recolherTodas(): Promise<Chave> {
    return this.#alone(async (manager) => {
      await manager.query('delete from chaves_assinatura');
      return this.#findOrCreate(manager, 'ATIVA');
    });
  }

  async esquecerVencidas(): Promise<number> {
    const [, forgotten]: [unknown, number] = await this.#dataSource.query(
      'delete from chaves_assinatura where aposentada_em <= $1',
      [this.#endOfPublication()],
    );
    return forgotten;
  }

  #endOfPublication(): Date {
    return new Date(this.#clock.now().getTime() - PUBLISHED_AFTER_MS);
  }

  #alone<T>(change: (manager: EntityManager) => Promise<T>): Promise<T> {
    return this.#dataSource.transaction(async (manager) => {
      await manager.query('select pg_advisory_xact_lock($1)', [KEYS_LOCK]);
      return change(manager);
    });
  }

  async #findOrCreate(manager: EntityManager, estado: Estado): Promise<KeyRow & Chave> {
    const found = await find(manager, estado);
    if (found) return found;
    const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
      modulusLength: MODULUS_BITS,
    });
    const publica = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(publica);
    const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
    const privada = this.#selos.seal(pkcs8, kid);
    const criadoEm = this.#clock.now();
    await manager.query(
      'insert into chaves_assinatura (kid, publica, privada_cifrada, estado, criada_em) values ($1, $2, $3, $4, $5)',
      [kid, JSON.stringify(publica), privada, estado, criadoEm],
    );
    return { kid, publica, privada_cifrada: privada, criadoEm };
  }

  #opened({ kid, privada_cifrada }: KeyRow): SigningKey {
    const pkcs8 = this.#selos.open(privada_cifrada, kid);
    return signingKey(kid, createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }));
  }
}

/** Signs by RS256, with `typ` and `kid`. */
function signingKey(kid: string, privateKey: KeyObject): SigningKey {
  const sign = (typ: string, payload: object, noTimestamp = false) =>
    jwt.sign(payload, privateKey, { algorithm: 'RS256', header: { alg: 'RS256', typ, kid }, noTimestamp });
  return {
    kid,
    sign: (claims) => sign('at+jwt', claims),
    signStatement: (typ, statement) => sign(typ, statement, true),
  };
}

async function find(manager: EntityManager, estado: Estado): Promise<(KeyRow & Chave) | undefined> {
  const rows: Array<KeyRow & Chave> = await manager.query(
    'select kid, publica, privada_cifrada, criada_em as "criadoEm" from chaves_assinatura where estado = $1',
    [estado],
  );
  return rows[0];
}
