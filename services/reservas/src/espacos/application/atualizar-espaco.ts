import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import {
  type EspacoInvalidoError,
  EspacoNaoEncontradoError,
  type EstadoEspaco,
  type EtagDesatualizadaError,
  type MudancaEspaco,
} from '../domain/espaco.ts';
import type { Transacao } from './ports.ts';

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly clock: Clock;
}

export interface AtualizarEspacoCommand {
  readonly espacoId: string;
  /** The etag that was read; undefined overwrites whatever happened in between. */
  readonly etag: string | undefined;
  readonly mudanca: MudancaEspaco;
}

export class AtualizarEspacoHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute(
    command: AtualizarEspacoCommand,
  ): Promise<Result<EstadoEspaco, EspacoNaoEncontradoError | EtagDesatualizadaError | EspacoInvalidoError>> {
    return this.#deps.uow.run(async ({ espacos, claimKey }) => {
      await claimKey(command.espacoId);
      const espaco = await espacos.paraAlterar(command.espacoId);
      if (!espaco) return Result.fail(new EspacoNaoEncontradoError());
      const { versao } = espaco.estado;
      const atualizado = espaco.atualizar(command.mudanca, command.etag, this.#deps.clock.now());
      if (atualizado.isFailure) return atualizado;
      if (espaco.estado.versao !== versao) await espacos.save(espaco);
      return Result.ok(espaco.estado);
    });
  }
}
