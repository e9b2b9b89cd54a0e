import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  type EntradaFilaSchema,
  StatusEntradaFila as StatusProto,
} from '@plataforma/contratos/reservas/v1/fila_espera_pb';
import type { EntradaComPosicao } from '../application/ports.ts';
import type { StatusEntrada } from '../domain/entrada-fila.ts';

const STATUS_PROTO: Readonly<Record<StatusEntrada, StatusProto>> = {
  AGUARDANDO: StatusProto.AGUARDANDO,
  OFERTADA: StatusProto.OFERTADA,
  ATENDIDA: StatusProto.ATENDIDA,
  EXPIRADA: StatusProto.EXPIRADA,
  CANCELADA: StatusProto.CANCELADA,
  ENCERRADA: StatusProto.ENCERRADA,
};

/** The status, or undefined when none was named. */
export function statusEntradaFrom(status: StatusProto): StatusEntrada | undefined {
  const entry = Object.entries(STATUS_PROTO).find(([, proto]) => proto === status);
  return entry?.[0] as StatusEntrada | undefined;
}

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
    status: STATUS_PROTO[entrada.status],
    posicao,
    extras: entrada.extras.map(({ codigo, quantidade }) => ({ codigo, quantidade })),
    reservaId: oferta?.reservaId ?? '',
    ...(oferta && { ofertaExpiraEm: timestampFromDate(oferta.expiraEm) }),
    encerraEm: timestampFromDate(entrada.encerraEm),
    criadaEm: timestampFromDate(entrada.criadaEm),
    atualizadaEm: timestampFromDate(entrada.atualizadaEm),
  };
}
