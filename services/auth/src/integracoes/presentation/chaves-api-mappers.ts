import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type ChaveApi as ChaveApiProto,
  ChaveApiSchema,
} from '@plataforma/contratos/auth/v1/chaves_api_service_pb';
import type { ChaveApi } from '../domain/chave-api.ts';

/** @param em the secret before is told of as long as it is good. @param segredo to the call that has made it */
export function toChaveProto({ estado }: ChaveApi, prefixo: string, em: Date, segredo = ''): ChaveApiProto {
  const { id, usuarioId, nome, escopos, criadaEm, expiraEm, usadaEm, usadaDe } = estado;
  const { rotacionadaEm, anterior, revogadaEm } = estado;
  return create(ChaveApiSchema, {
    ...{ id, usuarioId, nome, prefixo, escopos: [...escopos], usadaDe, segredo },
    ...{ criadaEm: timestampFromDate(criadaEm), expiraEm: timestampFromDate(expiraEm) },
    ...(usadaEm && { usadaEm: timestampFromDate(usadaEm) }),
    ...(rotacionadaEm && { rotacionadaEm: timestampFromDate(rotacionadaEm) }),
    ...(anterior && em < anterior.ate && { anteriorAte: timestampFromDate(anterior.ate) }),
    ...(revogadaEm && { revogadaEm: timestampFromDate(revogadaEm) }),
  });
}
