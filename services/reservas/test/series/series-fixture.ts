import { jest } from '@jest/globals';
import type { IdGenerator } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { DataSource } from 'typeorm';
import { NENHUMA_DISPENSA } from '../../src/espacos/domain/dispensas.ts';
import { createUnitOfWork, type Transacao } from '../../src/persistence/unit-of-work.ts';
import { CriarReservaHandler } from '../../src/reservas/application/criar-reserva.ts';
import { CobrancasDaSaga } from '../../src/saga/application/cobrancas-da-saga.ts';
import { CancelarSerieHandler } from '../../src/series/application/cancelar-serie.ts';
import { type CriarSerieCommand, CriarSerieHandler } from '../../src/series/application/criar-serie.ts';
import { SeriesQueries } from '../../src/series/application/series-queries.ts';
import { SimularCancelamentoSerieHandler } from '../../src/series/application/simular-cancelamento-serie.ts';
import { SimularSerieHandler } from '../../src/series/application/simular-serie.ts';
import type { PlanoDaSerie } from '../../src/series/domain/serie.ts';
import { PostgresConsultaDeSeries } from '../../src/series/infrastructure/consulta-de-series.ts';
import { InMemoryObservador, InMemoryPagamentos, receiveFatos } from '../doubles.ts';
import { NOW, newId, openDatabase } from '../reservas-fixture.ts';

/** Series on a real database, with charges in memory. */
export class SeriesUnderTest {
  readonly clock = new FixedClock(NOW);
  readonly pagamentos = new InMemoryPagamentos();
  readonly dataSource: DataSource;
  readonly uow: UnitOfWork<Transacao>;
  readonly receber: ReturnType<typeof receiveFatos>;
  readonly criar: CriarSerieHandler;
  readonly criarReserva: CriarReservaHandler;
  readonly simular: SimularSerieHandler;
  readonly cancelar: CancelarSerieHandler;
  readonly simularCancelamento: SimularCancelamentoSerieHandler;
  readonly series: SeriesQueries;
  readonly close: () => Promise<void>;

  private constructor(dataSource: DataSource, close: () => Promise<void>) {
    const { clock, pagamentos } = this;
    const ids: IdGenerator = { next: async (prefixo) => newId(prefixo) };
    const observador = new InMemoryObservador();
    const uow = createUnitOfWork(dataSource);
    const consulta = new PostgresConsultaDeSeries(dataSource);
    const cobrancas = new CobrancasDaSaga({ uow, pagamentos, clock, observador });
    const common = { uow, ids, clock, cobrancas, observador, bonusPercentual: 10 };
    this.dataSource = dataSource;
    this.close = close;
    this.uow = uow;
    this.receber = receiveFatos({ uow, clock, observador });
    this.criar = new CriarSerieHandler(common);
    this.criarReserva = new CriarReservaHandler(common);
    this.simular = new SimularSerieHandler({ uow, clock });
    this.cancelar = new CancelarSerieHandler({ uow, consulta, pagamentos, clock });
    this.series = new SeriesQueries(consulta);
    this.simularCancelamento = new SimularCancelamentoSerieHandler({
      ...{ series: this.series, uow, pagamentos, clock },
    });
  }

  static async open(): Promise<SeriesUnderTest> {
    const { dataSource, close } = await openDatabase();
    return new SeriesUnderTest(dataSource, close);
  }

  /** Books a series; four Wednesdays from 10 to 12 in São Paulo unless something else is said. */
  command(
    espacoId: string,
    plano: Partial<PlanoDaSerie> = {},
    changes: Partial<CriarSerieCommand> = {},
  ): CriarSerieCommand {
    const clienteId = plano.clienteId ?? newId('cli');
    return {
      plano: {
        clienteId,
        espacoId,
        inicioLocal: '2026-06-10T10:00',
        duracaoMinutos: 120,
        rrule: 'FREQ=WEEKLY;COUNT=4',
        datasExcluidas: [],
        extras: [],
        guardarCreditos: false,
        ...plano,
      },
      modo: 'TUDO_OU_NADA',
      quem: clienteId,
      dispensas: NENHUMA_DISPENSA,
      restaMs: () => 8_000,
      ...changes,
    };
  }

  async reservar(command: CriarSerieCommand) {
    const criada = await this.criar.execute(command);
    if (criada.isFailure) throw criada.error;
    return criada.value;
  }

  /** How many series and reservations a space has. */
  async rows(espacoId: string): Promise<{ series: number; reservas: number }> {
    const [row] = await this.dataSource.query(
      `select (select count(*)::int from series where espaco_id = $1) as series,
         (select count(*)::int from reservas where espaco_id = $1) as reservas`,
      [espacoId],
    );
    return row;
  }

  /** Transactions of this database that PostgreSQL has ended because of a deadlock. */
  async deadlocks(): Promise<number> {
    // A session tells what it has counted when it ends, at the latest.
    await this.dataSource.destroy();
    await this.dataSource.initialize();
    await eventually(async () => {
      const [{ sessoes }] = await this.dataSource.query(
        'select numbackends as sessoes from pg_stat_database where datname = current_database()',
      );
      if (sessoes > 1) throw new Error(`${sessoes} sessions are still open`);
    });
    const [{ deadlocks }] = await this.dataSource.query(
      'select deadlocks::int from pg_stat_database where datname = current_database()',
    );
    return deadlocks;
  }
}

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);
