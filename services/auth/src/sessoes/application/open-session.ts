import type { TokenIssuer } from '../../chaves/application/ports.ts';
import type { Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Metodo } from '../domain/metodo.ts';
import type { EndSession } from './end-session.ts';
import { grantAccess, type TokensGranted } from './grant-access.ts';
import type { Sessions } from './ports.ts';

interface Deps {
  readonly sessions: Sessions;
  readonly tokens: TokenIssuer;
  readonly endSession: EndSession;
}

/** Opens a session of a person who has just proved who they are: every way in ends here. */
export class OpenSession {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @param metodos by which they have proved it; at least one. */
  async execute(usuario: Usuario, origem: Origem, metodos: readonly Metodo[]): Promise<TokensGranted> {
    const { sessions, tokens, endSession } = this.#deps;
    const { id: usuarioId, geracaoSessoes: geracao } = usuario.estado;
    const { session, refreshToken, excedentes } = await sessions.open({
      ...{ usuarioId, geracao, origem, metodos },
    });
    for (const excedente of excedentes) await endSession.execute(excedente);
    return { refreshToken, ...(await grantAccess(tokens, usuario, session)) };
  }
}
