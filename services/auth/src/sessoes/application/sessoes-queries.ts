import type { ConsultaDeUsuarios } from '../../contas/application/ports.ts';
import { sessaoVale } from '../../contas/domain/usuario.ts';
import type { SessaoAberta, Sessions } from './ports.ts';

interface Deps {
  readonly consulta: Pick<ConsultaDeUsuarios, 'findById'>;
  readonly sessions: Pick<Sessions, 'openOf'>;
}

export class SessoesQueries {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** The open sessions of a person, last used first. The account has the last word on which are open. */
  async abertas(usuarioId: string): Promise<readonly SessaoAberta[]> {
    const { consulta, sessions } = this.#deps;
    const usuario = await consulta.findById(usuarioId);
    if (!usuario) return [];
    const sessoes = await sessions.openOf(usuarioId);
    return sessoes.filter(({ geracao }) => sessaoVale(usuario.estado, geracao));
  }
}
