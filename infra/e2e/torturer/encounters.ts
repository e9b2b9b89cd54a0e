/**
 * Kinds of disorder, and how often each is met in a hundred schedules at the very least: about half of what the torturer
 * really comes to. One that stops to torture in some respect falls below.
 */
const MINIMOS_EM_CEM: Readonly<Record<string, number>> = {
  'message: a copy of one that had come': 1_000,
  'message: after a newer one of its aggregate': 80,
  'message: at the same time as another of its aggregate': 40,
  'message: late': 800,
  'message: lost, and sent again': 200,
  'message: newest first, after all newer ones of its aggregate': 90,
  'steps: side by side': 800,
  'Stripe: cut after the effect': 1,
  'Stripe: cut before the effect': 1,
  'Stripe: error after the effect': 1,
  'Stripe: error before the effect': 1,
  'Stripe: rate_limit after the effect': 1,
  'Stripe: rate_limit before the effect': 1,
  'webhook: dealt with as it came': 40,
  'worker amid messages: notificacoes: sender': 60,
  'worker amid messages: pagamentos: checkouts': 1,
  'worker amid messages: pagamentos: encerramentos': 10,
  'worker amid messages: pagamentos: estornos': 20,
  'worker amid messages: pagamentos: webhooks': 150,
  'worker amid messages: reservas: waitlist': 10,
};

/** How often each kind of disorder really came about, by its name. */
export class Atingidos {
  readonly #vezes = new Map<string, number>();

  conte(tipo: string, vezes = 1): void {
    if (vezes > 0) this.#vezes.set(tipo, this.vezes(tipo) + vezes);
  }

  vezes(tipo: string): number {
    return this.#vezes.get(tipo) ?? 0;
  }

  some(outros: Atingidos): void {
    for (const [tipo, vezes] of outros.#vezes) this.conte(tipo, vezes);
  }

  /** What was met too seldom for so many schedules. What is rare need not be met in a few of them. */
  raros(corridas: number): string[] {
    return Object.entries(MINIMOS_EM_CEM).flatMap(([tipo, emCem]) => {
      const minimo = Math.floor((emCem * corridas) / 100);
      const vezes = this.vezes(tipo);
      return vezes < minimo ? [`${tipo}: ${vezes} times in ${corridas} schedules, ${minimo} expected`] : [];
    });
  }

  /** One kind a line, in the order of their names. */
  toString(): string {
    const linhas = [...this.#vezes].sort(([a], [b]) => a.localeCompare(b));
    return linhas.map(([tipo, vezes]) => `${String(vezes).padStart(8)}  ${tipo}`).join('\n');
  }
}
