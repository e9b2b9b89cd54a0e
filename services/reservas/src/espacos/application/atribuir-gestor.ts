import type { Clock } from '@plataforma/domain/clock';
import type { Result } from '@plataforma/domain/result';
import type { ClienteNaoEncontradoError } from '../../contas/domain/cliente-nao-encontrado.ts';
import type { EspacoNaoEncontradoError } from '../domain/espaco.ts';
import type { Gestor } from '../domain/gestor.ts';
import type { GestoresRepository } from './ports.ts';

export interface AtribuirGestorCommand {
  readonly espacoId: string;
  readonly usuarioId: string;
  /** The ADMIN who assigns. */
  readonly quem: string;
}

interface Deps {
  readonly gestores: GestoresRepository;
  readonly clock: Clock;
}

/** Lets a person run a space, unless they are gone. Whether they are a GESTOR at all is for auth to say, with every token. */
export class AtribuirGestorHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  execute({
    espacoId,
    usuarioId,
    quem,
  }: AtribuirGestorCommand): Promise<Result<Gestor, EspacoNaoEncontradoError | ClienteNaoEncontradoError>> {
    const { gestores, clock } = this.#deps;
    return gestores.atribuir({ espacoId, usuarioId, atribuidoPor: quem, atribuidoEm: clock.now() });
  }
}
