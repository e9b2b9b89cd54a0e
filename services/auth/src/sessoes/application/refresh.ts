import { Result } from '@plataforma/domain/result';
import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { sessaoVale } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import { TokenRenovacaoInvalidoError, TokenRenovacaoReutilizadoError } from '../domain/recusa.ts';
import type { EndSession } from './end-session.ts';
import { type Granting, grantAccess, type TokensGranted } from './grant-access.ts';
import type { Found, Rotation, Sessions } from './ports.ts';

export interface RefreshCommand {
  readonly refreshToken: string;
  readonly origem: Origem;
}

interface Deps extends Granting {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findInSession'>;
  readonly sessions: Sessions;
  readonly endSession: EndSession;
}

type Refused = TokenRenovacaoInvalidoError | TokenRenovacaoReutilizadoError;

/**
 * Trades a refresh token for its successor and a new access token, with the roles the person has now. Trading in comes
 * last: whatever fails before it leaves the token as good as it was, so that an outage ends no session.
 */
export class RefreshHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({ refreshToken, origem }: RefreshCommand): Promise<Result<TokensGranted, Refused>> {
    const { consulta, sessions } = this.#deps;
    const session = await sessions.find(refreshToken);
    if (session.kind !== 'ok') return this.#refuse(session, origem);
    const usuario = await consulta.findInSession(session.usuarioId, session.sessaoId);
    // The database has the last word: what Redis could not hear, or has forgotten since, is over all the same.
    if (!usuario || !sessaoVale(usuario.estado, session.geracao)) {
      await sessions.end(session.sessaoId);
      return Result.fail(new TokenRenovacaoInvalidoError());
    }
    const access = await grantAccess(this.#deps, usuario, session);
    const rotation = await sessions.rotate(refreshToken, session, origem);
    if (rotation.kind !== 'ok') return this.#refuse(rotation, origem);
    return Result.ok({ refreshToken: rotation.refreshToken, ...access });
  }

  /** A token that comes a second time was copied: whoever holds the access token, owner or thief, loses it, too. */
  async #refuse(
    found: Exclude<Found | Rotation, { kind: 'ok' }>,
    origem: Origem,
  ): Promise<Result<never, Refused>> {
    if (found.kind === 'unknown') return Result.fail(new TokenRenovacaoInvalidoError());
    await this.#deps.endSession.execute(found.sessaoId, { usuarioId: found.usuarioId, origem, reuso: true });
    return Result.fail(new TokenRenovacaoReutilizadoError());
  }
}
