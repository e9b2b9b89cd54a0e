import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { sessaoVale } from '../../contas/domain/usuario.ts';
import type { ConsultaDeEncerramentos, SessaoAberta, Sessions } from './ports.ts';

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly sessions: Pick<Sessions, 'openOf'>;
  readonly encerramentos: ConsultaDeEncerramentos;
}

export class SessoesQueries {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The open sessions of a person, last used first: without those that have ended and came back with an older copy of their storage. */
  async abertas(usuarioId: string): Promise<readonly SessaoAberta[]> {
    const sessoes = await this.guardadas(usuarioId);
    const terminadas = await this.#deps.encerramentos.terminadas(sessoes.map(({ sessaoId }) => sessaoId));
    return sessoes.filter(({ sessaoId }) => !terminadas.includes(sessaoId));
  }

  /** Those that are stored as open, for who ends them. The account has the last word on which are open. */
  async guardadas(usuarioId: string): Promise<readonly SessaoAberta[]> {
    const { consulta, sessions } = this.#deps;
    const usuario = await consulta.findById(usuarioId);
    if (!usuario) return [];
    const sessoes = await sessions.openOf(usuarioId);
    return sessoes.filter(({ geracao }) => sessaoVale(usuario.estado, geracao));
  }
}
