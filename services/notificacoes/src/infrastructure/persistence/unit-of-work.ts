import { registerOnce } from '@plataforma/runtime/inbox';
import { appendToOutbox } from '@plataforma/runtime/outbox';
import type { DataSource, EntityManager } from 'typeorm';
import type { HistoricoNotificacoes, Transacao, UnitOfWork } from '../../application/ports.ts';
import { toIntegrationEvent } from '../event-mapper.ts';
import { PostgresContatos } from './postgres-contatos.ts';
import { PostgresFila } from './postgres-fila.ts';
import { PostgresPreferencias } from './postgres-preferencias.ts';
import { PostgresReservas } from './postgres-reservas.ts';

interface Deps {
  readonly dataSource: DataSource;
  /** The history as the transaction on this manager writes it. */
  readonly historico: (manager: EntityManager) => HistoricoNotificacoes;
}

/** One PostgreSQL transaction per piece of work, with its inbox and outbox rows. */
export class TypeOrmUnitOfWork implements UnitOfWork {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  run<T>(work: (tx: Transacao) => Promise<T>): Promise<T> {
    return this.#deps.dataSource.transaction((manager) => work(this.#transacao(manager)));
  }

  runOnce(consumidor: string, mensagemId: string, work: (tx: Transacao) => Promise<void>): Promise<boolean> {
    return this.#deps.dataSource.transaction(async (manager) => {
      if (!(await registerOnce(manager, consumidor, mensagemId))) return false;
      await work(this.#transacao(manager));
      return true;
    });
  }

  #transacao(manager: EntityManager): Transacao {
    return {
      fila: new PostgresFila(manager),
      contatos: new PostgresContatos(manager),
      reservas: new PostgresReservas(manager),
      preferencias: new PostgresPreferencias(manager),
      historico: this.#deps.historico(manager),
      publicar: (fato) => appendToOutbox(manager, [toIntegrationEvent(fato)]),
    };
  }
}
