import type { ServiceImpl } from '@connectrpc/connect';
import { StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { toPageToken } from '@plataforma/domain/page-token';
import { nameFrom } from '@plataforma/runtime/enum-names';
import { principalOf } from '@plataforma/runtime/principal';
import { type Direitos, harmless, type Repeats, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { RESERVAS } from '../../comum/presentation/acesso.ts';
import { textOrUndefined } from '../../comum/presentation/common-mappers.ts';
import { MOSTRA_RESERVAS } from '../../comum/presentation/consultas.ts';
import { valueOrThrow } from '../../comum/presentation/errors.ts';
import type { SolicitanteDe } from '../../contas/presentation/solicitante.ts';
import { optionalInstantFrom } from '../../tempo/presentation/instantes.ts';
import type { AceitarReservaHandler } from '../application/aceitar-reserva.ts';
import type { ConfirmarReservaHandler } from '../application/confirmar-reserva.ts';
import type { CotarReservaHandler } from '../application/cotar-reserva.ts';
import type { CriarReservaHandler } from '../application/criar-reserva.ts';
import type { ReservasQueries } from '../application/reservas-queries.ts';
import { pedidoDeReservaFrom, pedidoFrom, toCotacaoProto, toReservaProto } from './reservas-mappers.ts';

/** RPCs of this service whose capability knows reservations, and not the reverse. */
export interface ParteDoServico<M extends keyof ServiceImpl<typeof ReservasService>> {
  readonly direitos?: Direitos<typeof ReservasService>;
  readonly repeats?: Repeats<typeof ReservasService>;
  readonly impl: Pick<ServiceImpl<typeof ReservasService>, M>;
}

interface Deps {
  readonly cotar: CotarReservaHandler;
  readonly criar: CriarReservaHandler;
  readonly confirmar: ConfirmarReservaHandler;
  readonly aceitar: AceitarReservaHandler;
  readonly reservas: ReservasQueries;
  readonly cancelamentos: ParteDoServico<'simularCancelamento' | 'cancelarReserva'>;
  readonly saga: ParteDoServico<'obterSaga'>;
  readonly solicitanteDe: SolicitanteDe;
}

/** Booking. The customer is the caller, unless a person who runs the space books for somebody else. */
export function reservasService(deps: Deps): RpcService {
  const { cotar, criar, confirmar, aceitar, reservas, cancelamentos, saga, solicitanteDe } = deps;
  return rpcService(ReservasService, {
    acesso: RESERVAS,
    mostra: MOSTRA_RESERVAS,
    direitos: {
      async criarReserva(request, chamada) {
        pedidoDeReservaFrom(request, await solicitanteDe(chamada));
      },
      ...cancelamentos.direitos,
    },
    repeats: {
      cotarReserva: harmless('a quote binds nobody but the platform'),
      async criarReserva(id, _, { responseHeader }) {
        const reserva = valueOrThrow(await criar.repeat(id));
        responseHeader.set('x-http-code', '201');
        return toReservaProto(reserva);
      },
      aceitarReserva: async (id) => toReservaProto(valueOrThrow(await aceitar.repeat(id))),
      confirmarReserva: async (id) => toReservaProto(valueOrThrow(await reservas.findById(id, 'TODOS'))),
      ...cancelamentos.repeats,
    },
    impl: {
      async cotarReserva(request, context) {
        return toCotacaoProto(
          valueOrThrow(await cotar.execute(pedidoFrom(request, principalOf(context).id))),
        );
      },
      async criarReserva(request, context) {
        const reserva = await criar.execute({
          ...pedidoDeReservaFrom(request, await solicitanteDe(context)),
          cotacaoId: textOrUndefined(request.cotacaoId),
        });
        const criada = toReservaProto(valueOrThrow(reserva));
        context.responseHeader.set('x-http-code', '201');
        return criada;
      },
      async aceitarReserva({ reservaId }, context) {
        const solicitante = await solicitanteDe(context);
        return toReservaProto(valueOrThrow(await aceitar.execute({ reservaId, solicitante })));
      },
      async obterReserva({ reservaId, incluirHistorico }, context) {
        const solicitante = await solicitanteDe(context);
        const reserva = valueOrThrow(await reservas.findById(reservaId, solicitante));
        const historico = incluirHistorico ? await reservas.historico(reserva, solicitante) : [];
        return toReservaProto(reserva, historico);
      },
      async listarReservas(request, context) {
        const { pageSize, pageToken } = request;
        const query = {
          solicitante: await solicitanteDe(context),
          clienteId: textOrUndefined(request.clienteId),
          espacoId: textOrUndefined(request.espacoId),
          status: nameFrom(StatusReserva, request.status),
          dataInicio: optionalInstantFrom(request.dataInicio),
          dataFim: optionalInstantFrom(request.dataFim),
        };
        const lista = valueOrThrow(await reservas.listar({ ...query, pageSize, pageToken }));
        return {
          reservas: lista.itens.map((reserva) => toReservaProto(reserva)),
          nextPageToken: toPageToken(lista.proxima),
        };
      },
      async confirmarReserva({ reservaId, pagamentoId }, context) {
        const { tipo, id } = principalOf(context);
        const autor = tipo === 'SERVICO' ? `servico:${id}` : id;
        return toReservaProto(valueOrThrow(await confirmar.execute({ reservaId, pagamentoId, quem: autor })));
      },
      ...cancelamentos.impl,
      ...saga.impl,
    },
  });
}
