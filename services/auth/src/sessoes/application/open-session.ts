import type { Clock } from '@plataforma/domain/clock';
import type { Auditoria } from '../../auditoria/application/ports.ts';
import type { Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Metodo } from '../domain/metodo.ts';
import type { EndSession } from './end-session.ts';
import { type Granting, grantAccess, type TokensGranted } from './grant-access.ts';
import type { Sessions } from './ports.ts';

interface Deps extends Granting {
  readonly sessions: Sessions;
  readonly endSession: EndSession;
  readonly auditoria: Auditoria;
  readonly clock: Clock;
}

/** Opens a session of a person who has just proved who they are: every way in ends here. */
export class OpenSession {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** @param metodos by which they have proved it; at least one. */
  async execute(usuario: Usuario, origem: Origem, metodos: readonly Metodo[]): Promise<TokensGranted> {
    const { sessions, endSession, auditoria, clock } = this.#deps;
    const { id: usuarioId, geracaoSessoes: geracao } = usuario.estado;
    // Before the session: nobody is let in unrecorded.
    await auditoria.registrar({
      ...{ tipo: 'LOGIN', resultado: 'FEITO', detalhe: metodos.join('+') },
      ...{ autorId: usuarioId, usuarioId, origem, em: clock.now() },
    });
    const { session, refreshToken, excedentes } = await sessions.open({
      ...{ usuarioId, geracao, origem, metodos },
    });
    for (const excedente of excedentes)
      await endSession.execute(excedente, { usuarioId, autorId: usuarioId, origem });
    return { refreshToken, ...(await grantAccess(this.#deps, usuario, session)) };
  }
}
