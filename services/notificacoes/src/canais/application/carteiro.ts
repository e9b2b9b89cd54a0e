import type { Result } from '@plataforma/domain/result';
import type { FalhaDeEnvioError } from '../domain/falha-de-envio.ts';

/** That a provider has taken a message. */
export interface Recibo {
  /** Who, as the configuration names it. */
  readonly provedor: string;
  /** What the provider calls the message from now on, as in what it tells of it later; left out where it has no name for it. */
  readonly idDoProvedor?: string;
}

/** What became of a message that was handed to a provider. */
export type Entrega = Result<Recibo, FalhaDeEnvioError>;

/** Takes messages of one kind, those of a channel, to people. */
export interface Carteiro<M> {
  /** Succeeds when the provider has taken over the responsibility for the message. Never takes a minute. */
  enviar(mensagem: M): Promise<Entrega>;
}
