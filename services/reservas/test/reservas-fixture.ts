import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { runtimeMigrations } from '@plataforma/runtime/migrations';
import { createDataSource, migrate } from '@plataforma/runtime/postgres';
import { createPreparedDatabase } from '@plataforma/testing/prepared-database';
import type { DataSource } from 'typeorm';
import { Espaco, type NovoEspaco } from '../src/espacos/domain/espaco.ts';
import { migrations } from '../src/persistence/migrations.ts';
import type { Transacao } from '../src/persistence/unit-of-work.ts';
import type { DadosReserva } from '../src/reservas/domain/estado-reserva.ts';
import { POLITICA_PADRAO } from '../src/reservas/domain/politica-cancelamento.ts';
import { Reserva } from '../src/reservas/domain/reserva.ts';
import { PeriodoReserva } from '../src/tempo/domain/periodo-reserva.ts';

/** A Tuesday; everything in the specs is booked for the days after. */
export const NOW = '2026-06-02T09:00:00Z';

export interface ReservasDatabase {
  readonly dataSource: DataSource;
  readonly url: string;
  close(): Promise<void>;
}

/** A migrated database of its own. */
export async function openDatabase(): Promise<ReservasDatabase> {
  const { url, drop } = await createPreparedDatabase('reservas', (empty) => migrate(at(empty)));
  const dataSource = await at(url).initialize();
  return { dataSource, url, close: () => dataSource.destroy().then(drop) };
}

/** Opens the database of another cluster, which ends with it, and makes its tables. */
export async function migrated(url: string): Promise<ReservasDatabase> {
  const dataSource = await at(url).initialize();
  await migrate(dataSource);
  return { dataSource, url, close: () => dataSource.destroy() };
}

const at = (url: string) =>
  createDataSource({
    url,
    entities: [],
    migrations: [...runtimeMigrations, ...migrations],
    applicationName: 'reservas-test',
    poolSize: 12,
  });

let counter = 0;

/** A fresh identity for rows that specs write themselves. */
export function newId(prefix: string): string {
  counter += 1;
  return `${prefix}_spec${String(counter).padStart(6, '0')}`;
}

/** What one customer may hold unpaid is the subject of its own specs; elsewhere it is out of the way. */
const SALA: NovoEspaco = {
  nome: 'Sala Ipê',
  tipo: 'SALA_REUNIAO',
  capacidade: 8,
  endereco: 'Rua das Flores, 10',
  precoPorHora: Dinheiro.deCentavos(100_00),
  limitesPendentes: { reservas: 100, horas: 1000, resfriamentoMinutos: 0 },
};

export function newEspaco(changes: Partial<NovoEspaco> = {}): Espaco {
  const created = Espaco.criar(newId('esp'), { ...SALA, ...changes }, new Date(NOW));
  if (created.isFailure) throw created.error;
  return created.value;
}

/** Stores a new space. */
export async function storeEspaco(
  uow: UnitOfWork<Pick<Transacao, 'espacos'>>,
  changes: Partial<NovoEspaco> = {},
): Promise<Espaco> {
  const espaco = newEspaco(changes);
  await uow.run((tx) => tx.espacos.add(espaco));
  return espaco;
}

export function between(inicio: string, fim: string): PeriodoReserva {
  const periodo = PeriodoReserva.create(new Date(inicio), new Date(fim));
  if (periodo.isFailure) throw periodo.error;
  return periodo.value;
}

/** A reservation that is not stored yet. */
export function newReserva(
  espaco: Espaco,
  periodo: PeriodoReserva,
  changes: Partial<DadosReserva> = {},
): Reserva {
  const { id: espacoId, nome, endereco, fusoHorario, folgaMinutos } = espaco.estado;
  const dados: DadosReserva = {
    id: newId('res'),
    clienteId: newId('cli'),
    espacoId,
    espacoNome: nome,
    espacoEndereco: endereco,
    fusoHorario,
    periodo,
    serie: undefined,
    folgaMinutos,
    preco: espaco.precificar(periodo, [], new Date(NOW)),
    extras: [],
    politica: POLITICA_PADRAO,
    cotacaoId: undefined,
    dispensaDeFolga: undefined,
    guardarCreditos: false,
    ...changes,
  };
  return Reserva.criar(dados, 15, { quem: dados.clienteId, porque: 'spec', em: new Date(NOW) });
}
