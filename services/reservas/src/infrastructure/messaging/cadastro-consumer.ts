import {
  UsuarioAtualizadoSchema,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { on } from '@plataforma/runtime/event-message';
import type { Contas } from '../../application/contas.ts';

/** Learns who has an account. The version of the account decides what is newer, so this needs no inbox. */
export function cadastroConsumer(contas: Contas): ConsumeOptions {
  const registrado = on(UsuarioRegistradoSchema, ({ usuarioId, papeis }, { agregado, ocorridoEm }) =>
    contas.guardar({
      ...{ usuarioId, versao: agregado.versao, ativa: true, em: ocorridoEm },
      admin: papeis.includes(PapelUsuario.ADMIN),
      gestor: papeis.includes(PapelUsuario.GESTOR),
    }),
  );
  const atualizado = on(UsuarioAtualizadoSchema, ({ usuarioId, papeis, ativo }, { agregado, ocorridoEm }) =>
    contas.guardar({
      ...{ usuarioId, versao: agregado.versao, ativa: ativo, em: ocorridoEm },
      admin: papeis.includes(PapelUsuario.ADMIN),
      gestor: papeis.includes(PapelUsuario.GESTOR),
    }),
  );
  const removido = on(UsuarioRemovidoSchema, ({ usuarioId }, { ocorridoEm }) =>
    contas.encerrar(usuarioId, ocorridoEm),
  );
  return {
    stream: 'AUTH',
    durable: 'reservas-cadastro',
    filter: 'auth.v1.>',
    on: [registrado, atualizado, removido],
  };
}
