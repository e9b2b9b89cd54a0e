/**
 * Why a message was not accepted.
 *
 * - `INDISPONIVEL`: the provider cannot be reached, or takes nothing of anybody or of us for now. It says nothing about the
 *   message.
 * - `CREDENCIAIS`: the provider refuses us altogether (a key, a password, our address), until an operator changes something. It
 *   says nothing about the message either.
 * - `PARCIAL`: the only provider that reaches where the message goes is away or refuses us, and not all of the channel are. It says
 *   nothing about the message, and others need not wait for it.
 * - `INCERTA`: no answer came to a message that the provider may have taken, and it cannot tell a second copy from the first.
 *   Told apart only where each copy costs.
 * - `TEMPORARIA`: the provider refused this message for now.
 * - `PERMANENTE`: the provider will never take this message.
 */
export type TipoFalha = 'INDISPONIVEL' | 'CREDENCIAIS' | 'PARCIAL' | 'INCERTA' | 'TEMPORARIA' | 'PERMANENTE';

/**
 * What a refusal says of where the message went: its owner wants nothing from us there (`RECUSADO`), it is not there, or not
 * any more (`INEXISTENTE`), or this provider carries nothing there for us, and another one may (`FORA_DE_ALCANCE`).
 */
export type SobreODestino = 'RECUSADO' | 'INEXISTENTE' | 'FORA_DE_ALCANCE';

/** The longest wait that a provider may ask for: it is asked again then, whatever it said. */
const MAIOR_ESPERA_PEDIDA_MS = 3_600_000;

/** The provider did not accept a message. The message of the error names no address. */
export class FalhaDeEnvioError extends Error {
  override readonly name = 'FalhaDeEnvioError';
  readonly tipo: TipoFalha;
  /** How long the provider asked us to wait, within {@link MAIOR_ESPERA_PEDIDA_MS}; 0 when it said nothing. */
  readonly depoisDeMs: number;
  /** Undefined when it says nothing of that. */
  readonly sobreODestino: SobreODestino | undefined;

  constructor(tipo: TipoFalha, message: string, depoisDeMs = 0, sobreODestino?: SobreODestino) {
    super(message);
    this.tipo = tipo;
    this.sobreODestino = sobreODestino;
    this.depoisDeMs = Math.min(Math.max(depoisDeMs, 0), MAIOR_ESPERA_PEDIDA_MS);
  }

  /** Nothing was said about the message: every other one would have failed as well. */
  get doCanal(): boolean {
    return this.tipo === 'INDISPONIVEL' || this.tipo === 'CREDENCIAIS';
  }

  /** Nothing was said about the message: it has had no attempt. */
  get semTentativa(): boolean {
    return this.doCanal || this.tipo === 'PARCIAL';
  }
}
