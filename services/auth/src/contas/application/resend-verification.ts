import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import { MuitasTentativasError } from '../../contrato/domain/recusa.ts';
import type { UsuarioNaoEncontradoError } from '../domain/recusa.ts';
import type { Usuario } from '../domain/usuario.ts';
import type { CodigosDeEmail, UsuariosRepository } from './ports.ts';

interface Deps {
  readonly usuarios: UsuariosRepository;
  readonly codigos: CodigosDeEmail;
  readonly clock: Clock;
}

const INTERVALO_MS = 60_000;

/** Has the code that verifies an address mailed once more: the first one was lost, or is void. */
export class ResendVerificationHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute(usuarioId: string): Promise<Result<void, MuitasTentativasError | UsuarioNaoEncontradoError>> {
    const { usuarios, codigos, clock } = this.#deps;
    const em = clock.now();
    const conhecido = await usuarios.findById(usuarioId);
    // Changing accounts takes a lock, which is not for somebody who only asks and asks.
    const cedo = conhecido && aEsperar(conhecido, em);
    if (cedo) return Result.fail(new MuitasTentativasError(cedo));
    const pedido = await usuarios.change(usuarioId, usuarioId, (usuario) => {
      const segundos = aEsperar(usuario, em);
      if (segundos > 0) return Result.fail(new MuitasTentativasError(segundos));
      usuario.pedirVerificacao(codigos.emitir({ usuarioId, email: usuario.estado.email }, em), em);
      return Result.ok(undefined);
    });
    return pedido.isFailure ? pedido : Result.ok(undefined);
  }
}

/** Seconds until a code may be asked for again; 0: now. Every change of an account counts as one. */
function aEsperar({ estado: { emailVerificado, atualizadoEm } }: Usuario, em: Date): number {
  if (emailVerificado) return 0;
  return Math.max(0, Math.ceil((atualizadoEm.getTime() + INTERVALO_MS - em.getTime()) / 1_000));
}
