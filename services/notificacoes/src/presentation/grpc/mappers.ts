import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  Canal as CanalProto,
  ModeloNotificacao,
  type Notificacao,
  NotificacaoSchema,
  StatusNotificacao,
} from '@plataforma/contratos/notificacoes/v1/notificacao_pb';
import type { AtualizarPreferenciasRequest } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import {
  type Preferencias as PreferenciasProto,
  PreferenciasSchema,
} from '@plataforma/contratos/notificacoes/v1/preferencias_pb';
import type { PreferenciasGuardadas } from '../../application/ports.ts';
import type { Canal, Modelo, NotificacaoListada, Status } from '../../domain/notificacao.ts';
import type { Preferencias } from '../../domain/preferencias.ts';

const CANAL: Readonly<Record<Canal, CanalProto>> = {
  EMAIL: CanalProto.EMAIL,
  SMS: CanalProto.SMS,
  PUSH: CanalProto.PUSH,
};

const MODELO: Readonly<Record<Modelo, ModeloNotificacao>> = {
  RESERVA_CONFIRMADA: ModeloNotificacao.RESERVA_CONFIRMADA,
  RESERVA_CANCELADA: ModeloNotificacao.RESERVA_CANCELADA,
  RESERVA_EXPIRADA: ModeloNotificacao.RESERVA_EXPIRADA,
  LEMBRETE_RESERVA: ModeloNotificacao.LEMBRETE_RESERVA,
  PAGAMENTO_RECUSADO: ModeloNotificacao.PAGAMENTO_RECUSADO,
  ESTORNO_CONCLUIDO: ModeloNotificacao.ESTORNO_CONCLUIDO,
  ESTORNO_FALHOU: ModeloNotificacao.ESTORNO_FALHOU,
  VAGA_OFERECIDA: ModeloNotificacao.VAGA_OFERECIDA,
  BOAS_VINDAS: ModeloNotificacao.BOAS_VINDAS,
};

const STATUS: Readonly<Record<Status, StatusNotificacao>> = {
  PENDENTE: StatusNotificacao.PENDENTE,
  ENVIADA: StatusNotificacao.ENVIADA,
  FALHOU: StatusNotificacao.FALHOU,
  SUPRIMIDA: StatusNotificacao.SUPRIMIDA,
};

export const toCanalProto = (canal: Canal): CanalProto => CANAL[canal];

export const toModeloProto = (modelo: Modelo): ModeloNotificacao => MODELO[modelo];

export function toNotificacaoProto(notificacao: NotificacaoListada): Notificacao {
  const { id, clienteId, canal, modelo, assunto, destino, status, reservaId, criadaEm, enviadaEm } =
    notificacao;
  return create(NotificacaoSchema, {
    id,
    clienteId,
    canal: CANAL[canal],
    modelo: MODELO[modelo],
    assunto,
    destino,
    status: STATUS[status],
    reservaId,
    criadaEm: timestampFromDate(criadaEm),
    ...(enviadaEm && { enviadaEm: timestampFromDate(enviadaEm) }),
  });
}

/** Validation has refused a request that leaves one out. */
export function toPreferencias(request: AtualizarPreferenciasRequest): Preferencias {
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
