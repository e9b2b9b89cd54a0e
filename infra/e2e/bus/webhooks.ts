import { STRIPE_EVENTS } from '@plataforma/dev/stack/stripe-events';
import type { Random } from '@plataforma/dev/stripe/switches/seeded-random';
import { signatureHeader } from '@plataforma/dev/stripe/webhooks';
import { delay } from '@plataforma/runtime/wait';
import type { Barramento, Replica } from './replicas.ts';

const OLHAR_MS = 50;
const MAIOR_ATRASO_MS = 1_500;
const PRAZO_MS = 3_000;
const DE_NOVO_MS = 500;

/**
 * Carries every webhook to both replicas of pagamentos at the same moment, some of them late, so that others overtake
 * them; again and again until one has taken it, as Stripe does.
 */
export class WebhooksEmDobro {
  readonly #barramento: Barramento;
  readonly #acaso: Random;
  readonly #fim = new AbortController();
  readonly #entregas = new Set<Promise<void>>();
  readonly #novos = new Map<string, number>();
  #vistos = 0;
  #volta: Promise<void> | undefined;
  /** Events that both replicas took at the same moment. */
  aosDois = 0;
  /** Events that more than one answer called new. */
  get duasVezesNovos(): string[] {
    return [...this.#novos].filter(([, vezes]) => vezes > 1).map(([id]) => id);
  }

  constructor(barramento: Barramento, acaso: Random) {
    this.#barramento = barramento;
    this.#acaso = acaso;
  }

  comecar(): void {
    this.#volta = this.#rodar();
  }

  /** Whether all that Stripe has said has been taken. */
  get emDia(): boolean {
    return (
      this.#entregas.size === 0 && this.#vistos === this.#barramento.servidores.stripe.control.events().length
    );
  }

  async parar(): Promise<void> {
    this.#fim.abort();
    await this.#volta;
    await Promise.all(this.#entregas);
  }

  async #rodar(): Promise<void> {
    while (!this.#fim.signal.aborted) {
      const eventos = this.#barramento.servidores.stripe.control.events();
      for (const { event } of eventos.slice(this.#vistos)) this.#despachar(event);
      this.#vistos = eventos.length;
      await delay(OLHAR_MS, this.#fim.signal);
    }
  }

  #despachar(evento: { readonly id: string; readonly type: string }): void {
    if (!STRIPE_EVENTS.includes(evento.type)) return;
    const atraso = this.#acaso() < 0.5 ? 0 : this.#acaso() * MAIOR_ATRASO_MS;
    const entrega = this.#entregar(evento, atraso).finally(() => this.#entregas.delete(entrega));
    this.#entregas.add(entrega);
  }

  async #entregar(evento: { readonly id: string }, atraso: number): Promise<void> {
    await delay(atraso, this.#fim.signal);
    const portas = this.#barramento.replicas.filter(({ servico }) => servico === 'pagamentos');
    while (!this.#fim.signal.aborted) {
      const tomados = (await Promise.all(portas.map((porta) => this.#bater(porta, evento)))).filter(
        Boolean,
      ).length;
      if (tomados === portas.length) this.aosDois += 1;
      if (tomados > 0) return;
      await delay(DE_NOVO_MS, this.#fim.signal);
    }
  }

  /** Whether the replica says that it has it. */
  async #bater({ http }: Replica, evento: { readonly id: string }): Promise<boolean> {
    const body = JSON.stringify(evento);
    const segredos = [this.#barramento.servidores.secrets.webhookSecret];
    const assinatura = signatureHeader(body, segredos, Math.floor(Date.now() / 1000));
    try {
      const response = await fetch(`${http}/api/v1/webhooks/stripe`, {
        ...{ method: 'POST', body, signal: AbortSignal.timeout(PRAZO_MS) },
        headers: { 'content-type': 'application/json', 'stripe-signature': assinatura },
      });
      if (!response.ok) return false;
      const { duplicate } = (await response.json()) as { readonly duplicate: boolean };
      if (!duplicate) this.#novos.set(evento.id, (this.#novos.get(evento.id) ?? 0) + 1);
      return true;
    } catch {
      return false;
    }
  }
}
