import { registerOnce } from '@plataforma/runtime/inbox';
import { appendToOutbox } from '@plataforma/runtime/outbox';
import { inRepeatableTransaction, type Sql } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { HistoricoNotificacoes, Transacao, UnitOfWork } from '../../application/ports.ts';
import { toIntegrationEvent } from '../event-mapper.ts';
import { PostgresContatos } from './postgres-contatos.ts';
import { PostgresFila } from './postgres-fila.ts';
import { PostgresPreferencias } from './postgres-preferencias.ts';
import { PostgresReservas } from './postgres-reservas.ts';

interface Deps {
  readonly dataSource: DataSource;
  /** The history as the transaction on this manager writes it. */
  readonly historico: (manager: Sql) => HistoricoNotificacoes;
}

/** One PostgreSQL transaction per piece of work, with its inbox and outbox rows; deadlocks are tried again. */
export class PostgresUnitOfWork implements UnitOfWork {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  run<T>(work: (tx: Transacao) => Promise<T>): Promise<T> {
    return inRepeatableTransaction(this.#deps.dataSource, (manager) => work(this.#transacao(manager)));
  }

  runOnce(consumidor: string, mensagemId: string, work: (tx: Transacao) => Promise<void>): Promise<boolean> {
    return inRepeatableTransaction(this.#deps.dataSource, async (manager) => {
      if (!(await registerOnce(manager, consumidor, mensagemId))) return false;
      await work(this.#transacao(manager));
      return true;
    });
  }

  #transacao(manager: Sql): Transacao {
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
