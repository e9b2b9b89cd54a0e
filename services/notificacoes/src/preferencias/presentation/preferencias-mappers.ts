import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { AtualizarPreferenciasRequest } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import {
  type Preferencias as PreferenciasProto,
  PreferenciasSchema,
} from '@plataforma/contratos/notificacoes/v1/preferencias_pb';
import type { PreferenciasGuardadas } from '../application/ports.ts';
import type { Preferencias } from '../domain/preferencias.ts';

/** Validation has refused a request that leaves one out. */
export function preferenciasFrom(request: AtualizarPreferenciasRequest): Preferencias {
  const { email = false, sms = false, push = false, lembretes = false, telefone = '' } = request;
  return { email, sms, push, lembretes, telefone };
}

export function toPreferenciasProto(
  clienteId: string,
  { atualizadasEm, email, sms, push, lembretes, telefone }: PreferenciasGuardadas,
): PreferenciasProto {
  return create(PreferenciasSchema, {
    clienteId,
    email,
    sms,
    push,
    lembretes,
    telefone,
    ...(atualizadasEm && { atualizadasEm: timestampFromDate(atualizadasEm) }),
  });
}
