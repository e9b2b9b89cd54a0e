import { create } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  AuditService,
  type EventoSeguranca,
  EventoSegurancaSchema,
  type ListSecurityEventsRequest,
  type ListSecurityEventsResponse,
  ListSecurityEventsResponseSchema,
  ResultadoEventoSeguranca,
  TipoEventoSeguranca,
} from '@plataforma/contratos/auth/v1/audit_service_pb';
import { nomeNaLista } from '@plataforma/domain/dispositivo';
import { type Pagina, toPageToken } from '@plataforma/domain/page-token';
import { nameFrom } from '@plataforma/runtime/enum-names';
import { principalOf } from '@plataforma/runtime/principal';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { AUDIT } from '../../contrato/presentation/acesso.ts';
import { valueOrThrow } from '../../contrato/presentation/errors.ts';
import type { OrigemDe } from '../../contrato/presentation/origem.ts';
import type { ListarEventosHandler } from '../application/listar-eventos.ts';
import type { ListarMeusEventosHandler } from '../application/listar-meus-eventos.ts';
import type { EventoRegistrado, FiltroDeEventos } from '../application/ports.ts';

interface Deps {
  readonly listar: ListarEventosHandler;
  readonly listarMeus: ListarMeusEventosHandler;
  readonly origemDe: OrigemDe;
}

/** Security events: of everybody for administrators, one's own for everybody. */
export function auditService({ listar, listarMeus, origemDe }: Deps): RpcService {
  return rpcService(AuditService, {
    acesso: AUDIT,
    impl: {
      async listSecurityEvents(request, context) {
        const { pageSize, pageToken } = request;
        const admin = { id: principalOf(context).id, origem: origemDe(context) };
        const filtro = filtroFrom(request);
        return toPageProto(valueOrThrow(await listar.execute({ pageSize, pageToken, filtro, admin })));
      },
      async listMySecurityEvents({ pageSize, pageToken }, context) {
        const { id: usuarioId } = principalOf(context);
        return toPageProto(valueOrThrow(await listarMeus.execute({ pageSize, pageToken, usuarioId })));
      },
    },
  });
}

function filtroFrom({ usuarioId, autorId, tipo, ...periodo }: ListSecurityEventsRequest): FiltroDeEventos {
  const inicio = instanteFrom(periodo.dataInicio);
  const fim = instanteFrom(periodo.dataFim);
  return {
    usuarioId: usuarioId || undefined,
    autorId: autorId || undefined,
    tipo: nameFrom(TipoEventoSeguranca, tipo),
    inicio,
    fim,
  };
}

const instanteFrom = (instante: Timestamp | undefined) => instante && timestampDate(instante);

function toPageProto({ itens, proxima }: Pagina<EventoRegistrado>): ListSecurityEventsResponse {
  return create(ListSecurityEventsResponseSchema, {
    eventos: itens.map(toEventoProto),
    nextPageToken: toPageToken(proxima),
  });
}

function toEventoProto(evento: EventoRegistrado): EventoSeguranca {
  const { id, tipo, resultado, autorId = '', usuarioId = '', detalhe = '', origem, em } = evento;
  const { endereco: ip, dispositivo, requisicao: requisicaoId = '' } = origem;
  return create(EventoSegurancaSchema, {
    ...{ id, autorId, usuarioId, detalhe, ip, dispositivo, requisicaoId },
    dispositivoNome: ip === '' && dispositivo === '' ? '' : nomeNaLista(dispositivo),
    tipo: TipoEventoSeguranca[tipo],
    resultado: ResultadoEventoSeguranca[resultado],
    ocorridoEm: timestampFromDate(em),
  });
}
