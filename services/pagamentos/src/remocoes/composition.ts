import { UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import type { Clock } from '@plataforma/domain/clock';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { on } from '@plataforma/runtime/event-message';
import { PostgresUnitOfWork } from '@plataforma/runtime/unit-of-work';
import type { DataSource } from 'typeorm';
import { CONSUMIDOR, RemoverClienteHandler } from './application/remover-cliente.ts';
import { PostgresApagamentoRepository } from './infrastructure/apagamento-repository.ts';

interface Deps {
  readonly dataSource: DataSource;
  readonly clock: Clock;
}

/** Hears that somebody's account is gone. */
export function remocoesConsumer({ dataSource, clock }: Deps): ConsumeOptions {
  const uow = new PostgresUnitOfWork(dataSource, (sql) => ({
    apagamento: new PostgresApagamentoRepository(sql),
  }));
  const remover = new RemoverClienteHandler({ uow, clock });
  return {
    stream: 'AUTH',
    durable: CONSUMIDOR,
    filter: 'auth.v1.>',
    on: [
      on(UsuarioRemovidoSchema, ({ usuarioId }, { id: mensagemId }) =>
        remover.execute({ usuarioId, mensagemId }),
      ),
    ],
  };
}
