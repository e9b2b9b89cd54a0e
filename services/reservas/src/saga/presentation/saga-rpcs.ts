import { valueOrThrow } from '../../comum/presentation/errors.ts';
import type { ParteDoServico } from '../../reservas/presentation/reservas-service.ts';
import type { ObterSagaQueryHandler } from '../application/obter-saga.ts';
import { fromSaga } from './saga-mappers.ts';

/** Where the saga of a reservation is: a part of the service of reservations. */
export function sagaRpcs(obter: ObterSagaQueryHandler): ParteDoServico<'obterSaga'> {
  return {
    impl: {
      async obterSaga({ reservaId }) {
        return fromSaga(valueOrThrow(await obter.execute(reservaId)));
      },
    },
  };
}
