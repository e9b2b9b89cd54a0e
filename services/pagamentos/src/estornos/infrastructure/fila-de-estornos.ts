import { keptError } from '@plataforma/domain/work-queue';
import type { DataSource } from 'typeorm';
import { rastroDe } from '../../pagamento/infrastructure/event-store.ts';
import type { FilaDeEstornos, VezDeEstorno } from '../application/ports.ts';

const REIVINDICAR = `
  update estornos set tentar_em = $2
  where (pagamento_id, numero) = (
    select pagamento_id, numero from estornos where tentar_em <= $1
    order by tentar_em limit 1 for update skip locked)
  returning pagamento_id as "pagamentoId", numero, tentativa, falhas, solicitado_em as "solicitadoEm", ${rastroDe('pagamento_id')}`;

const TROCAR_TENTATIVA = `
  update estornos set tentativa = $3::int + 1 where pagamento_id = $1 and numero = $2 and tentativa = $3::int`;

const ADIAR = `
  update estornos set tentar_em = $3, falhas = falhas + 1, erro = $4
  where pagamento_id = $1 and numero = $2 and tentar_em is not null`;

// A failure of its own, or what a pending one waits for, says more.
const DEVOLVER = `
  update estornos set tentar_em = $3, erro = case when falhas = 0 then $4 else erro end
  where pagamento_id = $1 and numero = $2 and tentar_em is not null`;

/** Table `estornos`: projection and work queue in one; `tentar_em` is null where nothing is left to do. */
export class PostgresFilaDeEstornos implements FilaDeEstornos {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  async reivindicar(agora: Date, posseAte: Date) {
    const [vezes]: [VezDeEstorno[], number] = await this.#dataSource.query(REIVINDICAR, [agora, posseAte]);
    return vezes;
  }

  async trocarTentativa({
    pagamentoId,
    numero,
    tentativa,
  }: Pick<VezDeEstorno, 'pagamentoId' | 'numero' | 'tentativa'>): Promise<void> {
    await this.#dataSource.query(TROCAR_TENTATIVA, [pagamentoId, numero, tentativa]);
  }

  async adiar(pagamentoId: string, numero: number, tentarEm: Date, erro: string): Promise<void> {
    await this.#dataSource.query(ADIAR, [pagamentoId, numero, tentarEm, keptError(erro)]);
  }

  async devolver(pagamentoId: string, numero: number, tentarEm: Date, erro: string): Promise<void> {
    await this.#dataSource.query(DEVOLVER, [pagamentoId, numero, tentarEm, keptError(erro)]);
  }
}
