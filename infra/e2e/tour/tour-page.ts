/** A block of commands of a page, and what it says that they print. */
export interface Step {
  /** Of the page, to be found there. */
  readonly line: number;
  readonly commands: string;
  /** Undefined: nothing is said. */
  readonly prints: string | undefined;
}

/** The blocks ```` ```sh ```` of a page in order, each with the block of another kind that follows it. */
export function stepsOf(page: string): Step[] {
  const steps: Step[] = [];
  for (const { 1: kind, 2: text = '', index } of page.matchAll(/^```(\w+)\n(.*?)^```$/gms)) {
    const last = steps.at(-1);
    if (kind === 'sh')
      steps.push({ line: page.slice(0, index).split('\n').length, commands: text, prints: undefined });
    else if (last) steps[steps.length - 1] = { ...last, prints: text };
  }
  return steps;
}

const mark = (index: number) => `@@${index}@@`;

/** One script for one shell, which ends at the first command that fails; it prints a mark in front of each step. */
export function scriptOf(steps: readonly Step[]): string {
  return steps.map(({ commands }, index) => `echo '${mark(index)}'\n${commands}`).join('\n');
}

/** What each step has printed; those that were not come to are left out. */
export function outputsOf(steps: readonly Step[], printed: string): string[] {
  return steps
    .map((_, index) => printed.split(`${mark(index)}\n`)[1]?.split(/^@@\d+@@$/m)[0])
    .filter((output) => output !== undefined);
}

/** Whether it printed that; `...` stands for anything, line breaks and indentation only make it readable. */
export function agrees(printed: string, said: string): boolean {
  const parts = compact(said)
    .split(/\.{3}(?!\.)/)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`, 's').test(compact(printed));
}

function compact(text: string): string {
  return text.replace(/\s*\n\s*/g, '');
}
