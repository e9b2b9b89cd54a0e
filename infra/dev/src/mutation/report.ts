import { readFileSync } from 'node:fs';

/** What the report needs to know of a mutant; the words are Stryker's. */
export interface Mutante {
  readonly fileName: string;
  readonly mutatorName: string;
  readonly replacement: string;
  readonly status: string;
  readonly location: { readonly start: Place; readonly end: Place };
}

/** Counted from 1. */
interface Place {
  readonly line: number;
  readonly column: number;
}

const KILLED = ['Killed', 'Timeout'];
const UNNOTICED = ['Survived', 'NoCoverage'];

/** Percent of the mutants that could have been noticed and were; 100 when there are none. */
export function scoreOf(mutants: readonly Mutante[]): number {
  const killed = mutants.filter(({ status }) => KILLED.includes(status)).length;
  const unnoticed = mutants.filter(({ status }) => UNNOTICED.includes(status)).length;
  return killed + unnoticed === 0 ? 100 : (100 * killed) / (killed + unnoticed);
}

/** A line per file, the worst first, and the sum of all at the end. */
export function scoreTable(mutants: readonly Mutante[]): string {
  const files = Map.groupBy(mutants, ({ fileName }) => fileName);
  const rows = [...files].sort(([, a], [, b]) => scoreOf(a) - scoreOf(b));
  return [...rows, ['all', mutants] as const]
    .map(([name, own]) => `${scoreOf(own).toFixed(1).padStart(5)} %  ${survivors(own).length} left  ${name}`)
    .join('\n');
}

/** Place, kind and replacement of every mutant that no spec noticed. */
export function describeSurvivors(mutants: readonly Mutante[], folder: string): string {
  return survivors(mutants)
    .map(({ fileName, location: { start }, status, mutatorName, replacement }) => {
      const line = sourceLine(`${folder}/${fileName}`, start.line);
      const place = `${fileName}:${start.line}:${start.column}`;
      return `${place} ${status} ${mutatorName}\n  - ${line}\n  + ${replacement}\n`;
    })
    .join('\n');
}

function survivors(mutants: readonly Mutante[]): Mutante[] {
  return mutants.filter(({ status }) => UNNOTICED.includes(status));
}

function sourceLine(file: string, line: number): string {
  return readFileSync(file, 'utf8').split('\n')[line - 1]?.trim() ?? '';
}
