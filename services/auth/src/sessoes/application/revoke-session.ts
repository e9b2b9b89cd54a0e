import { Result } from '@plataforma/domain/result';
import type { Origem } from '../../contrato/domain/origem.ts';
import { SessaoNaoEncontradaError } from '../domain/recusa.ts';
import type { EndSession } from './end-session.ts';
import type { Sessions } from './ports.ts';

/** A person ends one of their own sessions, from whichever of them. */
export interface RevokeSessionCommand {
  readonly usuarioId: string;
  readonly sessaoId: string;
  readonly origem: Origem;
}

interface Deps {
  readonly sessions: Pick<Sessions, 'ownerOf'>;
  readonly endSession: EndSession;
}

/** Another person's session is answered like one that never was; one that ended within a day may be ended again. */
export class RevokeSessionHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(command: RevokeSessionCommand): Promise<Result<void, SessaoNaoEncontradaError>> {
    const { sessions, endSession } = this.#deps;
    const { usuarioId, sessaoId, origem } = command;
    if ((await sessions.ownerOf(sessaoId)) !== usuarioId) return Result.fail(new SessaoNaoEncontradaError());
    await endSession.execute(sessaoId, { usuarioId, autorId: usuarioId, origem });
    return Result.ok(undefined);
  }
}
