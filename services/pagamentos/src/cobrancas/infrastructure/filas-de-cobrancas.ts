import { keptError } from '@plataforma/domain/work-queue';
import type { DataSource } from 'typeorm';
import { rastroDe } from '../../pagamento/infrastructure/event-store.ts';
import type { FilaDeCobrancas, VezDeCobranca } from '../application/ports.ts';

/** Tables with one row per charge that waits; their rows come and go with the projection. */
type Tabela = 'checkouts_pendentes' | 'encerramentos_pendentes';

/** One of the queues of charges. */
export class PostgresFilaDeCobrancas implements FilaDeCobrancas {
  readonly #dataSource: DataSource;
  readonly #reivindicar: string;
  readonly #adiar: string;
  readonly #devolver: string;

  constructor(dataSource: DataSource, tabela: Tabela) {
    this.#dataSource = dataSource;
    this.#reivindicar = `
      update ${tabela} set tentar_em = $2
      where pagamento_id = (
        select pagamento_id from ${tabela} where tentar_em <= $1
        order by tentar_em limit 1 for update skip locked)
      returning pagamento_id as "pagamentoId", falhas, ${rastroDe('pagamento_id')},
        (select atualizado_em from pagamentos p where p.id = pagamento_id) as "paradaDesde"`;
    this.#adiar = `
      update ${tabela} set tentar_em = $2, falhas = falhas + 1, erro = $3 where pagamento_id = $1`;
    // A failure of its own says more.
    this.#devolver = `
      update ${tabela} set tentar_em = $2, erro = case when falhas = 0 then $3 else erro end where pagamento_id = $1`;
  }

  async reivindicar(agora: Date, posseAte: Date) {
    const [vezes]: [VezDeCobranca[], number] = await this.#dataSource.query(this.#reivindicar, [
      agora,
      posseAte,
    ]);
    return vezes;
  }

  async adiar(pagamentoId: string, tentarEm: Date, erro: string): Promise<void> {
    await this.#dataSource.query(this.#adiar, [pagamentoId, tentarEm, keptError(erro)]);
  }

  async devolver(pagamentoId: string, tentarEm: Date, erro: string): Promise<void> {
    await this.#dataSource.query(this.#devolver, [pagamentoId, tentarEm, keptError(erro)]);
  }
}
