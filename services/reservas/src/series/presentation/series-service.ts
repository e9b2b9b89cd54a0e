import { SeriesService } from '@plataforma/contratos/reservas/v1/series_service_pb';
import { toPageToken } from '@plataforma/domain/page-token';
import { remainingMs } from '@plataforma/runtime/call-context';
import { IDEMPOTENCY_KEY_HEADER } from '@plataforma/runtime/idempotency';
import { type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { toExcecao } from '../../cancelamentos/presentation/cancelamentos-mappers.ts';
import { textOrUndefined } from '../../comum/presentation/common-mappers.ts';
import { valueOrThrow } from '../../comum/presentation/errors.ts';
import { exigirPoder } from '../../contas/domain/poderes.ts';
import { PESSOAS, semGestao } from '../../contas/presentation/solicitante.ts';
import { toQuemReserva } from '../../reservas/presentation/reservas-mappers.ts';
import type { CancelarSerieHandler } from '../application/cancelar-serie.ts';
import type { CriarSerieHandler } from '../application/criar-serie.ts';
import type { SeriesQueries } from '../application/series-queries.ts';
import type { SimularCancelamentoSerieQueryHandler } from '../application/simular-cancelamento-serie.ts';
import type { SimularSerieQueryHandler } from '../application/simular-serie.ts';
import {
  fromCancelamentos,
  fromPlanoAvaliado,
  fromSerie,
  toEscopo,
  toModo,
  toPlano,
} from './series-mappers.ts';

interface Deps {
  readonly criar: CriarSerieHandler;
  readonly simular: SimularSerieQueryHandler;
  readonly cancelar: CancelarSerieHandler;
  readonly simularCancelamento: SimularCancelamentoSerieQueryHandler;
  readonly series: SeriesQueries;
}

/** Kept of the deadline of a call for its answer. */
const PARA_RESPONDER_MS = 1_500;

/** Recurring bookings. The customer is whoever calls, unless an ADMIN books for somebody else. */
export function seriesService(deps: Deps): RpcService {
  const { criar, simular, cancelar, simularCancelamento, series } = deps;
  return rpcService(SeriesService, {
    acesso: {
      simularSerie: PESSOAS,
      criarSerie: PESSOAS,
      obterSerie: PESSOAS,
      listarSeries: PESSOAS,
      simularCancelamentoSerie: PESSOAS,
      cancelarSerie: PESSOAS,
    },
    direitos: {
      async criarSerie(request, chamada) {
        toQuemReserva('CriarSerie', request, semGestao(chamada));
      },
      async cancelarSerie({ serieId, excepcional }, chamada) {
        const leitor = semGestao(chamada);
        const { serie } = valueOrThrow(await series.obter(serieId, leitor));
        if (toExcecao(excepcional))
          valueOrThrow(exigirPoder('CancelarSerie.excepcional', leitor, serie.espacoId));
      },
    },
    impl: {
      async simularSerie(request, context) {
        const { clienteId, ...pedido } = toQuemReserva('SimularSerie', request, semGestao(context));
        const simulada = await simular.execute({ plano: toPlano(request, clienteId), ...pedido });
        return fromPlanoAvaliado(valueOrThrow(simulada));
      },
      async criarSerie(request, context) {
        const pedido = toQuemReserva('CriarSerie', request, semGestao(context));
        const criada = await criar.execute({
          plano: toPlano(request, pedido.clienteId),
          modo: toModo(request.modo),
          chaveIdempotencia: context.requestHeader.get(IDEMPOTENCY_KEY_HEADER) ?? undefined,
          quem: pedido.quem,
          dispensas: pedido.dispensas,
          restaMs: () => Math.max(0, remainingMs(context) - PARA_RESPONDER_MS),
        });
        const { serie, reservas } = valueOrThrow(criada);
        context.responseHeader.set('x-http-code', '201');
        return fromSerie(serie, reservas);
      },
      async obterSerie({ serieId }, context) {
        const lida = valueOrThrow(await series.obter(serieId, semGestao(context)));
        return fromSerie(lida.serie, lida.reservas);
      },
      async listarSeries({ espacoId, clienteId, pageSize, pageToken }, context) {
        const filtro = { espacoId: textOrUndefined(espacoId), clienteId: textOrUndefined(clienteId) };
        const leitor = semGestao(context);
        const lista = valueOrThrow(await series.listar({ leitor, ...filtro, pageSize, pageToken }));
        return {
          series: lista.itens.map((serie) => fromSerie(serie)),
          nextPageToken: toPageToken(lista.proxima),
        };
      },
      async simularCancelamentoSerie(request, context) {
        const { serieId, reservaId } = request;
        const leitor = semGestao(context);
        const excecao = toExcecao(request.excepcional);
        const pedido = { serieId, reservaId, escopo: toEscopo(request.escopo), leitor, excecao };
        return fromCancelamentos(valueOrThrow(await simularCancelamento.execute(pedido)));
      },
      async cancelarSerie(request, context) {
        const { serieId, reservaId, motivo } = request;
        const leitor = semGestao(context);
        const excecao = toExcecao(request.excepcional);
        const pedido = {
          serieId,
          reservaId,
          escopo: toEscopo(request.escopo),
          leitor,
          motivo,
          excecao,
        };
        return fromCancelamentos(valueOrThrow(await cancelar.execute(pedido)));
      },
    },
  });
}
