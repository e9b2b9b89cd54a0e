import { Result } from '@plataforma/domain/result';
import { type Breaker, type BreakerState, createBreaker } from '@plataforma/runtime/breaker';
import type { Carteiro } from '../application/carteiro.ts';
import { FalhaDeEnvioError } from '../domain/falha-de-envio.ts';
import type { Mensagem } from '../domain/mensagem.ts';

type Entrega = Result<void, FalhaDeEnvioError>;

interface Options {
  readonly primeiro: Carteiro;
  readonly reserva: Carteiro;
  readonly aoMudar: (estado: BreakerState) => void;
  /** How long the first one is left alone before it is tried again. */
  readonly resetMs?: number;
}

/** Longer than a delivery may take: each ends by itself. */
const NEVER_MS = 60_000;
const FAILURES = 3;

/**
 * A second provider for what the first one does not take because of itself; what it refuses because of the message is refused.
 * A first one that was away several times in a row is not waited for any more, but tried now and then. What it took and could not
 * say so comes twice: it is that or a letter that waits.
 */
export class CarteiroComReserva implements Carteiro {
  readonly #breaker: Breaker<[Mensagem], Entrega>;
  readonly #reserva: Carteiro;

  constructor({ primeiro, reserva, aoMudar, resetMs = 30_000 }: Options) {
    this.#reserva = reserva;
    const enviar = async (mensagem: Mensagem) => unlessItsOwn(await primeiro.enviar(mensagem));
    this.#breaker = createBreaker('email', enviar, {
      ...{ failures: FAILURES, resetMs, timeoutMs: NEVER_MS },
      onStateChange: aoMudar,
    });
  }

  async enviar(mensagem: Mensagem): Promise<Entrega> {
    return (await this.#pelaPrimeira(mensagem)) ?? this.#pelaReserva(mensagem);
  }

  close(): void {
    this.#breaker.close();
  }

  async #pelaPrimeira(mensagem: Mensagem): Promise<Entrega | undefined> {
    try {
      return await this.#breaker.fire(mensagem);
    } catch {
      return undefined;
    }
  }

  /** The wait that this one asks for is not waited: the other one may be back before. */
  async #pelaReserva(mensagem: Mensagem): Promise<Entrega> {
    const entrega = await this.#reserva.enviar(mensagem);
    if (!entrega.isFailure || !entrega.error.doCanal) return entrega;
    const { tipo, message, cause } = entrega.error;
    const falha = new FalhaDeEnvioError(tipo, message);
    falha.cause = cause;
    return Result.fail(falha);
  }
}

/** @throws the failure that says nothing about the message. */
function unlessItsOwn(entrega: Entrega): Entrega {
  if (entrega.isFailure && entrega.error.doCanal) throw entrega.error;
  return entrega;
}
