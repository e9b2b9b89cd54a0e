import { Result } from '@plataforma/domain/result';
import { type Breaker, type BreakerState, createBreaker } from '@plataforma/runtime/breaker';
import type { Entrega } from '../../application/carteiro.ts';
import { FalhaDeEnvioError } from '../../domain/falha-de-envio.ts';

interface Options {
  /** The providers of the channel, each of which is left alone for itself. */
  readonly provedores: readonly string[];
  readonly aoMudar: (provedor: string, estado: BreakerState) => void;
  /** How long one is left alone before it is tried again. */
  readonly resetMs?: number;
}

type Tentativa = () => Promise<Entrega>;

/** Longer than a delivery may take: each ends by itself. */
const NEVER_MS = 60_000;
const FAILURES = 3;
const RESET_MS = 30_000;

/**
 * A breaker for each provider of a channel in which none stands in for another one: who is reached by one that is away waits alone,
 * at no cost, and those whom others reach go on. Only where all are away the channel is.
 */
export class Disjuntores {
  /** None where there is one provider alone: the channel itself pauses then. */
  readonly #breakers: ReadonlyMap<string, Breaker<[Tentativa], Entrega>>;

  constructor({ provedores, aoMudar, resetMs = RESET_MS }: Options) {
    const breakerDe = (provedor: string) =>
      createBreaker(`push ${provedor}`, doProvedor, {
        ...{ failures: FAILURES, successes: 1, resetMs, timeoutMs: NEVER_MS },
        onStateChange: (estado) => aoMudar(provedor, estado),
      });
    const varios = provedores.length > 1 ? provedores : [];
    this.#breakers = new Map(varios.map((provedor) => [provedor, breakerDe(provedor)]));
  }

  async enviar(provedor: string, tentar: Tentativa): Promise<Entrega> {
    const breaker = this.#breakers.get(provedor);
    if (breaker === undefined) return tentar();
    try {
      return await breaker.fire(tentar);
    } catch (error) {
      return Result.fail(this.#falha(error));
    }
  }

  close(): void {
    for (const breaker of this.#breakers.values()) breaker.close();
  }

  #falha(error: unknown): FalhaDeEnvioError {
    const falha =
      error instanceof FalhaDeEnvioError
        ? error
        : new FalhaDeEnvioError('INDISPONIVEL', 'provider is left alone for a while');
    if ([...this.#breakers.values()].every(({ state }) => state !== 'closed')) return falha;
    const parcial = new FalhaDeEnvioError('PARCIAL', falha.message, falha.depoisDeMs);
    parcial.cause = error;
    return parcial;
  }
}

/** @throws the failure that says more about the provider than about the message. */
async function doProvedor(tentar: Tentativa): Promise<Entrega> {
  const entrega = await tentar();
  if (entrega.isFailure && entrega.error.doCanal) throw entrega.error;
  return entrega;
}
