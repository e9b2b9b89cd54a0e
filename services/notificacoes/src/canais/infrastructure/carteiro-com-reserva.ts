import { Result } from '@plataforma/domain/result';
import { type Breaker, type BreakerState, createBreaker } from '@plataforma/runtime/breaker';
import type { Carteiro, Entrega } from '../application/carteiro.ts';
import { FalhaDeEnvioError } from '../domain/falha-de-envio.ts';

interface Options<M> {
  /** Of the channel, for the breaker. */
  readonly nome: string;
  readonly primeiro: Carteiro<M>;
  readonly reserva: Carteiro<M>;
  readonly aoMudar: (estado: BreakerState) => void;
  /** How long the first one is left alone before it is tried again. */
  readonly resetMs?: number;
  /** The second one has taken a message. */
  readonly aoSubstituir?: () => void;
}

/** Longer than a delivery may take: each ends by itself. */
const NEVER_MS = 60_000;
const FAILURES = 3;

/**
 * A second provider for what the first one does not take because of itself, or does not carry to where the message goes; what it
 * refuses because of the message is refused.
 * A first one that was away several times in a row is not waited for any more, but tried now and then. What it took and could not
 * say so comes twice: it is that or a letter that waits.
 */
export class CarteiroComReserva<M> implements Carteiro<M> {
  readonly #breaker: Breaker<[M], Entrega>;
  readonly #reserva: Carteiro<M>;
  readonly #aoSubstituir: () => void;

  constructor({ nome, primeiro, reserva, aoMudar, resetMs = 30_000, aoSubstituir = () => {} }: Options<M>) {
    this.#reserva = reserva;
    this.#aoSubstituir = aoSubstituir;
    const enviar = async (mensagem: M) => unlessItsOwn(await primeiro.enviar(mensagem));
    this.#breaker = createBreaker(nome, enviar, {
      ...{ failures: FAILURES, resetMs, timeoutMs: NEVER_MS },
      onStateChange: aoMudar,
    });
  }

  async enviar(mensagem: M): Promise<Entrega> {
    const entrega = await this.#pelaPrimeira(mensagem);
    if (entrega === undefined) return this.#pelaReserva(mensagem);
    return foraDeAlcance(entrega) ? this.#soPelaReserva(mensagem) : entrega;
  }

  close(): void {
    this.#breaker.close();
  }

  async #pelaPrimeira(mensagem: M): Promise<Entrega | undefined> {
    try {
      return await this.#breaker.fire(mensagem);
    } catch (error) {
      // What it may have taken is not handed to another one as well.
      return error instanceof FalhaDeEnvioError && error.tipo === 'INCERTA' ? Result.fail(error) : undefined;
    }
  }

  /** The first one takes all others: what is away is away for this message alone. */
  async #soPelaReserva(mensagem: M): Promise<Entrega> {
    const entrega = await this.#reserva.enviar(mensagem);
    if (entrega.isSuccess) this.#aoSubstituir();
    if (!entrega.isFailure || !entrega.error.doCanal) return entrega;
    const { message, depoisDeMs, cause } = entrega.error;
    return Result.fail(comCausa(new FalhaDeEnvioError('TEMPORARIA', message, depoisDeMs), cause));
  }

  /** The wait that this one asks for is not waited: the other one may be back before. */
  async #pelaReserva(mensagem: M): Promise<Entrega> {
    const entrega = await this.#reserva.enviar(mensagem);
    if (entrega.isSuccess) this.#aoSubstituir();
    if (!entrega.isFailure || !entrega.error.doCanal) return entrega;
    const { tipo, message, cause } = entrega.error;
    return Result.fail(comCausa(new FalhaDeEnvioError(tipo, message), cause));
  }
}

function comCausa(falha: FalhaDeEnvioError, cause: unknown): FalhaDeEnvioError {
  falha.cause = cause;
  return falha;
}

const foraDeAlcance = (entrega: Entrega): boolean =>
  entrega.isFailure && entrega.error.sobreODestino === 'FORA_DE_ALCANCE';

/** @throws the failure that says more about the provider than about the message. */
function unlessItsOwn(entrega: Entrega): Entrega {
  if (entrega.isFailure && (entrega.error.doCanal || entrega.error.tipo === 'INCERTA')) throw entrega.error;
  return entrega;
}
