import { Result } from '@plataforma/domain/result';
import type { Origem } from '../../contrato/domain/origem.ts';
import type { Passkey } from '../domain/passkey.ts';
import { PasskeyLoginInvalidoError } from '../domain/recusa.ts';
import type { AssinaturaLida, Transacao, WebAuthn } from './ports.ts';

/** A signature, and what it has to prove. */
export interface ConferirAssinaturaCommand {
  /** Answers a challenge that was taken for it. */
  readonly lida: AssinaturaLida;
  /** Whose passkey it has to be; left out when the passkey is to say it. */
  readonly usuarioId?: string | undefined;
  /** Whether nothing else is asked for: then its device has to have verified who holds it, or possession would be all. */
  readonly unica: boolean;
  readonly origem: Origem;
  readonly em: Date;
}

/**
 * Which passkey has made a signature, in the transaction that goes by it: its row is held, so of two signatures at once the
 * second one is measured by the counter of the first. What is refused is recorded once the passkey is one of ours, as
 * nobody else knows its name.
 */
export class ConferirAssinatura {
  readonly #webauthn: Pick<WebAuthn, 'conferirAssinatura'>;

  constructor(webauthn: Pick<WebAuthn, 'conferirAssinatura'>) {
    this.#webauthn = webauthn;
  }

  /** The passkey has been used, and is not stored yet. */
  async execute(
    { passkeys, auditoria }: Pick<Transacao, 'passkeys' | 'auditoria'>,
    { lida, usuarioId, unica, origem, em }: ConferirAssinaturaCommand,
  ): Promise<Result<Passkey, PasskeyLoginInvalidoError>> {
    const passkey = await passkeys.comCredencial(lida.credencial);
    if (!passkey) return Result.fail(new PasskeyLoginInvalidoError());
    const { usuarioId: dono, titular, chavePublica } = passkey.estado;
    const anonima = usuarioId === undefined;
    // A device that names its owner has to name this one; by itself it always does.
    const nomeia = lida.titular === undefined ? !anonima : lida.titular.equals(titular);
    const uso =
      nomeia && (anonima || usuarioId === dono)
        ? await this.#webauthn.conferirAssinatura(lida, chavePublica)
        : undefined;
    const confere = uso !== undefined && (uso.verificouPessoa || !unica);
    if (confere && passkey.usar(uso, em)) return Result.ok(passkey);
    const detalhe = confere ? 'pop: contador' : 'pop';
    await auditoria.registrar({ tipo: 'LOGIN', resultado: 'RECUSADO', detalhe, usuarioId: dono, origem, em });
    return Result.fail(new PasskeyLoginInvalidoError());
  }
}
