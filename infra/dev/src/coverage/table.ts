/** How much of something was run. */
interface Count {
  readonly total: number;
  readonly covered: number;
}

/** One file of istanbul's `coverage-summary.json`. */
interface Counts {
  readonly lines: Count;
  readonly branches: Count;
}

/** The whole of it; the key `total` is the sum. */
export type Summary = Readonly<Record<string, Counts>>;

export interface FileCounts extends Counts {
  readonly file: string;
}

/** Percents of all files together. */
export function totalOf(files: readonly FileCounts[]): { lines: number; branches: number } {
  const percent = (pick: (counts: Counts) => Count) => {
    const sum = (part: keyof Count) => files.reduce((all, file) => all + pick(file)[part], 0);
    return sum('total') === 0 ? 100 : (100 * sum('covered')) / sum('total');
  };
  return { lines: percent(({ lines }) => lines), branches: percent(({ branches }) => branches) };
}

/** Below this a file is named. */
const GAP = 90;

/** A line per folder, a line per file with gaps, and the sum of all at the end. */
export function coverageTable(files: readonly FileCounts[], root: string): string {
  const inRoot = files.map((file) => ({ ...file, file: file.file.replace(`${root}/`, '') }));
  const folders = Map.groupBy(inRoot, ({ file }) => (file.includes('/') ? `${file.split('/')[0]}/` : '.'));
  const rows: string[] = [];
  for (const [folder, own] of [...folders].sort(([a], [b]) => a.localeCompare(b))) {
    rows.push(row(folder, own));
    for (const file of own) if (hasGap(file)) rows.push(row(`  ${file.file}`, [file]));
  }
  return ['  lines  branches', ...rows, row(root, files)].join('\n');
}

function row(name: string, files: readonly FileCounts[]): string {
  const { lines, branches } = totalOf(files);
  return `${percent(lines)}   ${percent(branches)}  ${name}`;
}

function percent(value: number): string {
  return `${value.toFixed(1).padStart(5)} %`;
}

function hasGap(file: FileCounts): boolean {
  const { lines, branches } = totalOf([file]);
  return lines < GAP || branches < GAP;
}
