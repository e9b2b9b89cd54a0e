import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { appendToOutbox } from '@plataforma/runtime/outbox';
import { PostgresUnitOfWork } from '@plataforma/runtime/unit-of-work';
import type { DataSource } from 'typeorm';
import type { Transacao as DoAcompanhamento } from '../acompanhamento/application/ports.ts';
import { PostgresReservas } from '../acompanhamento/infrastructure/postgres-reservas.ts';
import type { Transacao as DosContatos } from '../contatos/application/ports.ts';
import { PostgresContatos } from '../contatos/infrastructure/postgres-contatos.ts';
import type { Transacao as DoEnvio } from '../envio/application/ports.ts';
import { toIntegrationEvent } from '../envio/infrastructure/event-mapper.ts';
import { PostgresFilaDeSaida } from '../envio/infrastructure/postgres-fila-de-saida.ts';
import { PostgresFila } from '../mensagens/infrastructure/postgres-fila.ts';
import { PostgresHistorico } from '../mensagens/infrastructure/postgres-historico.ts';
import { PostgresPreferencias } from '../preferencias/infrastructure/postgres-preferencias.ts';

/** What one transaction sees; each room knows its part of it. */
type Transacao = DosContatos & DoAcompanhamento & DoEnvio;

export function createUnitOfWork(dataSource: DataSource): UnitOfWork<Transacao> {
  return new PostgresUnitOfWork(dataSource, (sql) => ({
    contatos: new PostgresContatos(sql),
    preferencias: new PostgresPreferencias(sql),
    reservas: new PostgresReservas(sql),
    fila: new PostgresFila(sql),
    saida: new PostgresFilaDeSaida(sql),
    historico: new PostgresHistorico(sql),
    publicar: (fato) => appendToOutbox(sql, [toIntegrationEvent(fato)]),
  }));
}
