import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import {
  type CampoComPadrao,
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
  /** What goes back to its default; left out, nothing. */
  readonly aoPadrao?: readonly CampoComPadrao[];
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
      const { mudanca, etag, aoPadrao } = command;
      const atualizado = espaco.atualizar(mudanca, etag, this.#deps.clock.now(), aoPadrao);
      if (atualizado.isFailure) return atualizado;
      if (espaco.estado.versao !== versao) await espacos.save(espaco);
      return Result.ok(espaco.estado);
    });
  }
}
