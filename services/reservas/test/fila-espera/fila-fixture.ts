import type { IdGenerator } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { oneByOne } from '@plataforma/runtime/one-by-one';
import { NENHUMA_DISPENSA } from '../../src/espacos/domain/dispensas.ts';
import type { Espaco } from '../../src/espacos/domain/espaco.ts';
import { AtenderFilaHandler } from '../../src/fila-espera/application/atender-fila.ts';
import { EncerrarEsperasHandler } from '../../src/fila-espera/application/encerrar-esperas.ts';
import { EntrarNaFilaHandler } from '../../src/fila-espera/application/entrar-na-fila.ts';
import { FilaEsperaQueries } from '../../src/fila-espera/application/fila-espera-queries.ts';
import type { Transacao } from '../../src/fila-espera/application/ports.ts';
import { SairDaFilaHandler } from '../../src/fila-espera/application/sair-da-fila.ts';
import { PostgresConsultaDaFila } from '../../src/fila-espera/infrastructure/consulta-da-fila.ts';
import type { ExtraPedido } from '../../src/precos/domain/extras.ts';
import { CriarReservaHandler } from '../../src/reservas/application/criar-reserva.ts';
import type { Ciclo } from '../ciclo-fixture.ts';
import { InMemoryObservador } from '../doubles.ts';
import { BATCH } from '../manual-prazos.ts';
import { newId, newReserva, between as novoPeriodo, storeEspaco } from '../reservas-fixture.ts';

/** The customer of the spec who has the slot: 10 June, 10:00 to 12:00. */
export const MANHA = ['2026-06-10T10:00:00Z', '2026-06-10T12:00:00Z'] as const;

type Horas = readonly [inicio: string, fim: string];

/** The waitlist on a real database, with workers that are run by hand. */
export class Fila {
  readonly #ciclo: Ciclo;
  readonly #ids = { next: async (prefixo: string) => newId(prefixo) };
  readonly entrar: EntrarNaFilaHandler;
  readonly sair: SairDaFilaHandler;
  readonly criar: CriarReservaHandler;
  readonly encerrar: { execute(): Promise<boolean> };
  readonly consulta: FilaEsperaQueries;

  constructor(ciclo: Ciclo) {
    const { uow, clock, cobrancas, dataSource } = ciclo;
    const [ids, observador] = [this.#ids, new InMemoryObservador()];
    this.#ciclo = ciclo;
    this.entrar = new EntrarNaFilaHandler({ uow, ids, clock });
    this.sair = new SairDaFilaHandler({ uow, clock });
    this.criar = new CriarReservaHandler({ uow, ids, clock, cobrancas, observador, bonusPercentual: 10 });
    const encerrar = oneByOne(new EncerrarEsperasHandler({ uow, clock }));
    this.encerrar = { execute: async () => (await encerrar(BATCH, observador.failed)) === BATCH };
    this.consulta = new FilaEsperaQueries(new PostgresConsultaDaFila(dataSource));
  }

  /** A worker of its own, over another unit of work when one is given. */
  atender(
    uow: UnitOfWork<Transacao> = this.#ciclo.uow,
    memoria = new InMemoryObservador(),
    ids: IdGenerator = this.#ids,
  ) {
    const observador = Object.assign(memoria, { vagaOferecida: () => {} });
    const { clock } = this.#ciclo;
    const handler = new AtenderFilaHandler({ uow, ids, clock, observador, bonusPercentual: 10 });
    return {
      espacos: () => handler.espacos(),
      execute: (espacoId: string) => handler.execute(espacoId, memoria.failed),
      ofertar: (limite: number) => handler.ofertar(limite, memoria.failed),
    };
  }

  /** What a round of the worker does. */
  async round(atender = this.atender()): Promise<void> {
    for (const espacoId of await atender.espacos()) while (await atender.execute(espacoId));
  }

  /** A space whose morning somebody has paid for. */
  async espacoTomado(
    horas: Horas = MANHA,
    changes = {},
  ): Promise<{ espaco: Espaco; dono: string; id: string }> {
    const espaco = await storeEspaco(this.#ciclo.uow, changes);
    const { id, dono } = await this.tomar(espaco, horas);
    return { espaco, id, dono };
  }

  /** A paid reservation. */
  async tomar(espaco: Espaco, [inicio, fim]: Horas, dono = newId('cli')) {
    const reserva = newReserva(espaco, novoPeriodo(inicio, fim), { clienteId: dono });
    const guardada = await this.#ciclo.uow.run((tx) => tx.reservas.add(reserva));
    if (guardada.isFailure) throw guardada.error;
    await this.#ciclo.pagar(reserva.id);
    return { id: reserva.id, dono };
  }

  async cancelar(reservaId: string, clienteId: string): Promise<void> {
    const solicitante = { id: clienteId, admin: false };
    const feito = await this.#ciclo.cancelar.execute({
      reservaId,
      solicitante,
      motivo: '',
      excecao: undefined,
    });
    if (feito.isFailure) throw feito.error;
  }

  pedir(espaco: Espaco, clienteId: string, [inicio, fim]: Horas = MANHA, extras: ExtraPedido[] = []) {
    const periodo = { inicio: new Date(inicio), fim: new Date(fim) };
    return this.entrar.execute({ clienteId, espacoId: espaco.id, ...periodo, extras });
  }

  /** Somebody new who stands in line. */
  async esperar(espaco: Espaco, horas: Horas = MANHA, clienteId = newId('cli')) {
    const feita = await this.pedir(espaco, clienteId, horas);
    if (feita.isFailure) throw feita.error;
    return { id: feita.value.entrada.id, clienteId, solicitante: { id: clienteId, admin: false } };
  }

  /** A booking by somebody who does not stand in line: the status, or why not. */
  async reservar(espaco: Espaco, [inicio, fim]: Horas = MANHA, clienteId = newId('cli')): Promise<string> {
    const feita = await this.criar.execute({
      clienteId,
      quem: clienteId,
      espacoId: espaco.id,
      inicio: new Date(inicio),
      fim: new Date(fim),
      extras: [],
      cotacaoId: undefined,
      dispensas: NENHUMA_DISPENSA,
    });
    return feita.isFailure ? feita.error.motivo : feita.value.status;
  }

  async entrada(id: string) {
    const achada = await this.consulta.findById(id, { id: '', admin: true });
    if (achada.isFailure) throw achada.error;
    return { ...achada.value.entrada, posicao: achada.value.posicao };
  }

  /** Statuses of entries, in the order in which they are named. */
  status(...entradas: { id: string }[]): Promise<string[]> {
    return Promise.all(entradas.map(async ({ id }) => (await this.entrada(id)).status));
  }

  /** The reservation that an entry was offered. */
  async oferta({ id }: { id: string }): Promise<string> {
    const { oferta } = await this.entrada(id);
    if (!oferta) throw new Error(`entry ${id} has no offer`);
    return oferta.reservaId;
  }

  /** Reservations that take a slot of the space now. */
  async ocupantes(espaco: Espaco): Promise<string[]> {
    const rows: { cliente_id: string }[] = await this.#ciclo.dataSource.query(
      `select cliente_id from reservas where espaco_id = $1
         and status in ('PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO', 'EXPIRANDO', 'CONFIRMADA') order by data_inicio`,
      [espaco.id],
    );
    return rows.map(({ cliente_id }) => cliente_id);
  }

  async vagas(espaco: Espaco): Promise<number> {
    const [row] = await this.#ciclo.dataSource.query(
      'select count(*)::int as n from fila_vagas where espaco_id = $1',
      [espaco.id],
    );
    return row.n;
  }
}
