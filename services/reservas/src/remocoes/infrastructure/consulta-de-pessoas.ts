import { autocommit, type Sql } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import { STATUS_OCUPANTES } from '../../agenda/domain/status-reserva.ts';
import type { ConsultaDePessoas, Pendencias } from '../application/ports.ts';

const RESERVAS = `
  select id from reservas where cliente_id = $1 and status = any($3) and data_inicio > $2 order by data_inicio`;

const ESPERAS = `
  select id from fila_espera where cliente_id = $1 and status in ('AGUARDANDO', 'OFERTADA') order by ordem`;

const idsOf = (rows: ReadonlyArray<{ id: string }>) => rows.map(({ id }) => id);

/** From the primary: what was just cancelled is open no more. */
export class PostgresConsultaDePessoas implements ConsultaDePessoas {
  readonly #sql: Sql;

  constructor(dataSource: DataSource) {
    this.#sql = autocommit(dataSource);
  }

  async pendencias(usuarioId: string, agora: Date): Promise<Pendencias> {
    return {
      reservas: idsOf(await this.#sql.query(RESERVAS, [usuarioId, agora, STATUS_OCUPANTES])),
      esperas: idsOf(await this.#sql.query(ESPERAS, [usuarioId])),
    };
  }
}
