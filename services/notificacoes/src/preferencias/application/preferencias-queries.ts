import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { PREFERENCIAS_INICIAIS } from '../domain/preferencias.ts';
import type { PreferenciasGuardadas, Transacao } from './ports.ts';

/** What a person wants to be told. */
export class PreferenciasQueries {
  readonly #unitOfWork: Pick<UnitOfWork<Transacao>, 'run'>;

  constructor(unitOfWork: Pick<UnitOfWork<Transacao>, 'run'>) {
    this.#unitOfWork = unitOfWork;
  }

  /** Those of the start while the person has said nothing. */
  async doCliente(clienteId: string): Promise<PreferenciasGuardadas> {
    const guardadas = await this.#unitOfWork.run(({ preferencias }) => preferencias.findById(clienteId));
    return guardadas ?? { ...PREFERENCIAS_INICIAIS, atualizadasEm: undefined };
  }
}
