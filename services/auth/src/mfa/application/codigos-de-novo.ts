import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { CodigosDeRecuperacao } from '../../fatores/application/ports.ts';
import { emGrupos } from '../../fatores/domain/codigo.ts';
import { CodigosSubstituidosError } from '../../fatores/domain/recusa.ts';
import type { Transacao } from './ports.ts';

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly codigos: CodigosDeRecuperacao;
}

/** Recovery codes once more, for a call whose answer was lost. */
export class CodigosDeNovoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** What the call has answered that made them of this seed, as long as these are the codes of the account. */
  async execute(
    semente: string,
    usuarioId: string,
  ): Promise<Result<readonly string[], CodigosSubstituidosError>> {
    const { uow, codigos } = this.#deps;
    const dados = codigos.deSemente(semente);
    const [primeiro = ''] = dados;
    const valem = await uow.run(({ fatores }) => fatores.temCodigo(usuarioId, codigos.impressao(primeiro)));
    return valem ? Result.ok(dados.map(emGrupos)) : Result.fail(new CodigosSubstituidosError());
  }
}
