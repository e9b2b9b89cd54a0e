import type { Clock } from '@plataforma/domain/clock';
import { Result } from '@plataforma/domain/result';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { CodigoEmailInvalidoError } from '../domain/recusa.ts';
import type { Usuario } from '../domain/usuario.ts';
import {
  type CodigosDeEmail,
  type ConsultaDeUsuarios,
  EmailDeOutraContaError,
  type Transacao,
} from './ports.ts';

export interface VerifyEmailCommand {
  readonly codigo: string;
}

interface Deps {
  readonly consulta: ConsultaDeUsuarios;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
  readonly codigos: CodigosDeEmail;
  readonly clock: Clock;
}

/**
 * Takes a code that was sent to an address as the proof that its account can read what is sent there. Every refusal is
 * the same, so that a code tells nothing of which accounts there are.
 */
export class VerifyEmailHandler {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  async execute({ codigo }: VerifyEmailCommand): Promise<Result<void, CodigoEmailInvalidoError>> {
    const { consulta, uow, codigos, clock } = this.#deps;
    const em = clock.now();
    const confere = (usuario: Usuario | undefined): usuario is Usuario =>
      usuario !== undefined &&
      usuario.estado.substituidoEm === null &&
      codigos.confere(codigo, { usuarioId: usuario.estado.id, email: usuario.estado.email }, em);
    const recusa = Result.fail(new CodigoEmailInvalidoError());
    const usuarioId = codigos.conta(codigo);
    // Changing accounts takes a lock, which is not for a caller that makes codes up, or comes again.
    const conhecido = usuarioId === undefined ? undefined : await consulta.findById(usuarioId);
    if (usuarioId === undefined || !confere(conhecido)) return recusa;
    if (conhecido.estado.emailVerificado) return Result.ok(undefined);
    try {
      return await uow.run(async ({ usuarios }) => {
        const usuario = await usuarios.findToChange(usuarioId);
        if (!confere(usuario)) return recusa;
        usuario.verificarEmail(em);
        await usuarios.save(usuario);
        return Result.ok(undefined);
      });
    } catch (error) {
      // Another account has verified the address before.
      if (error instanceof EmailDeOutraContaError) return recusa;
      throw error;
    }
  }
}
