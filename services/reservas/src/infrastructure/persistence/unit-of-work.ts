import { setTimeout as sleep } from 'node:timers/promises';
import { registerOnce } from '@plataforma/runtime/inbox';
import { isRetryable } from '@plataforma/runtime/postgres';
import type { DataSource, EntityManager } from 'typeorm';
import type { Repositorios, UnitOfWork } from '../../application/ports.ts';
import { PostgresCotacoesRepository } from './cotacoes-repository.ts';
import { PostgresEspacosRepository } from './espacos-repository.ts';
import { PostgresFechamentosRepository } from './fechamentos-repository.ts';
import { PostgresReservasRepository } from './reservas-repository.ts';

const ATTEMPTS = 4;
const MAX_JITTER_MS = 40;

/** One READ COMMITTED transaction per unit; deadlocks and serialization failures are tried again. */
export class PostgresUnitOfWork implements UnitOfWork {
  readonly #dataSource: DataSource;

  constructor(dataSource: DataSource) {
    this.#dataSource = dataSource;
  }

  run<T>(work: (tx: Repositorios) => Promise<T>): Promise<T> {
    return this.#transaction((manager) => work(repositories(manager)));
  }

  runOnce(
    consumidor: string,
    mensagemId: string,
    work: (tx: Repositorios) => Promise<void>,
  ): Promise<boolean> {
    return this.#transaction(async (manager) => {
      if (!(await registerOnce(manager, consumidor, mensagemId))) return false;
      await work(repositories(manager));
      return true;
    });
  }

  async #transaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#dataSource.transaction('READ COMMITTED', work);
      } catch (error) {
        if (!isRetryable(error) || attempt === ATTEMPTS) throw error;
        await sleep(Math.random() * MAX_JITTER_MS * attempt);
      }
    }
  }
}

function repositories(manager: EntityManager): Repositorios {
  return {
    reservas: new PostgresReservasRepository(manager),
    espacos: new PostgresEspacosRepository(manager),
    cotacoes: new PostgresCotacoesRepository(manager),
    fechamentos: new PostgresFechamentosRepository(manager),
  };
}
