import type { Sql } from '@plataforma/runtime/transaction';
import type { CanaisLigados } from '../../mensagens/application/ports.ts';
import type { OutroCanal } from '../../mensagens/domain/canais.ts';
import { PREFERENCIAS_INICIAIS } from '../domain/preferencias.ts';

/** A number that its owner has not proved, or has taken back, is none. */
const CHOSEN = `
  select push, sms and exists (
    select from telefones t
    where t.cliente_id = p.cliente_id and t.numero = p.telefone and t.recusado_em is null) as sms
  from preferencias p where cliente_id = $1`;

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
