/**
 * Why a message was not accepted.
 *
 * - `INDISPONIVEL`: the provider cannot be reached or refuses us altogether. It says nothing about the message.
 * - `TEMPORARIA`: the provider refused this message for now.
 * - `PERMANENTE`: the provider will never take this message.
 */
export type TipoFalha = 'INDISPONIVEL' | 'TEMPORARIA' | 'PERMANENTE';

/** The provider did not accept a message. The message of the error names no address. */
export class FalhaDeEnvioError extends Error {
  override readonly name = 'FalhaDeEnvioError';
  readonly tipo: TipoFalha;

  constructor(tipo: TipoFalha, message: string) {
    super(message);
    this.tipo = tipo;
  }
}
