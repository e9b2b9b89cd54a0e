import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { EndedSessions } from '@plataforma/runtime/ended-sessions';
import { PostgresUnitOfWork } from '@plataforma/runtime/unit-of-work';
import type { DataSource } from 'typeorm';
import { OutboxAvisos } from '../avisos/infrastructure/outbox-avisos.ts';
import { PostgresUsuariosRepository } from '../contas/infrastructure/usuarios-repository.ts';
import type { Transacao as DasSenhas } from '../senhas/application/ports.ts';
import { PostgresRedefinicoesRepository } from '../senhas/infrastructure/redefinicoes-repository.ts';
import type { Transacao as DasSessoes } from '../sessoes/application/ports.ts';
import { PostgresEncerramentosRepository } from '../sessoes/infrastructure/encerramentos-repository.ts';

/** What one transaction sees; each room knows its part of it. */
type Transacao = DasSenhas & DasSessoes;

/** @param ended hears of the sessions that a transaction has ended */
export function createUnitOfWork(dataSource: DataSource, ended: EndedSessions): UnitOfWork<Transacao> {
  return new PostgresUnitOfWork(dataSource, (sql, afterCommit) => ({
    usuarios: new PostgresUsuariosRepository(sql, (usuarioId, geracao, em) =>
      afterCommit(() => ended.noteAccount(usuarioId, geracao, em)),
    ),
    avisos: new OutboxAvisos(sql),
    encerramentos: new PostgresEncerramentosRepository(sql, afterCommit, ended),
    redefinicoes: new PostgresRedefinicoesRepository(sql),
  }));
}
