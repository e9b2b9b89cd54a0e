import { ExcecaoCancelamento } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import {
  type CancelarSerieRequest,
  SeriesService,
} from '@plataforma/contratos/reservas/v1/series_service_pb';
import { toPageToken } from '@plataforma/domain/page-token';
import { remainingMs } from '@plataforma/runtime/call-context';
import { nameFrom } from '@plataforma/runtime/enum-names';
import { type ChamadaAutenticada, type RpcService, rpcService } from '@plataforma/runtime/rpc';
import { SERIES } from '../../comum/presentation/acesso.ts';
import { textOrUndefined } from '../../comum/presentation/common-mappers.ts';
import { MOSTRA_SERIES } from '../../comum/presentation/consultas.ts';
import { valueOrThrow } from '../../comum/presentation/errors.ts';
import { exigirPoder } from '../../contas/domain/poderes.ts';
import type { Solicitante } from '../../contas/domain/solicitante.ts';
import { semGestao } from '../../contas/presentation/solicitante.ts';
import { quemReservaFrom } from '../../reservas/presentation/reservas-mappers.ts';
import type { CancelarSerieCommand, CancelarSerieHandler } from '../application/cancelar-serie.ts';
import type { CriarSerieHandler } from '../application/criar-serie.ts';
import type { SeriesQueries } from '../application/series-queries.ts';
import type { SimularCancelamentoSerieHandler } from '../application/simular-cancelamento-serie.ts';
import type { SimularSerieHandler } from '../application/simular-serie.ts';
import {
  escopoFrom,
  modoFrom,
  planoFrom,
  toCancelamentosProto,
  toPlanoAvaliadoProto,
  toSerieProto,
} from './series-mappers.ts';

interface Deps {
  readonly criar: CriarSerieHandler;
  readonly simular: SimularSerieHandler;
  readonly cancelar: CancelarSerieHandler;
  readonly simularCancelamento: SimularCancelamentoSerieHandler;
  readonly series: SeriesQueries;
}

/** Kept of the deadline of a call for its answer. */
const PARA_RESPONDER_MS = 1_500;

/** Recurring bookings. The customer is the caller, unless an ADMIN books for somebody else. */
export function seriesService(deps: Deps): RpcService {
  const { criar, simular, cancelar, simularCancelamento, series } = deps;
  return rpcService(SeriesService, {
    acesso: SERIES,
    mostra: MOSTRA_SERIES,
    direitos: {
      async criarSerie(request, chamada) {
        quemReservaFrom('CriarSerie', request, semGestao(chamada));
      },
      async cancelarSerie({ serieId, excepcional }, chamada) {
        const solicitante = semGestao(chamada);
        const { serie } = valueOrThrow(await series.findById(serieId, solicitante));
        if (nameFrom(ExcecaoCancelamento, excepcional))
          valueOrThrow(exigirPoder('CancelarSerie.excepcional', solicitante, serie.espacoId));
      },
    },
    repeats: {
      async criarSerie(id, _, chamada) {
        const { serie, reservas } = valueOrThrow(await criar.repeat(id, restaMs(chamada)));
        chamada.responseHeader.set('x-http-code', '201');
        return toSerieProto(serie, reservas);
      },
      async cancelarSerie(_, request, chamada) {
        return toCancelamentosProto(
          valueOrThrow(await cancelar.repeat(cancelamentoFrom(request, semGestao(chamada)))),
        );
      },
    },
    impl: {
      async simularSerie(request, context) {
        const { clienteId, ...pedido } = quemReservaFrom('SimularSerie', request, semGestao(context));
        const simulada = await simular.execute({ plano: planoFrom(request, clienteId), ...pedido });
        return toPlanoAvaliadoProto(valueOrThrow(simulada));
      },
      async criarSerie(request, context) {
        const pedido = quemReservaFrom('CriarSerie', request, semGestao(context));
        const criada = await criar.execute({
          plano: planoFrom(request, pedido.clienteId),
          modo: modoFrom(request.modo),
          quem: pedido.quem,
          dispensas: pedido.dispensas,
          restaMs: () => restaMs(context),
        });
        const { serie, reservas } = valueOrThrow(criada);
        context.responseHeader.set('x-http-code', '201');
        return toSerieProto(serie, reservas);
      },
      async obterSerie({ serieId }, context) {
        const lida = valueOrThrow(await series.findById(serieId, semGestao(context)));
        return toSerieProto(lida.serie, lida.reservas);
      },
      async listarSeries({ espacoId, clienteId, pageSize, pageToken }, context) {
        const filtro = { espacoId: textOrUndefined(espacoId), clienteId: textOrUndefined(clienteId) };
        const solicitante = semGestao(context);
        const lista = valueOrThrow(await series.listar({ solicitante, ...filtro, pageSize, pageToken }));
        return {
          series: lista.itens.map((serie) => toSerieProto(serie)),
          nextPageToken: toPageToken(lista.proxima),
        };
      },
      async simularCancelamentoSerie(request, context) {
        const { serieId, reservaId } = request;
        const solicitante = semGestao(context);
        const excecao = nameFrom(ExcecaoCancelamento, request.excepcional);
        const pedido = { serieId, reservaId, escopo: escopoFrom(request.escopo), solicitante, excecao };
        return toCancelamentosProto(valueOrThrow(await simularCancelamento.execute(pedido)));
      },
      async cancelarSerie(request, context) {
        return toCancelamentosProto(
          valueOrThrow(await cancelar.execute(cancelamentoFrom(request, semGestao(context)))),
        );
      },
    },
  });
}

function cancelamentoFrom(request: CancelarSerieRequest, solicitante: Solicitante): CancelarSerieCommand {
  const { serieId, reservaId, motivo } = request;
  const [escopo, excecao] = [escopoFrom(request.escopo), nameFrom(ExcecaoCancelamento, request.excepcional)];
  return { serieId, reservaId, escopo, solicitante, motivo, excecao };
}

/** Milliseconds that a call can wait for charges. */
function restaMs(chamada: ChamadaAutenticada): number {
  return Math.max(0, remainingMs(chamada) - PARA_RESPONDER_MS);
}
