import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { MuitasTentativasError } from '../../credenciais/domain/recusa.ts';
import { UsuarioNaoEncontradoError } from '../domain/recusa.ts';
import type { Usuario } from '../domain/usuario.ts';
import type { CodigosDeEmail, Transacao } from './ports.ts';

export interface ResendVerificationCommand {
  readonly usuarioId: string;
}

interface Deps {
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
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

  async execute({
    usuarioId,
  }: ResendVerificationCommand): Promise<Result<void, MuitasTentativasError | UsuarioNaoEncontradoError>> {
    const { uow, codigos, clock } = this.#deps;
    const em = clock.now();
    return uow.run(async ({ usuarios, claimKey }) => {
      await claimKey(usuarioId);
      const conhecido = await usuarios.findById(usuarioId);
      // Changing accounts takes a lock, which is not for a caller that asks again and again.
      if (conhecido?.estado.emailVerificado) return Result.ok(undefined);
      const cedo = conhecido ? aEsperar(conhecido, em) : 0;
      if (cedo > 0) return Result.fail(new MuitasTentativasError(cedo));
      const usuario = await usuarios.findToChange(usuarioId);
      if (!usuario) return Result.fail(new UsuarioNaoEncontradoError());
      const segundos = aEsperar(usuario, em);
      if (segundos > 0) return Result.fail(new MuitasTentativasError(segundos));
      const { email } = usuario.estado;
      const dona = await usuarios.findByEmail(email);
      const volta = await usuarios.voltaPara(email, em);
      // Where another account has verified the address, or may come back to it, no code could be used, and the caller must not
      // learn that.
      const codigo = dona?.estado.emailVerificado || volta ? '' : codigos.emitir({ usuarioId, email }, em);
      usuario.pedirVerificacao(codigo, em);
      await usuarios.save(usuario);
      return Result.ok(undefined);
    });
  }
}

/** Seconds until a code may be asked for again; 0: now. Every change of an account counts as one. */
function aEsperar({ estado: { emailVerificado, atualizadoEm } }: Usuario, em: Date): number {
  if (emailVerificado) return 0;
  return Math.max(0, Math.ceil((atualizadoEm.getTime() + INTERVALO_MS - em.getTime()) / 1_000));
}
