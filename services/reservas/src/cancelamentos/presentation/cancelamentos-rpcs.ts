import { ExcecaoCancelamento } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { nameFrom } from '@plataforma/runtime/enum-names';
import { dizerTitular } from '@plataforma/runtime/shown';
import { valueOrThrow } from '../../comum/presentation/errors.ts';
import { exigirPoder } from '../../contas/domain/poderes.ts';
import type { SolicitanteDe } from '../../contas/presentation/solicitante.ts';
import type { ReservasQueries } from '../../reservas/application/reservas-queries.ts';
import { toReservaProto } from '../../reservas/presentation/reservas-mappers.ts';
import type { ParteDoServico } from '../../reservas/presentation/reservas-service.ts';
import type { CancelarReservaHandler } from '../application/cancelar-reserva.ts';
import type { SimularCancelamentoHandler } from '../application/simular-cancelamento.ts';
import { toSimulacaoProto } from './cancelamentos-mappers.ts';

interface Deps {
  readonly cancelar: CancelarReservaHandler;
  readonly simular: SimularCancelamentoHandler;
  readonly reservas: ReservasQueries;
  readonly solicitanteDe: SolicitanteDe;
}

/** Cancelling: a part of the service of reservations. */
export function cancelamentosRpcs({
  cancelar,
  simular,
  reservas,
  solicitanteDe,
}: Deps): ParteDoServico<'simularCancelamento' | 'cancelarReserva'> {
  return {
    direitos: {
      async cancelarReserva({ reservaId, excepcional }, chamada) {
        const solicitante = await solicitanteDe(chamada);
        const { espacoId } = valueOrThrow(await reservas.findById(reservaId, solicitante));
        if (nameFrom(ExcecaoCancelamento, excepcional))
          valueOrThrow(exigirPoder('CancelarReserva.excepcional', solicitante, espacoId));
      },
    },
    repeats: {
      cancelarReserva: async (id, _, chamada) =>
        toReservaProto(valueOrThrow(await reservas.findById(id, await solicitanteDe(chamada)))),
    },
    impl: {
      async simularCancelamento(request, context) {
        const { reservaId } = request;
        const excecao = nameFrom(ExcecaoCancelamento, request.excepcional);
        const solicitante = await solicitanteDe(context);
        const simulacao = valueOrThrow(await simular.execute({ reservaId, solicitante, excecao }));
        dizerTitular(context, simulacao.clienteId);
        return toSimulacaoProto(simulacao);
      },
      async cancelarReserva(request, context) {
        const { reservaId, motivo } = request;
        const excecao = nameFrom(ExcecaoCancelamento, request.excepcional);
        const solicitante = await solicitanteDe(context);
        return toReservaProto(
          valueOrThrow(await cancelar.execute({ reservaId, solicitante, motivo, excecao })),
        );
      },
    },
  };
}
