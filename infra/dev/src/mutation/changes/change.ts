interface Place {
  readonly line: number;
  readonly column: number;
}

/** The part in which two texts differ, widened to whole words. */
export interface Difference {
  /** Where it begins in the first text. */
  readonly offset: number;
  readonly before: string;
  readonly after: string;
}

export function differenceOf(before: string, after: string): Difference {
  const least = Math.min(before.length, after.length);
  let start = 0;
  while (start < least && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < least - start && before.at(-1 - end) === after.at(-1 - end)) end += 1;
  while (start > 0 && /\S/.test(before[start - 1] ?? '')) start -= 1;
  while (end > 0 && /\S/.test(before.at(-end) ?? '')) end -= 1;
  return {
    offset: start,
    before: before.slice(start, before.length - end),
    after: after.slice(start, after.length - end),
  };
}

/** The text between two places, counted from 0. */
export function cut(text: string, start: Place, end: Place): string {
  const lines = text.split('\n').slice(start.line, end.line + 1);
  lines[lines.length - 1] = lines.at(-1)?.slice(0, end.column) ?? '';
  lines[0] = lines[0]?.slice(start.column) ?? '';
  return lines.join('\n');
}

const LONGEST = 120;

/** On one line, and no longer than a person reads. */
export function brief(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length <= LONGEST ? line : `${line.slice(0, LONGEST)}…`;
}
