import type { TokenIssuer } from '../../chaves/application/ports.ts';
import type { Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Metodo } from '../domain/metodo.ts';
import { grantAccess, type TokensGranted } from './grant-access.ts';
import type { Sessions } from './ports.ts';

interface Deps {
  readonly sessions: Sessions;
  readonly tokens: TokenIssuer;
}

/** Opens a session of a person who has just proved who they are: every way in ends here. */
export class OpenSession {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @param metodos by which they have proved it; at least one. */
  async execute(usuario: Usuario, origem: Origem, metodos: readonly Metodo[]): Promise<TokensGranted> {
    const { sessions, tokens } = this.#deps;
    const { id: usuarioId, geracaoSessoes: geracao } = usuario.estado;
    const { session, refreshToken } = await sessions.open({ usuarioId, geracao, origem, metodos });
    return { refreshToken, ...(await grantAccess(tokens, usuario, session)) };
  }
}
