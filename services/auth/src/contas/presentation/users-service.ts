import { create } from '@bufbuild/protobuf';
import { Code, type ServiceImpl } from '@connectrpc/connect';
import { ListUsersResponseSchema, UsersService } from '@plataforma/contratos/auth/v1/users_service_pb';
import { toPageToken } from '@plataforma/domain/page-token';
import { sessionEnded } from '@plataforma/runtime/ended-sessions';
import { rpcError } from '@plataforma/runtime/errors';
import { principalOf } from '@plataforma/runtime/principal';
import {
  type ChamadaAutenticada,
  type ChamadaRepetida,
  type Repeats,
  type RpcService,
  rpcService,
} from '@plataforma/runtime/rpc';
import { USERS } from '../../contrato/presentation/acesso.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import type { ConsultaDeCodigos } from '../../fatores/application/ports.ts';
import type { GetUserHandler } from '../application/get-user.ts';
import type { ListUsersHandler } from '../application/list-users.ts';
import type { ConsultaDeUsuarios } from '../application/ports.ts';
import type { UpdateUserHandler } from '../application/update-user.ts';
import { podeEntrar, type Usuario } from '../domain/usuario.ts';
import { filtroFrom, mudancaFrom, toUsuarioProto } from './contas-mappers.ts';

/** What another room answers of the service. */
export type UsersRpcs = Partial<ServiceImpl<typeof UsersService>>;

interface Deps {
  readonly consulta: ConsultaDeUsuarios;
  readonly codigos: ConsultaDeCodigos;
  readonly getUser: GetUserHandler;
  readonly listUsers: ListUsersHandler;
  readonly updateUser: UpdateUserHandler;
  readonly origemDe: OrigemDe;
}

/** How its calls are answered that are sent again. */
export type UsersRepeats = Repeats<typeof UsersService>;

/** Accounts as their owners and administrators see them. */
export function usersService(
  { consulta, codigos, getUser, listUsers, updateUser, origemDe }: Deps,
  repeats: UsersRepeats,
  ...rooms: readonly UsersRpcs[]
): RpcService {
  async function solicitanteDe(chamada: ChamadaAutenticada): Promise<Usuario> {
    const usuario = await consulta.findById(principalOf(chamada).id);
    if (!usuario || !podeEntrar(usuario.estado)) throw sessionEnded();
    return usuario;
  }

  async function umUsuario(usuarioId: string, chamada: ChamadaRepetida) {
    const origem = origemDe(chamada);
    const solicitante = await solicitanteDe(chamada);
    const administra = principalOf(chamada).papeis.includes('ADMIN');
    return toUsuarioProto(
      valueOrThrow(await getUser.execute({ solicitante, administra, usuarioId, origem })),
    );
  }

  return rpcService(UsersService, {
    acesso: USERS,
    repeats: {
      async updateMe(_efeito, _request, chamada) {
        return toUsuarioProto(await solicitanteDe(chamada));
      },
      async confirmEmailChange(_efeito, _request, chamada) {
        return toUsuarioProto(await solicitanteDe(chamada));
      },
      ...repeats,
      async updateUser(usuarioId, _, chamada) {
        return umUsuario(usuarioId, chamada);
      },
      resetUserMfa: async () => ({}),
    },
    impl: {
      ...Object.assign({}, ...rooms),
      async getMe(_, context) {
        const eu = await solicitanteDe(context);
        const { id, mfaAtivo } = eu.estado;
        if (!mfaAtivo) return toUsuarioProto(eu);
        return { ...toUsuarioProto(eu), codigosRecuperacaoRestantes: await codigos.restantes(id) };
      },
      async getUser({ usuarioId }, context) {
        return umUsuario(usuarioId, context);
      },
      async listUsers({ pageSize, pageToken, ...request }, context) {
        const solicitante = await solicitanteDe(context);
        const query = { pageSize, pageToken, filtro: filtroFrom(request), origem: origemDe(context) };
        const { itens, proxima } = valueOrThrow(await listUsers.execute({ solicitante, ...query }));
        const usuarios = itens.map(toUsuarioProto);
        return create(ListUsersResponseSchema, { usuarios, nextPageToken: toPageToken(proxima) });
      },
      async updateUser(request, context) {
        if (request.espacosGeridos.length > 0 || request.removerEspacosGeridos) throw espacosEmReservas();
        const { id: autorId, geracao, autenticadoEm } = principalOf(context);
        const { usuarioId, password: senha, codigo } = request;
        const author = { autorId, geracao, autenticadoEm, senha, codigo, origem: origemDe(context) };
        const mudanca = mudancaFrom(request);
        return toUsuarioProto(valueOrThrow(await updateUser.execute({ ...author, usuarioId, mudanca })));
      },
    },
  });
}

function espacosEmReservas() {
  const message =
    'Os espaços de um gestor são atribuídos em /api/v1/espacos/{espacoId}/gestores/{usuarioId}.';
  return rpcError(Code.InvalidArgument, 'REQUISICAO_INVALIDA', message);
}
