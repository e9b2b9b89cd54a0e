import type { Posicao } from '@plataforma/domain/page-token';
import type { DataSource } from 'typeorm';
import type { ConsultaDeEspacos, FiltroEspacos } from '../application/ports.ts';
import type { EstadoEspaco } from '../domain/espaco.ts';
import type { Fechamento } from '../domain/fechamento.ts';
import { type EspacoRow, espacoFromRow } from './espaco-row.ts';
import { type FechamentoRow, fechamentoFromRow } from './fechamentos-repository.ts';

/** Every filter is optional: a null parameter lets everything pass. */
const ESPACOS = `
  select * from espacos
  where (tipo = $1::text or $1::text is null) and capacidade >= $2::integer and (ativo or $3::boolean)
    and ((nome, id) > ($4::text, $5::text) or $4::text is null)
  order by nome, id limit $6`;

const FECHAMENTOS = `
  select * from fechamentos
  where espaco_id = $1 and ((data_inicio, id) > ($2::timestamptz, $3::text) or $2::timestamptz is null)
  order by data_inicio, id limit $4`;

export class PostgresConsultaDeEspacos implements ConsultaDeEspacos {
  readonly #dataSource: Pick<DataSource, 'query'>;

  constructor(dataSource: Pick<DataSource, 'query'>) {
    this.#dataSource = dataSource;
  }

  async espaco(id: string): Promise<EstadoEspaco | undefined> {
    const [row]: EspacoRow[] = await this.#dataSource.query('select * from espacos where id = $1', [id]);
    return row && espacoFromRow(row);
  }

  async espacos(
    { tipo, capacidadeMinima, incluirInativos }: FiltroEspacos,
    maximo: number,
    depoisDe: Posicao | undefined,
  ): Promise<EstadoEspaco[]> {
    const parameters = [tipo, capacidadeMinima, incluirInativos, depoisDe?.ordem, depoisDe?.id, maximo];
    const rows: EspacoRow[] = await this.#dataSource.query(ESPACOS, parameters);
    return rows.map(espacoFromRow);
  }

  async fechamento(id: string): Promise<Fechamento | undefined> {
    const [row]: FechamentoRow[] = await this.#dataSource.query('select * from fechamentos where id = $1', [
      id,
    ]);
    return row && fechamentoFromRow(row);
  }

  async fechamentos(espacoId: string, maximo: number, depoisDe: Posicao | undefined): Promise<Fechamento[]> {
    const parameters = [espacoId, depoisDe?.ordem, depoisDe?.id, maximo];
    const rows: FechamentoRow[] = await this.#dataSource.query(FECHAMENTOS, parameters);
    return rows.map(fechamentoFromRow);
  }
}
