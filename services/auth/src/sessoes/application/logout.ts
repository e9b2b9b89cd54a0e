import type { Origem } from '../../contrato/domain/origem.ts';
import type { EndSession } from './end-session.ts';
import type { Sessions } from './ports.ts';

export interface LogoutCommand {
  readonly usuarioId: string;
  /** Of the session that is to end; empty: the one of the caller. */
  readonly refreshToken: string;
  /** Session of the caller; a token from before tokens named one has none. */
  readonly sessaoId: string | undefined;
  readonly origem: Origem;
}

interface Deps {
  readonly sessions: Pick<Sessions, 'provenBy' | 'ownerOf'>;
  readonly endSession: EndSession;
}

/** Ends a session; one that is over already stays so. */
export class LogoutHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({ usuarioId, refreshToken, sessaoId, origem }: LogoutCommand): Promise<void> {
    const { sessions, endSession } = this.#deps;
    const ended = refreshToken === '' ? sessaoId : await sessions.provenBy(refreshToken);
    if (ended === undefined) return;
    // Who brings another person's refresh token ends that person's session.
    const dono = ended === sessaoId ? usuarioId : await sessions.ownerOf(ended);
    await endSession.execute(ended, { usuarioId: dono, autorId: usuarioId, origem });
  }
}
