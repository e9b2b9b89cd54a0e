import type { Sessions } from './ports.ts';

export interface LogoutCommand {
  /** Of the session that is to end; empty: the one of the caller. */
  readonly refreshToken: string;
  /** Session of the caller; a token from before tokens named one has none. */
  readonly sessaoId: string | undefined;
}

/** Ends a session; one that is over already stays so. */
export class LogoutHandler {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  async execute({ refreshToken, sessaoId }: LogoutCommand): Promise<void> {
    if (refreshToken !== '') await this.#sessions.close(refreshToken);
    else if (sessaoId !== undefined) await this.#sessions.end(sessaoId);
  }
}
