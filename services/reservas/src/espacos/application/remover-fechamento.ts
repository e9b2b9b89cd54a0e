import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { FechamentoNaoEncontradoError } from '../domain/fechamento.ts';
import type { Transacao } from './ports.ts';

export interface RemoverFechamentoCommand {
  readonly espacoId: string;
  readonly fechamentoId: string;
}

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
}

/** Opens a closed time again. */
export class RemoverFechamentoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute({
    espacoId,
    fechamentoId: id,
  }: RemoverFechamentoCommand): Promise<Result<void, FechamentoNaoEncontradoError>> {
    return this.#deps.uow.run(async ({ fechamentos, claimKey }) => {
      await claimKey(id);
      const removido = await fechamentos.remover(espacoId, id);
      return removido ? Result.ok(undefined) : Result.fail(new FechamentoNaoEncontradoError());
    });
  }
}
