import { UsuarioAtualizadoSchema, UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { on } from '@plataforma/runtime/event-message';
import type { CalendariosRepository } from '../application/ports.ts';

type Revogador = Pick<CalendariosRepository, 'revogarTodos' | 'revogarDeEspacos'>;

/**
 * A feed asks for no role when it is fetched, so it ends with what it was made by: the account, the role, or the
 * assignment. Revoking is idempotent, and news that come late can only revoke too much: no inbox is needed.
 */
export function calendariosConsumer(calendarios: Revogador): ConsumeOptions {
  const atualizado = on(UsuarioAtualizadoSchema, async ({ usuarioId, papeis, ativo }, { ocorridoEm }) => {
    if (!ativo) return calendarios.revogarTodos(usuarioId, ocorridoEm);
    if (papeis.includes(PapelUsuario.ADMIN)) return;
    const atribuidos = papeis.includes(PapelUsuario.GESTOR);
    await calendarios.revogarDeEspacos(usuarioId, atribuidos, ocorridoEm);
  });
  const removido = on(UsuarioRemovidoSchema, ({ usuarioId }, { ocorridoEm }) =>
    calendarios.revogarTodos(usuarioId, ocorridoEm),
  );
  return { stream: 'AUTH', durable: 'reservas-contas', filter: 'auth.v1.>', on: [atualizado, removido] };
}
