import { UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { on } from '@plataforma/runtime/event-message';
import { CONSUMIDOR, type RemoverPessoaHandler } from '../application/remover-pessoa.ts';

/** Hears that somebody's account is gone. */
export function remocoesConsumer(remover: Pick<RemoverPessoaHandler, 'execute'>): ConsumeOptions {
  return {
    stream: 'AUTH',
    durable: CONSUMIDOR,
    filter: 'auth.v1.>',
    on: [
      on(UsuarioRemovidoSchema, ({ usuarioId }, { id: mensagemId, ocorridoEm: em }) =>
        remover.execute({ usuarioId, mensagemId, em }),
      ),
    ],
  };
}
