import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { FechamentoNaoEncontradoError } from '../domain/fechamento.ts';
import type { Transacao } from './ports.ts';

export interface RemoverFechamentoCommand {
  readonly espacoId: string;
  readonly fechamentoId: string;
}

/** Opens a closed time again. */
export class RemoverFechamentoHandler {
  readonly #uow: UnitOfWork<Transacao>;

  constructor(uow: UnitOfWork<Transacao>) {
    this.#uow = uow;
  }

  execute({
    espacoId,
    fechamentoId: id,
  }: RemoverFechamentoCommand): Promise<Result<void, FechamentoNaoEncontradoError>> {
    return this.#uow.run(async ({ fechamentos, claimKey }) => {
      await claimKey(id);
      const removido = await fechamentos.remover(espacoId, id);
      return removido ? Result.ok(undefined) : Result.fail(new FechamentoNaoEncontradoError());
    });
  }
}
