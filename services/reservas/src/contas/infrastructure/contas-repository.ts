import { inTransaction } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { Conta, ContasRepository } from '../application/contas.ts';
import { TRAVAR, travaDoCliente } from './trava-do-cliente.ts';

const GUARDAR = `
  insert into contas as c (usuario_id, versao, ativa, admin_ate, gestor, geracao)
  values ($1, $2, $3, case when $4 then 'infinity'::timestamptz end, $6, $7)
  on conflict (usuario_id) do update
    set versao = excluded.versao, ativa = excluded.ativa, gestor = excluded.gestor, geracao = excluded.geracao,
        admin_ate = case when $4 then 'infinity' when c.admin_ate = 'infinity' then $5::timestamptz else c.admin_ate end
    where c.versao < excluded.versao`;

/** The row stays, newer than any event: an older one that comes later must not bring the account back. */
const ENCERRAR = `
  insert into contas as c (usuario_id, versao, ativa) values ($1, 9223372036854775807, false)
  on conflict (usuario_id) do update
    set versao = excluded.versao, ativa = false,
        admin_ate = case when c.admin_ate = 'infinity' then $2::timestamptz else c.admin_ate end`;

export class PostgresContasRepository implements ContasRepository {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async guardar({ usuarioId, versao, ativa, admin, gestor, geracao, em }: Conta): Promise<void> {
    await this.#dataSource.query(GUARDAR, [usuarioId, versao, ativa, admin, em, gestor, geracao]);
  }

  async encerrar(usuarioId: string, em: Date): Promise<void> {
    await inTransaction(this.#dataSource, async (sql) => {
      await sql.query(TRAVAR, [travaDoCliente(usuarioId)]);
      await sql.query(ENCERRAR, [usuarioId, em]);
    });
  }
}
