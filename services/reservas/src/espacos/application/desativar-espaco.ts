import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { EspacoNaoEncontradoError, type EstadoEspaco } from '../domain/espaco.ts';
import type { Transacao } from './ports.ts';

export interface DesativarEspacoCommand {
  readonly espacoId: string;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly clock: Clock;
}

export class DesativarEspacoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute({ espacoId }: DesativarEspacoCommand): Promise<Result<EstadoEspaco, EspacoNaoEncontradoError>> {
    return this.#deps.uow.run(async ({ espacos, claimKey }) => {
      await claimKey(espacoId);
      const espaco = await espacos.paraAlterar(espacoId);
      if (!espaco) return Result.fail(new EspacoNaoEncontradoError());
      const { versao } = espaco.estado;
      espaco.desativar(this.#deps.clock.now());
      if (espaco.estado.versao !== versao) await espacos.save(espaco);
      return Result.ok(espaco.estado);
    });
  }
}
