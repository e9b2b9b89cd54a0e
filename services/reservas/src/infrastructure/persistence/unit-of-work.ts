import { registerOnce } from '@plataforma/runtime/inbox';
import { inRepeatableTransaction, type Sql } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { Repositorios, UnitOfWork } from '../../application/ports.ts';
import { PromessasDaFila } from '../../application/promessas-da-fila.ts';
import { PostgresBonusRepository } from './bonus-repository.ts';
import { PostgresCotacoesRepository } from './cotacoes-repository.ts';
import { PostgresEspacosRepository } from './espacos-repository.ts';
import { PostgresFechamentosRepository } from './fechamentos-repository.ts';
import { PostgresFilaRepository } from './fila-repository.ts';
import { PostgresPessoasRepository } from './pessoas-repository.ts';
import { PostgresReservasRepository } from './reservas-repository.ts';
import { PostgresDiarioDaSaga } from './sagas.ts';
import { PostgresSeriesRepository } from './series-repository.ts';
import { PostgresTrabalhosAdiados } from './trabalhos-adiados.ts';

/** Told after the commit of the spaces whose agenda has changed. Must not fail. */
type AoMudar = (espacoIds: ReadonlySet<string>) => Promise<void>;

/** One READ COMMITTED transaction per unit; deadlocks and serialization failures are tried again. */
export class PostgresUnitOfWork implements UnitOfWork {
  readonly #dataSource: DataSource;
  readonly #aoMudar: AoMudar;

  constructor(dataSource: DataSource, aoMudar: AoMudar = async () => {}) {
    this.#dataSource = dataSource;
    this.#aoMudar = aoMudar;
  }

  run<T>(work: (tx: Repositorios) => Promise<T>): Promise<T> {
    return this.#transaction(work);
  }

  runOnce<L>(
    consumidor: string,
    mensagemId: string,
    ler: (tx: Repositorios) => Promise<L>,
    work: (tx: Repositorios, lido: L) => Promise<void>,
  ): Promise<boolean> {
    return this.#transaction(async (tx, manager) => {
      // In this order: what is read behind the inbox row is what an earlier delivery has left.
      const [nova, lido] = await Promise.all([registerOnce(manager, consumidor, mensagemId), ler(tx)]);
      if (!nova) return false;
      await work(tx, lido);
      return true;
    });
  }

  async #transaction<T>(work: (tx: Repositorios, manager: Sql) => Promise<T>): Promise<T> {
    let tocados = new Set<string>();
    const done = await inRepeatableTransaction(this.#dataSource, (manager) => {
      tocados = new Set();
      return work(repositories(manager, tocados), manager);
    });
    if (tocados.size > 0) await this.#aoMudar(tocados);
    return done;
  }
}

/** @param tocados gathers the spaces whose agenda changes. */
function repositories(manager: Sql, tocados: Set<string>): Repositorios {
  const reservas = new PostgresReservasRepository(manager, tocados);
  const fechamentos = new PostgresFechamentosRepository(manager, tocados);
  const fila = new PostgresFilaRepository(manager);
  return {
    reservas,
    fechamentos,
    fila,
    promessas: new PromessasDaFila({ reservas, fechamentos, fila }),
    espacos: new PostgresEspacosRepository(manager),
    cotacoes: new PostgresCotacoesRepository(manager),
    series: new PostgresSeriesRepository(manager),
    saga: new PostgresDiarioDaSaga(manager),
    pessoas: new PostgresPessoasRepository(manager),
    bonus: new PostgresBonusRepository(manager),
    adiados: new PostgresTrabalhosAdiados(manager),
  };
}
