import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type RegistroHistorico,
  RegistroHistoricoSchema,
  TipoRegistroHistorico,
} from '@plataforma/contratos/notificacoes/v1/historico_pb';
import { Canal, ModeloNotificacao } from '@plataforma/contratos/notificacoes/v1/notificacao_pb';
import type { RegistroLido } from '../application/ports.ts';

export function toRegistroHistoricoProto(registro: RegistroLido): RegistroHistorico {
  const { canal, modelo, tipo, ocorridoEm, ...mesmos } = registro;
  return create(RegistroHistoricoSchema, {
    ...mesmos,
    canal: Canal[canal],
    modelo: ModeloNotificacao[modelo],
    tipo: TipoRegistroHistorico[tipo],
    ocorridoEm: timestampFromDate(ocorridoEm),
  });
}
