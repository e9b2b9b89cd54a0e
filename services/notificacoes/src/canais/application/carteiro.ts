import type { Result } from '@plataforma/domain/result';
import type { FalhaDeEnvioError } from '../domain/falha-de-envio.ts';
import type { Mensagem } from '../domain/mensagem.ts';

/** Takes messages to people by one channel. */
export interface Carteiro {
  /** Succeeds when the provider has taken over the responsibility for the message. Never takes a minute. */
  enviar(mensagem: Mensagem): Promise<Result<void, FalhaDeEnvioError>>;
}
