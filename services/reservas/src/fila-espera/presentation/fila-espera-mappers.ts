import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type EntradaFilaSchema, StatusEntradaFila } from '@plataforma/contratos/reservas/v1/fila_espera_pb';
import type { EntradaComPosicao } from '../application/ports.ts';

export function toEntradaProto({
  entrada,
  posicao,
}: EntradaComPosicao): MessageInitShape<typeof EntradaFilaSchema> {
  const { oferta, periodo } = entrada;
  return {
    id: entrada.id,
    espacoId: entrada.espacoId,
    clienteId: entrada.clienteId,
    dataInicio: timestampFromDate(periodo.inicio),
    dataFim: timestampFromDate(periodo.fim),
    status: StatusEntradaFila[entrada.status],
    posicao,
    extras: entrada.extras.map(({ codigo, quantidade }) => ({ codigo, quantidade })),
    reservaId: oferta?.reservaId ?? '',
    ...(oferta && { ofertaExpiraEm: timestampFromDate(oferta.expiraEm) }),
    encerraEm: timestampFromDate(entrada.encerraEm),
    criadoEm: timestampFromDate(entrada.criadoEm),
    atualizadoEm: timestampFromDate(entrada.atualizadoEm),
  };
}
