import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { PostgresUnitOfWork } from '@plataforma/runtime/unit-of-work';
import type { DataSource } from 'typeorm';
import type { Transacao } from '../contas/application/ports.ts';
import { PostgresUsuariosRepository } from '../contas/infrastructure/usuarios-repository.ts';

/** Every store that a transaction of auth may change; each room knows its part. */
export function createUnitOfWork(dataSource: DataSource): UnitOfWork<Transacao> {
  return new PostgresUnitOfWork(dataSource, (sql) => ({ usuarios: new PostgresUsuariosRepository(sql) }));
}
