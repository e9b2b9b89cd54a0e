import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { PREFERENCIAS_INICIAIS } from '../domain/preferencias.ts';
import type { PreferenciasGuardadas, Transacao } from './ports.ts';

/** What a person wants to be told. */
export class PreferenciasQueries {
  readonly #uow: Pick<UnitOfWork<Transacao>, 'run'>;

  constructor(uow: Pick<UnitOfWork<Transacao>, 'run'>) {
    this.#uow = uow;
  }

  /** Those of the start while the person has said nothing. */
  async doCliente(clienteId: string): Promise<PreferenciasGuardadas> {
    const guardadas = await this.#uow.run(({ preferencias }) => preferencias.findById(clienteId));
    return guardadas ?? { ...PREFERENCIAS_INICIAIS, atualizadoEm: undefined };
  }
}
