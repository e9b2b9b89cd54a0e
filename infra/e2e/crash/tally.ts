import type { CrashCell } from './cells.ts';

/** A cell as a person reads and names it. */
export function lineOf({ scenario, service, victim, when, point, nth }: CrashCell): string {
  const where = service === victim ? '' : `${service} comes to `;
  return `${scenario.padEnd(15)} ${victim.padEnd(12)} ${when.padEnd(6)} ${where}${point}${nth > 1 ? ` #${nth}` : ''}`;
}

/** The cells in whose lines all words occur. */
export function selected(cells: readonly CrashCell[], words: readonly string[]): CrashCell[] {
  return cells.filter((cell) => words.every((word) => lineOf(cell).includes(word)));
}

/** Counts what became of cells. */
export class Tally {
  readonly #count = { hold: 0, failed: 0, notReached: 0 };

  add({ died, problems }: { readonly died: boolean; readonly problems: readonly string[] }): void {
    const end = died ? 'hold' : 'notReached';
    this.#count[problems.length > 0 ? 'failed' : end]++;
  }

  get line(): string {
    const { hold, failed, notReached } = this.#count;
    return `${hold} cells hold, ${failed} FAILED, ${notReached} were not reached`;
  }

  /** Where no process died, nothing is shown. */
  get exitCode(): 0 | 1 {
    return this.#count.failed === 0 && this.#count.hold > 0 ? 0 : 1;
  }
}
