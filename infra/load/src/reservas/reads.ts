import { createDataSource } from '@plataforma/runtime/postgres';
import { BuscarEspacosHandler } from '../../../../services/reservas/src/agenda/application/buscar-espacos.ts';
import { PostgresAgendas } from '../../../../services/reservas/src/agenda/infrastructure/agendas.ts';
import { PostgresBuscaDeEspacos } from '../../../../services/reservas/src/agenda/infrastructure/busca-de-espacos.ts';
import { semanasEntre, trechoDas } from '../../../../services/reservas/src/agenda/infrastructure/semanas.ts';
import { PostgresConsultaDeEspacos } from '../../../../services/reservas/src/espacos/infrastructure/consulta-de-espacos.ts';
import { HOUR_MS } from './bookings.ts';
import { type DataSource, recordStatements, type Statement } from './statements.ts';

/** A data source of the service's kind, for the time of `work`. */
export async function withDataSource<T>(
  databaseUrl: string,
  work: (dataSource: DataSource) => Promise<T>,
): Promise<T> {
  const dataSource = createDataSource({
    url: databaseUrl,
    applicationName: 'bench',
    entities: [],
    migrations: [],
  });
  await dataSource.initialize();
  try {
    return await work(dataSource);
  } finally {
    await dataSource.destroy();
  }
}

/** What ConsultarDisponibilidade sends when nothing is cached, recorded from the real readers. */
export function recordAvailability(
  databaseUrl: string,
  espacoId: string,
  inicio: Date,
  days: number,
): Promise<Statement[]> {
  return withDataSource(databaseUrl, (dataSource) =>
    recordStatements(dataSource, async () => {
      await new PostgresConsultaDeEspacos(dataSource).espaco(espacoId);
      const fim = new Date(inicio.getTime() + days * 24 * HOUR_MS);
      const { de, ate: until } = trechoDas(semanasEntre(inicio, fim));
      await new PostgresAgendas(dataSource).entre(espacoId, de, until);
    }),
  );
}

/** What BuscarEspacosDisponiveis sends for the first page of an hour, recorded from the real handler. */
export function recordSearch(databaseUrl: string, inicio: Date): Promise<Statement[]> {
  return withDataSource(databaseUrl, (dataSource) =>
    recordStatements(dataSource, async () => {
      const clock = { now: () => new Date() };
      const espacos = new PostgresBuscaDeEspacos(dataSource);
      const page = await new BuscarEspacosHandler({ espacos, clock }).execute({
        ...{ inicio, fim: new Date(inicio.getTime() + HOUR_MS) },
        ...{ capacidade: 5, tipo: undefined, pageSize: 20, pageToken: '' },
      });
      if (page.isFailure) throw page.error;
    }),
  );
}
