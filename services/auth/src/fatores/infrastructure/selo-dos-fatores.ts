import type { QueueState, Work } from '@plataforma/domain/work-queue';
import type { Logger } from '@plataforma/runtime/logger';
import type { DataSource } from 'typeorm';
import { type Keys, keyName, openWithAny, seal } from '../../chaves/infrastructure/secret-box.ts';
import { contextOf } from './fatores-repository.ts';

/** Another replica may be at the same row, or its owner may be proving the factor: it is taken the next time. */
const DUE = `
  select id, usuario_id as "usuarioId", segredo_cifrado as "segredoCifrado" from fatores
  where selado_com is distinct from $1 and not (id = any($2::uuid[]))
  order by id limit $3 for update skip locked`;

const SEAL = 'update fatores set segredo_cifrado = $2, selado_com = $3 where id = $1';

const STATE = `
  select min(criado_em) as desde from fatores
  where selado_com is distinct from $1 and not (id = any($2::uuid[]))`;

interface Row {
  readonly id: string;
  readonly usuarioId: string;
  readonly segredoCifrado: Buffer;
}

/**
 * Seals the secrets of apps anew under the present key, so that the one before can be forgotten. A secret that no key opens
 * is left as it is and told once: its owner gets in by a recovery code.
 */
export class SeloDosFatores {
  readonly #dataSource: DataSource;
  readonly #keys: Keys;
  readonly #logger: Pick<Logger, 'error'>;
  readonly #unreadable = new Set<string>();

  /** @param deps.keys the first one seals, all of them open */
  constructor(deps: { dataSource: DataSource; keys: Keys; logger: Pick<Logger, 'error'> }) {
    this.#dataSource = deps.dataSource;
    this.#keys = deps.keys;
    this.#logger = deps.logger;
  }

  readonly work: Work = (limit) =>
    this.#dataSource.transaction(async (manager) => {
      const name = keyName(this.#keys[0]);
      const rows: Row[] = await manager.query(DUE, [name, [...this.#unreadable], limit]);
      for (const row of rows) {
        const segredo = this.#opened(row);
        if (segredo === undefined) continue;
        await manager.query(SEAL, [row.id, seal(this.#keys[0], segredo, contextOf(row)), name]);
      }
      return rows.length;
    });

  /** What operators wait for before they forget the key of before: nothing due, and none given up. */
  readonly state = async (): Promise<QueueState> => {
    const [{ desde }]: [{ desde: Date | null }] = await this.#dataSource.query(STATE, [
      keyName(this.#keys[0]),
      [...this.#unreadable],
    ]);
    return { dueSince: desde ?? undefined, putOff: 0, dead: this.#unreadable.size };
  };

  #opened(row: Row): Buffer | undefined {
    try {
      return openWithAny(this.#keys, row.segredoCifrado, contextOf(row));
    } catch (err) {
      this.#unreadable.add(row.id);
      this.#logger.error({ err, fator: row.id }, 'the secret of an authenticator app cannot be read');
      return undefined;
    }
  }
}
