import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type FinishPasskeyRegistrationResponse,
  FinishPasskeyRegistrationResponseSchema,
  type Passkey as PasskeyProto,
  PasskeySchema,
} from '@plataforma/contratos/auth/v1/passkeys_service_pb';
import type { PasskeyNova } from '../application/finish-registration.ts';
import type { Passkey } from '../domain/passkey.ts';

export function toPasskeyProto({ estado }: Passkey): PasskeyProto {
  const { id, nome, sincronizada, criadoEm, usadoEm } = estado;
  return create(PasskeySchema, {
    ...{ id, nome, sincronizada, criadoEm: timestampFromDate(criadoEm) },
    ...(usadoEm && { usadoEm: timestampFromDate(usadoEm) }),
  });
}

export function toRegistrationProto({
  passkey,
  codigosRecuperacao,
}: PasskeyNova): FinishPasskeyRegistrationResponse {
  return create(FinishPasskeyRegistrationResponseSchema, {
    passkey: toPasskeyProto(passkey),
    codigosRecuperacao: [...codigosRecuperacao],
  });
}
