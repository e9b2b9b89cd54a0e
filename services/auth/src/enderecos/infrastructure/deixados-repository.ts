import type { Sql } from '@plataforma/runtime/transaction';
import type { DeixadosRepository } from '../application/ports.ts';
import type { EnderecoDeixado } from '../domain/endereco-deixado.ts';

const OPEN = `
  select usuario_id as "usuarioId", email, deixado_em as "deixadoEm", vence_em as "venceEm"
  from enderecos_deixados where usuario_id = $1 and vence_em > $2`;

const FORGET_ENDED =
  'delete from enderecos_deixados where (usuario_id = $1 or email = $2) and vence_em <= $3';

const ADD = `
  insert into enderecos_deixados (usuario_id, email, deixado_em, vence_em) values ($1, $2, $3, $4)`;

const FORGET = 'delete from enderecos_deixados where usuario_id = $1';

/** Addresses that were left, in PostgreSQL. */
export class PostgresDeixadosRepository implements DeixadosRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async daConta(usuarioId: string, em: Date): Promise<EnderecoDeixado | undefined> {
    const [row]: EnderecoDeixado[] = await this.#sql.query(OPEN, [usuarioId, em]);
    return row;
  }

  async deixar({ usuarioId, email, deixadoEm, venceEm }: EnderecoDeixado): Promise<void> {
    await this.#sql.query(FORGET_ENDED, [usuarioId, email, deixadoEm]);
    await this.#sql.query(ADD, [usuarioId, email, deixadoEm, venceEm]);
  }

  async esquecer(usuarioId: string): Promise<void> {
    await this.#sql.query(FORGET, [usuarioId]);
  }
}
