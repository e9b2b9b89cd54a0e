import { Code } from '@connectrpc/connect';
import { UsersService } from '@plataforma/contratos/auth/v1/users_service_pb';
import { sessionEnded } from '@plataforma/runtime/ended-sessions';
import { rpcError } from '@plataforma/runtime/errors';
import { principalOf } from '@plataforma/runtime/principal';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { toRpcError } from '../../contrato/presentation/errors.ts';
import type { UsuariosRepository } from '../application/ports.ts';
import type { UpdateUserHandler } from '../application/update-user.ts';
import { UsuarioNaoEncontradoError } from '../domain/recusa.ts';
import { administraAtivo } from '../domain/usuario.ts';
import { mudancaFrom, toUsuarioProto } from './contas-mappers.ts';

/** Accounts as their owners and administrators see them. */
export function usersService(usuarios: UsuariosRepository, update: UpdateUserHandler): RpcService {
  return rpcService(UsersService, {
    acesso: {
      getMe: 'AUTENTICADO',
      updateMe: 'AUTENTICADO',
      deleteMe: 'AUTENTICADO',
      listUsers: { papeis: ['ADMIN'] },
      getUser: 'AUTENTICADO',
      updateUser: { papeis: ['ADMIN'] },
      deleteUser: { papeis: ['ADMIN'] },
    },
    impl: {
      async getMe(_, context) {
        const usuario = await usuarios.findById(principalOf(context).id);
        if (!usuario?.estado.ativo) throw sessionEnded();
        return toUsuarioProto(usuario);
      },
      async getUser({ usuarioId }, context) {
        const quem = await usuarios.findById(principalOf(context).id);
        if (!quem?.estado.ativo) throw sessionEnded();
        if (usuarioId === quem.estado.id) return toUsuarioProto(quem);
        const usuario = administraAtivo(quem.estado) ? await usuarios.findById(usuarioId) : undefined;
        // Whether others have an account is none of everybody's business.
        if (!usuario) throw toRpcError(new UsuarioNaoEncontradoError());
        return toUsuarioProto(usuario);
      },
      async updateUser(request, context) {
        if (request.espacosGeridos.length > 0 || request.removerEspacosGeridos) throw espacosEmReservas();
        const { id: autorId, geracao } = principalOf(context);
        const { usuarioId } = request;
        const mudanca = mudancaFrom(request);
        const updated = await update.execute({ autorId, geracao, usuarioId, mudanca });
        if (updated.isFailure) throw toRpcError(updated.error);
        return toUsuarioProto(updated.value);
      },
    },
  });
}

function espacosEmReservas() {
  const message =
    'Os espaços de um gestor são atribuídos em /api/v1/espacos/{espacoId}/gestores/{usuarioId}.';
  return rpcError(Code.InvalidArgument, 'REQUISICAO_INVALIDA', message);
}
