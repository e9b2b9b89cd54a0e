import type { Clock } from '@plataforma/domain/clock';
import type { IdGenerator } from '@plataforma/domain/id';
import { withNewId } from '@plataforma/domain/id';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { Espaco, type EspacoInvalidoError, type EstadoEspaco, type NovoEspaco } from '../domain/espaco.ts';
import type { Transacao } from './ports.ts';

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly ids: IdGenerator;
  readonly clock: Clock;
}

export class CriarEspacoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute(novo: NovoEspaco): Promise<Result<EstadoEspaco, EspacoInvalidoError>> {
    const { uow, ids, clock } = this.#deps;
    return withNewId(ids, 'esp', async (id) => {
      const criado = Espaco.criar(id, novo, clock.now());
      if (criado.isFailure) return criado;
      await uow.run(async ({ espacos, claimKey }) => {
        await claimKey(id);
        await espacos.add(criado.value);
      });
      return Result.ok(criado.value.estado);
    });
  }
}
