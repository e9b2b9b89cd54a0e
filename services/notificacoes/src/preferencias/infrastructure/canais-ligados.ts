import type { Sql } from '@plataforma/runtime/transaction';
import type { CanaisLigados } from '../../mensagens/application/ports.ts';
import type { OutroCanal } from '../../mensagens/domain/canais.ts';
import { PREFERENCIAS_INICIAIS } from '../domain/preferencias.ts';

const CHOSEN = 'select sms, push from preferencias where cliente_id = $1';

/** What people have switched on, of the channels that are configured. */
export class PostgresCanaisLigados implements CanaisLigados {
  readonly #sql: Sql;
  readonly #canais: readonly OutroCanal[];

  constructor(sql: Sql, canais: readonly OutroCanal[]) {
    this.#sql = sql;
    this.#canais = canais;
  }

  async ligados(clienteId: string): Promise<readonly OutroCanal[]> {
    if (this.#canais.length === 0) return [];
    const [{ sms, push } = PREFERENCIAS_INICIAIS]: Array<{ sms: boolean; push: boolean }> =
      await this.#sql.query(CHOSEN, [clienteId]);
    const escolha = { SMS: sms, PUSH: push };
    return this.#canais.filter((canal) => escolha[canal]);
  }
}
