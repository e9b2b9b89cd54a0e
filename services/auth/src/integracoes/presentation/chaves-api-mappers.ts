import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type ChaveApi as ChaveApiProto,
  ChaveApiSchema,
} from '@plataforma/contratos/auth/v1/chaves_api_service_pb';
import type { ChaveApi } from '../domain/chave-api.ts';

/** @param em the secret before is told of as long as it is good. @param segredo to the call that has made it */
export function toChaveProto({ estado }: ChaveApi, prefixo: string, em: Date, segredo = ''): ChaveApiProto {
  const { id, usuarioId, nome, escopos, criadoEm, expiraEm, usadoEm, usadoDe } = estado;
  const { rotacionadoEm, anterior, revogadoEm } = estado;
  return create(ChaveApiSchema, {
    ...{ id, usuarioId, nome, prefixo, escopos: [...escopos], usadoDe, segredo },
    ...{ criadoEm: timestampFromDate(criadoEm), expiraEm: timestampFromDate(expiraEm) },
    ...(usadoEm && { usadoEm: timestampFromDate(usadoEm) }),
    ...(rotacionadoEm && { rotacionadoEm: timestampFromDate(rotacionadoEm) }),
    ...(anterior && em < anterior.ate && { anteriorAte: timestampFromDate(anterior.ate) }),
    ...(revogadoEm && { revogadoEm: timestampFromDate(revogadoEm) }),
  });
}
