import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { Clock } from '@plataforma/domain/clock';
import { MAX_TOKEN_SECONDS } from '@plataforma/runtime/jwt';
import type { Logger } from '@plataforma/runtime/logger';
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
/** A key that was taken back stops signing after so long, in every process that can read the database. */
const LOOK_AGAIN_MS = 60_000;
/** A process that cannot read it goes on with the key it knows for so long, and then signs nothing any more. */
const TRUSTED_MS = 10 * 60_000;
/** For two clocks that differ. */
const MARGIN_MS = 60_000;
/** When no token that it signed can be alive: signed by the last process that trusted it, at the last moment. */
const PUBLISHED_AFTER_MS = TRUSTED_MS + MAX_TOKEN_SECONDS * 1_000 + MARGIN_MS;

/** RSA keys of auth: kept in its database, the private halves encrypted. */
export class SigningKeys {
  readonly #dataSource: DataSource;
  readonly #clock: Clock;
  readonly #encryptionKey: Buffer;
  readonly #logger: Pick<Logger, 'warn'>;
  #known: { readonly key: ActiveKey; readonly at: number } | undefined;
  #looking: Promise<ActiveKey> | undefined;

  /** @param options.encryptionKey 32 bytes. */
  constructor(options: {
    dataSource: DataSource;
    clock: Clock;
    encryptionKey: Buffer;
    logger: Pick<Logger, 'warn'>;
  }) {
    this.#dataSource = options.dataSource;
    this.#clock = options.clock;
    this.#encryptionKey = options.encryptionKey;
    this.#logger = options.logger;
  }

  /**
   * The key that signs; made when there is none, once, however many replicas find out. What was read lately is answered
   * at once, and looked up again beside it.
   */
  async active(): Promise<ActiveKey> {
    const age = this.#known ? this.#clock.now().getTime() - this.#known.at : Number.POSITIVE_INFINITY;
    if (this.#known === undefined || age >= TRUSTED_MS) return this.#look();
    if (age >= LOOK_AGAIN_MS)
      this.#look().catch((err: unknown) =>
        this.#logger.warn({ err }, 'the signing key could not be looked up'),
      );
    return this.#known.key;
  }

  /** The public keys whose tokens may still be alive, as a JWK set (RFC 7517). */
  async publicKeys(): Promise<{ keys: JWK[] }> {
    const since = new Date(this.#clock.now().getTime() - PUBLISHED_AFTER_MS);
    const rows: KeyRow[] = await this.#dataSource.query(
      'select kid, publica from chaves_assinatura where coalesce(aposentada_em > $1, true) order by criada_em desc',
      [since],
    );
    return { keys: rows.map(({ kid, publica }) => ({ ...publica, kid, alg: 'RS256', use: 'sig' })) };
  }

  /** One at a time. */
  #look(): Promise<ActiveKey> {
    this.#looking ??= this.#read().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #read(): Promise<ActiveKey> {
    const at = this.#clock.now().getTime();
    const row = (await this.#findActive(this.#dataSource.manager)) ?? (await this.#createOnce());
    const pkcs8 = open(this.#encryptionKey, row.privada_cifrada, row.kid);
    const key = { kid: row.kid, privateKey: createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' }) };
    this.#known = { key, at };
    return key;
  }

  #createOnce(): Promise<KeyRow> {
    return this.#dataSource.transaction(async (manager) => {
      await manager.query('select pg_advisory_xact_lock($1)', [KEYS_LOCK]);
      return (await this.#findActive(manager)) ?? (await this.#create(manager));
    });
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
