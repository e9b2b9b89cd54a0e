import { dizerTitular } from '@plataforma/runtime/shown';
import { valueOrThrow } from '../../comum/presentation/errors.ts';
import type { ParteDoServico } from '../../reservas/presentation/reservas-service.ts';
import type { ObterSagaHandler } from '../application/obter-saga.ts';
import { toSagaProto } from './saga-mappers.ts';

/** Where the saga of a reservation is: a part of the service of reservations. */
export function sagaRpcs(obter: ObterSagaHandler): ParteDoServico<'obterSaga'> {
  return {
    impl: {
      async obterSaga({ reservaId }, context) {
        const saga = valueOrThrow(await obter.execute({ reservaId }));
        dizerTitular(context, saga.reserva.clienteId);
        return toSagaProto(saga);
      },
    },
  };
}
