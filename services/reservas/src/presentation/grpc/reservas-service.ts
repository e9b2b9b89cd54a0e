import { ReservasService } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { IDEMPOTENCY_KEY_HEADER } from '@plataforma/runtime/idempotency';
import { principalOf } from '@plataforma/runtime/principal';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import type { AceitarReservaHandler } from '../../application/commands/aceitar-reserva.ts';
import type { CancelarReservaHandler } from '../../application/commands/cancelar-reserva.ts';
import type { ConfirmarReservaHandler } from '../../application/commands/confirmar-reserva.ts';
import type { CotarReservaHandler } from '../../application/commands/cotar-reserva.ts';
import type { CriarReservaHandler } from '../../application/commands/criar-reserva.ts';
import type { ObterSagaQueryHandler } from '../../application/queries/obter-saga.ts';
import type { ReservasQueries } from '../../application/queries/reservas.ts';
import type { SimularCancelamentoQueryHandler } from '../../application/queries/simular-cancelamento.ts';
import { exigirPoder } from '../../domain/poderes.ts';
import { textOrUndefined, toOptionalInstant } from './common-mappers.ts';
import { valueOrThrow } from './errors.ts';
import { fromSimulacao, toExcecao, toPedidoDeReserva } from './excecoes-mappers.ts';
import { PESSOAS, type QuemChama } from './leitor.ts';
import { fromCotacao, fromReserva, toPedido, toStatusReserva } from './reservas-mappers.ts';
import { fromSaga } from './saga-mappers.ts';

interface Deps {
  readonly cotar: CotarReservaHandler;
  readonly criar: CriarReservaHandler;
  readonly confirmar: ConfirmarReservaHandler;
  readonly aceitar: AceitarReservaHandler;
  readonly cancelar: CancelarReservaHandler;
  readonly simular: SimularCancelamentoQueryHandler;
  readonly reservas: ReservasQueries;
  readonly saga: ObterSagaQueryHandler;
  readonly quem: QuemChama;
}

/** Booking. The customer is whoever calls, unless who runs the space books for somebody else. */
export function reservasService(deps: Deps): RpcService {
  const { cotar, criar, confirmar, aceitar, cancelar, simular, reservas, saga, quem } = deps;
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
      async cancelarReserva({ reservaId, excepcional }, chamada) {
        const leitor = await quem(chamada);
        const { espacoId } = valueOrThrow(await reservas.obter(reservaId, leitor));
        if (toExcecao(excepcional))
          valueOrThrow(exigirPoder('CancelarReserva.excepcional', leitor, espacoId));
      },
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
      async simularCancelamento(request, context) {
        const { reservaId } = request;
        const excecao = toExcecao(request.excepcional);
        const leitor = await quem(context);
        return fromSimulacao(valueOrThrow(await simular.execute({ reservaId, leitor, excecao })));
      },
      async cancelarReserva(request, context) {
        const { reservaId, motivo } = request;
        const excecao = toExcecao(request.excepcional);
        const leitor = await quem(context);
        return fromReserva(valueOrThrow(await cancelar.execute({ reservaId, leitor, motivo, excecao })));
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
          nextPageToken: lista.nextPageToken,
        };
      },
      async confirmarReserva({ reservaId, pagamentoId }, context) {
        const { tipo, id } = principalOf(context);
        const autor = tipo === 'SERVICO' ? `servico:${id}` : id;
        return fromReserva(valueOrThrow(await confirmar.execute({ reservaId, pagamentoId, quem: autor })));
      },
      async obterSaga({ reservaId }) {
        return fromSaga(valueOrThrow(await saga.execute(reservaId)));
      },
    },
  });
}
