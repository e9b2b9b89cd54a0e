import type { DataSource } from 'typeorm';
import {
  FECHAMENTOS_ENTRE,
  type FechamentoRow,
  fechamentoFromRow,
} from '../../espacos/infrastructure/fechamentos-repository.ts';
import { FOLGA_MAXIMA_MINUTOS, MINUTO_MS } from '../../tempo/domain/periodo-reserva.ts';
import type { AgendaOcupada, Agendas } from '../application/ports.ts';
import { OCUPACOES, type OcupacaoRow, ocupacaoFromRow } from './ocupacoes-sql.ts';

/** What is in the way of bookings, straight from the tables. */
export class PostgresAgendas implements Agendas {
  readonly #dataSource: Pick<DataSource, 'query'>;

  constructor(dataSource: Pick<DataSource, 'query'>) {
    this.#dataSource = dataSource;
  }

  async entre(espacoId: string, de: Date, ate: Date): Promise<AgendaOcupada> {
    const folgaMs = FOLGA_MAXIMA_MINUTOS * MINUTO_MS;
    const [ocupacoes, fechamentos]: [OcupacaoRow[], FechamentoRow[]] = await Promise.all([
      this.#dataSource.query(OCUPACOES, [
        espacoId,
        new Date(de.getTime() - folgaMs),
        new Date(ate.getTime() + folgaMs),
      ]),
      this.#dataSource.query(FECHAMENTOS_ENTRE, [[espacoId], de, ate]),
    ]);
    return { ocupacoes: ocupacoes.map(ocupacaoFromRow), fechamentos: fechamentos.map(fechamentoFromRow) };
  }
}
