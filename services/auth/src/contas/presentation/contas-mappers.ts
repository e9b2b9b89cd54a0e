import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type ListUsersRequest,
  type UpdateUserRequest,
  UpdateUserRequestSchema,
} from '@plataforma/contratos/auth/v1/users_service_pb';
import {
  PapelUsuario,
  type Usuario as UsuarioProto,
  UsuarioSchema,
} from '@plataforma/contratos/auth/v1/usuario_pb';
import { nameFrom } from '@plataforma/runtime/enum-names';
import { changesOf } from '@plataforma/runtime/update-mask';
import type { FiltroDeUsuarios } from '../application/ports.ts';
import { type MudancaUsuario, PAPEIS, type Usuario } from '../domain/usuario.ts';

/** What was sent, or named; nobody is without a name, a role and a state. */
export function mudancaFrom(request: UpdateUserRequest): MudancaUsuario {
  const { nome, papeis, ativo } = changesOf(UpdateUserRequestSchema, request, []).given;
  return {
    ...(nome !== undefined && { nome }),
    ...(papeis && { papeis: PAPEIS.filter((papel) => papeis.includes(PapelUsuario[papel])) }),
    ...(ativo !== undefined && { ativo }),
  };
}

export function filtroFrom({
  busca,
  papel,
  ativo,
  emailVerificado,
}: Pick<ListUsersRequest, 'busca' | 'papel' | 'ativo' | 'emailVerificado'>): FiltroDeUsuarios {
  return { busca: busca || undefined, papel: nameFrom(PapelUsuario, papel), ativo, emailVerificado };
}

export function toUsuarioProto({ estado }: Usuario): UsuarioProto {
  return create(UsuarioSchema, {
    id: estado.id,
    nome: estado.nome,
    email: estado.email,
    emailVerificado: estado.emailVerificado,
    papeis: estado.papeis.map((papel) => PapelUsuario[papel]),
    mfaAtivo: estado.mfaAtivo,
    googleVinculado: estado.googleVinculado,
    ativo: estado.ativo,
    criadoEm: timestampFromDate(estado.criadoEm),
    atualizadoEm: timestampFromDate(estado.atualizadoEm),
    ...(estado.substituidoEm && { substituidoEm: timestampFromDate(estado.substituidoEm) }),
  });
}
