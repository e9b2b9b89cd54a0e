import { create } from '@bufbuild/protobuf';
import type { HandlerContext } from '@connectrpc/connect';
import { type LoginResponse, LoginResponseSchema } from '@plataforma/contratos/auth/v1/auth_service_pb';
import { neverStored } from '../../chaves/presentation/never-stored.ts';
import type { TokensGranted } from '../application/grant-access.ts';

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
