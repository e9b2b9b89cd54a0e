import { Code } from '@connectrpc/connect';
import { UsersService } from '@plataforma/contratos/auth/v1/users_service_pb';
import { genericError } from '@plataforma/runtime/errors';
import { principalOf } from '@plataforma/runtime/principal';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type { UsuariosRepository } from '../../application/ports.ts';
import { toUsuarioProto } from './mappers.ts';

/** Accounts as their owners and administrators see them. */
export function usersService(usuarios: UsuariosRepository): RpcService {
  return rpcService(UsersService, {
    acesso: {
      getMe: 'AUTENTICADO',
      updateMe: 'AUTENTICADO',
      deleteMe: 'AUTENTICADO',
      listUsers: { papeis: ['ADMIN'] },
      getUser: { papeis: ['ADMIN'] },
      updateUser: { papeis: ['ADMIN'] },
      deleteUser: { papeis: ['ADMIN'] },
    },
    impl: {
      async getMe(_, context) {
        const usuario = await usuarios.findById(principalOf(context).id);
        if (!usuario?.estado.ativo) throw genericError(Code.Unauthenticated);
        return toUsuarioProto(usuario);
      },
    },
  });
}
