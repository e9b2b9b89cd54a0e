import { jest } from '@jest/globals';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { DataSource } from 'typeorm';
import { CancelarReservaHandler } from '../src/cancelamentos/application/cancelar-reserva.ts';
import type { Espaco } from '../src/espacos/domain/espaco.ts';
import { createUnitOfWork, type Transacao } from '../src/persistence/unit-of-work.ts';
import type { DadosReserva } from '../src/reservas/domain/estado-reserva.ts';
import { PostgresConsultaDeReservas } from '../src/reservas/infrastructure/consulta-de-reservas.ts';
import { CobrancasDaSaga } from '../src/saga/application/cobrancas-da-saga.ts';
import { InMemoryObservador, InMemoryPagamentos, receiveFatos } from './doubles.ts';
import { ManualPrazos } from './manual-prazos.ts';
import { between, NOW, newId, newReserva, openDatabase, storeEspaco } from './reservas-fixture.ts';

/** What comes to a reservation after it was made, on a real database. */
export class Ciclo {
  readonly clock = new FixedClock(NOW);
  readonly observador = new InMemoryObservador();
  readonly pagamentos = new InMemoryPagamentos();
  readonly dataSource: DataSource;
  readonly uow: UnitOfWork<Transacao>;
  readonly cobrancas: CobrancasDaSaga;
  /** A fact from pagamentos; under another message each time, unless it is named. */
  readonly receber: ReturnType<typeof receiveFatos>;
  readonly prazos: ManualPrazos;
  readonly cancelar: CancelarReservaHandler;
  readonly close: () => Promise<void>;

  private constructor(dataSource: DataSource, close: () => Promise<void>) {
    const { clock, pagamentos } = this;
    const uow = createUnitOfWork(dataSource);
    this.dataSource = dataSource;
    this.close = close;
    this.uow = uow;
    const daSaga = { uow, clock, observador: this.observador };
    this.cobrancas = new CobrancasDaSaga({ ...daSaga, pagamentos });
    this.receber = receiveFatos(daSaga);
    this.prazos = new ManualPrazos({ uow, clock, observador: this.observador });
    this.cancelar = new CancelarReservaHandler({
      ...{ uow, pagamentos, clock },
      consulta: new PostgresConsultaDeReservas(dataSource),
    });
  }

  static async open(): Promise<Ciclo> {
    const { dataSource, close } = await openDatabase();
    return new Ciclo(dataSource, close);
  }

  /** A reservation of 10 June, 10:00 to 12:00, that waits for its payment. */
  async esperando(changes: Partial<DadosReserva> = {}, emEspaco?: Espaco) {
    const espaco = emEspaco ?? (await storeEspaco(this.uow));
    const reserva = newReserva(espaco, between('2026-06-10T10:00:00Z', '2026-06-10T12:00:00Z'), changes);
    const stored = await this.uow.run((tx) => tx.reservas.add(reserva));
    if (stored.isFailure) throw stored.error;
    const id = reserva.id;
    await this.receber({ tipo: 'CobrancaCriada', ...this.pagamento(id), checkoutUrl: 'https://pay.example' });
    return { id, espaco, clienteId: reserva.estado.clienteId };
  }

  /** From now on the database refuses every row of a table that fits; the answer ends that. */
  breakRows(table: 'reservas' | 'fila_espera', event: 'insert' | 'update', when: string) {
    return this.#gatilho(table, event, when, `raise exception 'broken for a spec';`);
  }

  /** The next row of a table that fits is the victim of a deadlock, and only that one; the answer ends that. */
  async deadlockOnce(table: 'reservas' | 'fila_espera', event: 'insert' | 'update', when: string) {
    const times = newId('vezes');
    await this.dataSource.query(`create sequence ${times}`);
    return this.#gatilho(
      table,
      event,
      when,
      `if nextval('${times}') = 1 then raise exception 'deadlock for a spec' using errcode = '40P01'; end if; return new;`,
    );
  }

  async #gatilho(table: string, event: string, when: string, body: string) {
    const name = newId('quebra');
    await this.dataSource.query(`
      create function ${name}() returns trigger language plpgsql as $$ begin ${body} end $$`);
    await this.dataSource.query(`
      create trigger ${name} before ${event} on ${table} for each row when (${when}) execute function ${name}()`);
    return async () => {
      await this.dataSource.query(`drop function ${name}() cascade`);
    };
  }

  pagamento(reservaId: string) {
    return { reservaId, pagamentoId: `pag_${reservaId}` };
  }

  pagar(reservaId: string): Promise<void> {
    return this.receber({ tipo: 'PagamentoAprovado', ...this.pagamento(reservaId) });
  }

  encerrarCobranca(reservaId: string): Promise<void> {
    return this.receber({ tipo: 'CobrancaCancelada', ...this.pagamento(reservaId) });
  }

  async status(id: string): Promise<string> {
    const [row] = await this.dataSource.query('select status from reservas where id = $1', [id]);
    return row.status;
  }

  /** What the other services are told, in order. */
  async anunciados(id: string): Promise<string[]> {
    const rows: { assunto: string }[] = await this.dataSource.query(
      'select assunto from outbox where agregado_id = $1 order by posicao',
      [id],
    );
    return rows.map(({ assunto }) => assunto.replace('reservas.v1.', ''));
  }

  /** The last event of its kind. */
  async anuncio(id: string, tipo: string): Promise<Record<string, unknown>> {
    const [row] = await this.dataSource.query(
      'select payload from outbox where agregado_id = $1 and assunto = $2 order by posicao desc limit 1',
      [id, `reservas.v1.${tipo}`],
    );
    return row?.payload;
  }
}

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(30_000);
