import { UsuarioAtualizadoSchema, UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { on } from '@plataforma/runtime/event-message';
import type { CalendariosRepository } from '../application/ports.ts';

type Revogador = Pick<CalendariosRepository, 'revogarTodos' | 'revogarAnteriores' | 'revogarDeEspacos'>;

/**
 * A feed asks for no role when it is fetched, so it ends with what it was made by: the account, the generation of its sessions
 * (whoever had copied a token of one keeps nothing), the role, or the assignment. Revoking is idempotent, an earlier generation
 * ends no feed of a later one, and other news that come late can only revoke too much: no inbox is needed.
 */
export function calendariosConsumer(calendarios: Revogador): ConsumeOptions {
  const atualizado = on(UsuarioAtualizadoSchema, async (conta, { ocorridoEm }) => {
    const { usuarioId, papeis, ativo, geracaoSessoes } = conta;
    if (!ativo) return calendarios.revogarTodos(usuarioId, ocorridoEm);
    await calendarios.revogarAnteriores(usuarioId, geracaoSessoes, ocorridoEm);
    if (papeis.includes(PapelUsuario.ADMIN)) return;
    const atribuidos = papeis.includes(PapelUsuario.GESTOR);
    await calendarios.revogarDeEspacos(usuarioId, atribuidos, ocorridoEm);
  });
  const removido = on(UsuarioRemovidoSchema, ({ usuarioId }, { ocorridoEm }) =>
    calendarios.revogarTodos(usuarioId, ocorridoEm),
  );
  return { stream: 'AUTH', durable: 'reservas-contas', filter: 'auth.v1.>', on: [atualizado, removido] };
}
