import type { Usuario } from '../../contas/domain/usuario.ts';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Metodo } from '../domain/metodo.ts';
import type { TokensGranted } from './grant-access.ts';
import type { OpenSession } from './open-session.ts';
import type { PendingLogins } from './ports.ts';

/** What the first proof of a login leads to: a session, or the token that waits for the second factor. */
export type LetIn = TokensGranted | { readonly mfaToken: string };

interface Deps {
  readonly openSession: OpenSession;
  readonly logins: PendingLogins;
}

/** Lets a person in who has proved the first factor, unless their account has a second one. Every way in passes here,
 * except a passkey whose device has verified its owner: that is both at once. */
export class LetInHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /**
   * @param metodo by which they have proved it.
   * @returns undefined when the account is gone since then, or its sessions have ended.
   */
  async execute(usuario: Usuario, origem: Origem, metodo: Metodo): Promise<LetIn | undefined> {
    const { openSession, logins } = this.#deps;
    const { id: usuarioId, geracaoSessoes: geracao, mfaAtivo } = usuario.estado;
    if (!mfaAtivo) return openSession.execute(usuario, origem, [metodo]);
    return { mfaToken: await logins.open({ usuarioId, geracao, metodo }) };
  }
}
