import type { DataSource } from 'typeorm';
import type { FilaDeCheckouts } from '../../application/ports.ts';

const REIVINDICAR = `
  update checkouts_pendentes set tentar_em = $2
  where pagamento_id = (
    select pagamento_id from checkouts_pendentes where tentar_em <= $1
    order by tentar_em limit 1 for update skip locked)
  returning pagamento_id as "pagamentoId", falhas`;

const ADIAR = `
  update checkouts_pendentes set tentar_em = $2, falhas = falhas + 1, erro = $3 where pagamento_id = $1`;

/** Table `checkouts_pendentes`, whose rows come and go with the projection. */
export class PostgresFilaDeCheckouts implements FilaDeCheckouts {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async reivindicar(agora: Date, posseAte: Date) {
    const [rows]: [Array<{ pagamentoId: string; falhas: number }>, number] = await this.#dataSource.query(
      REIVINDICAR,
      [agora, posseAte],
    );
    return rows[0];
  }

  async adiar(pagamentoId: string, tentarEm: Date, erro: string): Promise<void> {
    await this.#dataSource.query(ADIAR, [pagamentoId, tentarEm, erro]);
  }
}
