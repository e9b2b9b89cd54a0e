import type { ServiceImpl } from '@connectrpc/connect';
import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { toPageToken } from '@plataforma/domain/page-token';
import { IDEMPOTENCY_KEY_HEADER } from '@plataforma/runtime/idempotency';
import { principalOf } from '@plataforma/runtime/principal';
import { type Direitos, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { textOrUndefined } from '../../comum/presentation/common-mappers.ts';
import { valueOrThrow } from '../../comum/presentation/errors.ts';
import { PESSOAS, type QuemChama } from '../../contas/presentation/solicitante.ts';
import { toOptionalInstant } from '../../tempo/presentation/instantes.ts';
import type { AceitarReservaHandler } from '../application/aceitar-reserva.ts';
import type { ConfirmarReservaHandler } from '../application/confirmar-reserva.ts';
import type { CotarReservaHandler } from '../application/cotar-reserva.ts';
import type { CriarReservaHandler } from '../application/criar-reserva.ts';
import type { ReservasQueries } from '../application/reservas-queries.ts';
import {
  fromCotacao,
  fromReserva,
  toPedido,
  toPedidoDeReserva,
  toStatusReserva,
} from './reservas-mappers.ts';

/** RPCs of this service whose capability knows reservations, and not the reverse. */
export interface ParteDoServico<M extends keyof ServiceImpl<typeof ReservasService>> {
  readonly direitos?: Direitos<typeof ReservasService>;
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
  readonly quem: QuemChama;
}

/** Booking. The customer is whoever calls, unless who runs the space books for somebody else. */
export function reservasService(deps: Deps): RpcService {
  const { cotar, criar, confirmar, aceitar, reservas, cancelamentos, saga, quem } = deps;
  return rpcService(ReservasService, {
    acesso: {
      cotarReserva: PESSOAS,
      criarReserva: PESSOAS,
      aceitarReserva: PESSOAS,
      obterReserva: PESSOAS,
      listarReservas: PESSOAS,
      simularCancelamento: PESSOAS,
      cancelarReserva: PESSOAS,
      confirmarReserva: { papeis: ['ADMIN'], servicos: ['pagamentos'] },
      obterSaga: { papeis: ['ADMIN'] },
    },
    direitos: {
      async criarReserva(request, chamada) {
        toPedidoDeReserva(request, await quem(chamada));
      },
      ...cancelamentos.direitos,
    },
    impl: {
      async cotarReserva(request, context) {
        return fromCotacao(valueOrThrow(await cotar.execute(toPedido(request, principalOf(context).id))));
      },
      async criarReserva(request, context) {
        const reserva = await criar.execute({
          ...toPedidoDeReserva(request, await quem(context)),
          cotacaoId: textOrUndefined(request.cotacaoId),
          chaveIdempotencia: context.requestHeader.get(IDEMPOTENCY_KEY_HEADER) ?? undefined,
        });
        const criada = fromReserva(valueOrThrow(reserva));
        context.responseHeader.set('x-http-code', '201');
        return criada;
      },
      async aceitarReserva({ reservaId }, context) {
        return fromReserva(valueOrThrow(await aceitar.execute(reservaId, await quem(context))));
      },
      async obterReserva({ reservaId, incluirHistorico }, context) {
        const leitor = await quem(context);
        const reserva = valueOrThrow(await reservas.obter(reservaId, leitor));
        const historico = incluirHistorico ? await reservas.historico(reserva, leitor) : [];
        return fromReserva(reserva, historico);
      },
      async listarReservas(request, context) {
        const { pageSize, pageToken } = request;
        const query = {
          leitor: await quem(context),
          clienteId: textOrUndefined(request.clienteId),
          espacoId: textOrUndefined(request.espacoId),
          status: toStatusReserva(request.status),
          periodoInicio: toOptionalInstant(request.periodoInicio),
          periodoFim: toOptionalInstant(request.periodoFim),
        };
        const lista = valueOrThrow(await reservas.listar({ ...query, pageSize, pageToken }));
        return {
          reservas: lista.itens.map((reserva) => fromReserva(reserva)),
          nextPageToken: toPageToken(lista.proxima),
        };
      },
      async confirmarReserva({ reservaId, pagamentoId }, context) {
        const { tipo, id } = principalOf(context);
        const autor = tipo === 'SERVICO' ? `servico:${id}` : id;
        return fromReserva(valueOrThrow(await confirmar.execute({ reservaId, pagamentoId, quem: autor })));
      },
      ...cancelamentos.impl,
      ...saga.impl,
    },
  });
}
