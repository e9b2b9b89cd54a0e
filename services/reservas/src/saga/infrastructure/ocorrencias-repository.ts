import { keptError } from '@plataforma/domain/work-queue';
import type { Sql } from '@plataforma/runtime/transaction';
import type { OcorrenciasRepository } from '../application/ports.ts';
import type { OcorrenciaDaSaga } from '../domain/ocorrencia.ts';

const ADD = `
  insert into saga_ocorrencias (reserva_id, fato, comando, resultado, versao, porque, mensagem_id, em)
  select id, $2, $3, $4, $5, $6, $7, $8 from reservas where id = $1`;

/** Table `saga_ocorrencias`, in the transaction of the effect. */
export class PostgresOcorrenciasRepository implements OcorrenciasRepository {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async add(ocorrencia: OcorrenciaDaSaga): Promise<void> {
    const { reservaId, fato, comando, resultado, versao, porque, mensagemId, em } = ocorrencia;
    const texto = keptError(porque);
    await this.#sql.query(ADD, [reservaId, fato, comando, resultado, versao, texto, mensagemId, em]);
  }
}
