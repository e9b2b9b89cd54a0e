import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '../../contrato/application/unit-of-work.ts';
import { PREFERENCIAS_INICIAIS, type Preferencias } from '../domain/preferencias.ts';
import { TelefoneAusenteError } from '../domain/recusa.ts';
import type { PreferenciasDosClientes, PreferenciasGuardadas } from './ports.ts';

interface Deps {
  readonly clock: Clock;
  readonly unitOfWork: Pick<UnitOfWork<{ readonly preferencias: PreferenciasDosClientes }>, 'run'>;
}

/** What a person wants to be told, read and replaced by that person. It counts from the next message that is sent. */
export class PreferenciasDoCliente {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  obter(clienteId: string): Promise<PreferenciasGuardadas> {
    return this.#deps.unitOfWork.run(async ({ preferencias }) => {
      const guardadas = await preferencias.obter(clienteId);
      return guardadas ?? { ...PREFERENCIAS_INICIAIS, atualizadasEm: undefined };
    });
  }

  async atualizar(
    clienteId: string,
    novas: Preferencias,
  ): Promise<Result<PreferenciasGuardadas, TelefoneAusenteError>> {
    if (novas.sms && novas.telefone === '') return Result.fail(new TelefoneAusenteError());
    const em = this.#deps.clock.now();
    await this.#deps.unitOfWork.run(({ preferencias }) => preferencias.guardar(clienteId, novas, em));
    return Result.ok(await this.obter(clienteId));
  }
}
