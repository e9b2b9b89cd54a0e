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

  /** One kind a line, in the order of their names. */
  toString(): string {
    const linhas = [...this.#vezes].sort(([a], [b]) => a.localeCompare(b));
    return linhas.map(([tipo, vezes]) => `${String(vezes).padStart(8)}  ${tipo}`).join('\n');
  }
}
