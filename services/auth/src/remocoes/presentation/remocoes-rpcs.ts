import { create } from '@bufbuild/protobuf';
import type { ServiceImpl } from '@connectrpc/connect';
import {
  DeleteMeResponseSchema,
  DeleteUserResponseSchema,
  type UsersService,
} from '@plataforma/contratos/auth/v1/users_service_pb';
import { principalOf } from '@plataforma/runtime/principal';
import type { Repeats } from '@plataforma/runtime/rpc';
import { neverStored } from '../../chaves/presentation/never-stored.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import type { DeleteMeHandler } from '../application/delete-me.ts';
import type { DeleteUserHandler } from '../application/delete-user.ts';
import type { ConsultaDeRemocoes } from '../application/ports.ts';

interface Deps {
  readonly deleteMe: DeleteMeHandler;
  readonly deleteUser: DeleteUserHandler;
  readonly origemDe: OrigemDe;
}

/** Removing accounts: one's own, and for administrators those of others. */
export function remocoesRpcs({
  deleteMe,
  deleteUser,
  origemDe,
}: Deps): Partial<ServiceImpl<typeof UsersService>> {
  return {
    async deleteMe({ password: senha, codigo }, context) {
      const { id: usuarioId, geracao, autenticadoEm } = principalOf(context);
      const origem = origemDe(context);
      const command = { usuarioId, geracao, autenticadoEm, senha, codigo, origem };
      const { protocolo } = valueOrThrow(await deleteMe.execute(command));
      neverStored(context);
      return create(DeleteMeResponseSchema, { protocolo });
    },
    async deleteUser({ usuarioId, password: senha, codigo }, context) {
      const { id: autorId, geracao, autenticadoEm } = principalOf(context);
      const author = { autorId, geracao, autenticadoEm, senha, codigo, origem: origemDe(context) };
      const { protocolo } = valueOrThrow(await deleteUser.execute({ ...author, usuarioId }));
      neverStored(context);
      return create(DeleteUserResponseSchema, { protocolo });
    },
  };
}

/** Of two calls of an owner at once; one that comes later has no session any more, and its protocol by mail. */
export function remocoesRepeats({
  consulta,
}: {
  consulta: Pick<ConsultaDeRemocoes, 'daConta'>;
}): Repeats<typeof UsersService> {
  const protocoloDe = async (usuarioId: string) => ({
    protocolo: (await consulta.daConta(usuarioId))?.protocolo ?? '',
  });
  return {
    async deleteMe(usuarioId, _, chamada) {
      neverStored(chamada);
      return protocoloDe(usuarioId);
    },
    async deleteUser(usuarioId, _, chamada) {
      neverStored(chamada);
      return protocoloDe(usuarioId);
    },
  };
}
