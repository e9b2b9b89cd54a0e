import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { HandlerContext } from '@connectrpc/connect';
import { type LoginResponse, LoginResponseSchema } from '@plataforma/contratos/auth/v1/auth_service_pb';
import type { UpdateUserRequest } from '@plataforma/contratos/auth/v1/users_service_pb';
import {
  PapelUsuario,
  type Usuario as UsuarioProto,
  UsuarioSchema,
} from '@plataforma/contratos/auth/v1/usuario_pb';
import type { TokensGranted } from '../../application/commands/grant-tokens.ts';
import type { MudancaUsuario, Papel, Usuario } from '../../domain/usuario.ts';

const PAPEL: Readonly<Record<Papel, PapelUsuario>> = {
  CLIENTE: PapelUsuario.CLIENTE,
  GESTOR: PapelUsuario.GESTOR,
  ADMIN: PapelUsuario.ADMIN,
};

export const toPapelProto = (papel: Papel): PapelUsuario => PAPEL[papel];

/** What was sent; no roles means that they stay. */
export function toMudancaUsuario({ nome, papeis, ativo }: UpdateUserRequest): MudancaUsuario {
  const entries = Object.entries(PAPEL) as [Papel, PapelUsuario][];
  const novos = entries.filter(([, proto]) => papeis.includes(proto)).map(([papel]) => papel);
  return {
    ...(nome !== undefined && { nome }),
    ...(novos.length > 0 && { papeis: novos }),
    ...(ativo !== undefined && { ativo }),
  };
}

export function toUsuarioProto({ estado }: Usuario): UsuarioProto {
  return create(UsuarioSchema, {
    id: estado.id,
    nome: estado.nome,
    email: estado.email,
    emailVerificado: estado.emailVerificado,
    papeis: estado.papeis.map(toPapelProto),
    ativo: estado.ativo,
    criadoEm: timestampFromDate(estado.criadoEm),
    atualizadoEm: timestampFromDate(estado.atualizadoEm),
  });
}

/** Tokens are for the caller alone: nobody on the way may keep them (RFC 6749, 5.1). */
export function neverStored({ responseHeader }: Pick<HandlerContext, 'responseHeader'>): void {
  responseHeader.set('cache-control', 'no-store');
}

export function toLoginResponse(
  { accessToken, refreshToken, expiresInSeconds }: TokensGranted,
  context: Pick<HandlerContext, 'responseHeader'>,
): LoginResponse {
  neverStored(context);
  return create(LoginResponseSchema, {
    accessToken,
    refreshToken,
    tokenType: 'Bearer',
    expiresIn: expiresInSeconds,
  });
}
