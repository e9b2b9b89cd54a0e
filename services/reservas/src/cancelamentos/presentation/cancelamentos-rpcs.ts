import { valueOrThrow } from '../../comum/presentation/errors.ts';
import { exigirPoder } from '../../contas/domain/poderes.ts';
import type { QuemChama } from '../../contas/presentation/solicitante.ts';
import type { ReservasQueries } from '../../reservas/application/reservas-queries.ts';
import { fromReserva } from '../../reservas/presentation/reservas-mappers.ts';
import type { ParteDoServico } from '../../reservas/presentation/reservas-service.ts';
import type { CancelarReservaHandler } from '../application/cancelar-reserva.ts';
import type { SimularCancelamentoQueryHandler } from '../application/simular-cancelamento.ts';
import { fromSimulacao, toExcecao } from './cancelamentos-mappers.ts';

interface Deps {
  readonly cancelar: CancelarReservaHandler;
  readonly simular: SimularCancelamentoQueryHandler;
  readonly reservas: ReservasQueries;
  readonly quem: QuemChama;
}

/** Cancelling: a part of the service of reservations. */
export function cancelamentosRpcs({
  cancelar,
  simular,
  reservas,
  quem,
}: Deps): ParteDoServico<'simularCancelamento' | 'cancelarReserva'> {
  return {
    direitos: {
      async cancelarReserva({ reservaId, excepcional }, chamada) {
        const leitor = await quem(chamada);
        const { espacoId } = valueOrThrow(await reservas.obter(reservaId, leitor));
        if (toExcecao(excepcional))
          valueOrThrow(exigirPoder('CancelarReserva.excepcional', leitor, espacoId));
      },
    },
    impl: {
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
    },
  };
}
