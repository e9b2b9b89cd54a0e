import {
  UsuarioAtualizadoSchema,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { on } from '@plataforma/runtime/event-message';
import type { Administradores } from '../application/ports.ts';

/**
 * Who the administrators are. A durable of its own, which starts at the oldest event that there is: who was one before this service
 * took notice is known by it. The version of the account decides, so it needs no inbox. What is personal stays sealed.
 */
export function administradoresConsumer(administradores: Pick<Administradores, 'notar'>): ConsumeOptions {
  const comPapeis = ({ papeis }: { papeis: readonly PapelUsuario[] }) => papeis.includes(PapelUsuario.ADMIN);
  return {
    stream: 'AUTH',
    durable: 'notificacoes-administradores',
    filter: 'auth.v1.>',
    on: [
      // The first version of most accounts is of no administrator, and nothing is older than it.
      on(UsuarioRegistradoSchema, async (evento, { agregado }) => {
        if (comPapeis(evento)) await administradores.notar(evento.usuarioId, agregado.versao, true);
      }),
      on(UsuarioAtualizadoSchema, (evento, { agregado }) =>
        administradores.notar(evento.usuarioId, agregado.versao, evento.ativo && comPapeis(evento)),
      ),
      on(UsuarioRemovidoSchema, ({ usuarioId }, { agregado }) =>
        administradores.notar(usuarioId, agregado.versao, false),
      ),
    ],
  };
}
