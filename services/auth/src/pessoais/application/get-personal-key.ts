import { Result } from '@plataforma/domain/result';
import { TitularDesconhecidoError } from '../domain/recusa.ts';
import type { ChavesDePessoas } from './ports.ts';

/** A service seals or opens what an event says about somebody. */
export interface GetPersonalKeyQuery {
  readonly usuarioId: string;
}

interface Deps {
  readonly chaves: ChavesDePessoas;
}

export class GetPersonalKeyHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Undefined once the person was erased. */
  async execute({
    usuarioId,
  }: GetPersonalKeyQuery): Promise<Result<Buffer | undefined, TitularDesconhecidoError>> {
    const chave = await this.#deps.chaves.chaveDe(usuarioId);
    if (chave === 'DESCONHECIDA') return Result.fail(new TitularDesconhecidoError());
    return Result.ok(chave === 'DESTRUIDA' ? undefined : chave);
  }
}
