import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '@plataforma/domain/clock';
import { calculateJwkThumbprint, exportJWK, type JWK } from 'jose';
import type { DataSource, EntityManager } from 'typeorm';
import { open, seal } from './secret-box.ts';

/** The key that signs now. */
export interface ActiveKey {
  readonly kid: string;
  readonly privateKey: KeyObject;
}

interface KeyRow {
  readonly kid: string;
  readonly publica: JWK;
  readonly privada_cifrada: Buffer;
}

const MODULUS_BITS = 2048;
// Any constant will do as long as nothing else in the database uses it.
const KEYS_LOCK = 7_301_101;

/** RSA keys of auth: kept in its database, the private halves encrypted. */
export class SigningKeys {
  readonly #dataSource: DataSource;
  readonly #clock: Clock;
  readonly #encryptionKey: Buffer;

  /** @param options.encryptionKey 32 bytes. */
  constructor(options: { dataSource: DataSource; clock: Clock; encryptionKey: Buffer }) {
    this.#dataSource = options.dataSource;
    this.#clock = options.clock;
    this.#encryptionKey = options.encryptionKey;
  }

  /** The key that signs; made at the first call of an empty installation, once, however many replicas start. */
  async active(): Promise<ActiveKey> {
    return this.#dataSource.transaction(async (manager) => {
      await manager.query('select pg_advisory_xact_lock($1)', [KEYS_LOCK]);
      const row = (await this.#findActive(manager)) ?? (await this.#create(manager));
      const pkcs8 = open(this.#encryptionKey, row.privada_cifrada, row.kid);
      return { kid: row.kid, privateKey: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }) };
    });
  }

  /** The public keys whose tokens may still be in use, as a JWK set (RFC 7517). */
  async publicKeys(): Promise<{ keys: JWK[] }> {
    const rows: KeyRow[] = await this.#dataSource.query(
      'select kid, publica from chaves_assinatura order by criada_em desc',
    );
    return { keys: rows.map(({ kid, publica }) => ({ ...publica, kid, alg: 'RS256', use: 'sig' })) };
  }

  async #findActive(manager: EntityManager): Promise<KeyRow | undefined> {
    const rows: KeyRow[] = await manager.query(`select * from chaves_assinatura where estado = 'ATIVA'`);
    return rows[0];
  }

  async #create(manager: EntityManager): Promise<KeyRow> {
    const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
      modulusLength: MODULUS_BITS,
    });
    const publica = await exportJWK(publicKey);
    const kid = await calculateJwkThumbprint(publica);
    const privada = seal(this.#encryptionKey, privateKey.export({ format: 'der', type: 'pkcs8' }), kid);
    await manager.query(
      `insert into chaves_assinatura (kid, publica, privada_cifrada, estado, criada_em) values ($1, $2, $3, 'ATIVA', $4)`,
      [kid, JSON.stringify(publica), privada, this.#clock.now()],
    );
    return { kid, publica, privada_cifrada: privada };
  }
}
