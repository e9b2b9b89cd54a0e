import { registerOnce } from '@plataforma/runtime/inbox';
import { appendToOutbox } from '@plataforma/runtime/outbox';
import { inRepeatableTransaction, type Sql } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import type { Reservas } from '../acompanhamento/application/ports.ts';
import { PostgresReservas } from '../acompanhamento/infrastructure/postgres-reservas.ts';
import type { Contatos } from '../contatos/application/ports.ts';
import { PostgresContatos } from '../contatos/infrastructure/postgres-contatos.ts';
import type { UnitOfWork } from '../contrato/application/unit-of-work.ts';
import type { FilaDeSaida, NotificacaoEnviada } from '../envio/application/ports.ts';
import { toIntegrationEvent } from '../envio/infrastructure/event-mapper.ts';
import { PostgresFilaDeSaida } from '../envio/infrastructure/postgres-fila-de-saida.ts';
import type { FilaNotificacoes, HistoricoNotificacoes } from '../mensagens/application/ports.ts';
import { PostgresFila } from '../mensagens/infrastructure/postgres-fila.ts';
import type { PreferenciasDosClientes } from '../preferencias/application/ports.ts';
import { PostgresPreferencias } from '../preferencias/infrastructure/postgres-preferencias.ts';

/** What one transaction sees; each room knows its part of it. */
interface Transacao {
  readonly contatos: Contatos;
  readonly preferencias: PreferenciasDosClientes;
  readonly reservas: Reservas;
  readonly fila: FilaNotificacoes;
  readonly saida: FilaDeSaida;
  readonly historico: HistoricoNotificacoes;
  publicar(fato: NotificacaoEnviada): Promise<void>;
}

interface Deps {
  readonly dataSource: DataSource;
  /** The history as the transaction on this manager writes it. */
  readonly historico: (manager: Sql) => HistoricoNotificacoes;
}

/** One PostgreSQL transaction per piece of work, with its inbox and outbox rows; deadlocks are tried again. */
export class PostgresUnitOfWork implements UnitOfWork<Transacao> {
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
      contatos: new PostgresContatos(manager),
      preferencias: new PostgresPreferencias(manager),
      reservas: new PostgresReservas(manager),
      fila: new PostgresFila(manager),
      saida: new PostgresFilaDeSaida(manager),
      historico: this.#deps.historico(manager),
      publicar: (fato) => appendToOutbox(manager, [toIntegrationEvent(fato)]),
    };
  }
}
