import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { PostgresUnitOfWork } from '@plataforma/runtime/unit-of-work';
import type { DataSource } from 'typeorm';
import type { Transacao as DosAvisos } from '../avisos/application/ports.ts';
import { OutboxAvisos } from '../avisos/infrastructure/outbox-avisos.ts';
import type { Transacao as DasContas } from '../contas/application/ports.ts';
import { PostgresUsuariosRepository } from '../contas/infrastructure/usuarios-repository.ts';

/** What one transaction sees; each room knows its part of it. */
type Transacao = DasContas & DosAvisos;

export function createUnitOfWork(dataSource: DataSource): UnitOfWork<Transacao> {
  return new PostgresUnitOfWork(dataSource, (sql) => ({
    usuarios: new PostgresUsuariosRepository(sql),
    avisos: new OutboxAvisos(sql),
  }));
}
