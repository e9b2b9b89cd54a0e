import { OPERATIONS } from './document.ts';
import type { Exchange } from './driver.ts';

/** What the gate has asked for, of what is documented. */
export interface Coverage {
  readonly operations: { readonly driven: number; readonly all: number };
  readonly failures: { readonly driven: number; readonly all: number };
  /** `<operation> <reason>` for each that was not answered, `<operation> OK` for an operation that never succeeded. */
  readonly missing: readonly string[];
}

export function coverageOf(exchanges: readonly Exchange[]): Coverage {
  const seen = new Set(exchanges.map(({ operation, reason = 'OK' }) => `${operation.id} ${reason}`));
  const operations = [...OPERATIONS.values()].map(({ id }) => `${id} OK`);
  const failures = [...OPERATIONS.values()].flatMap(({ id, reasons }) =>
    reasons.map((name) => `${id} ${name}`),
  );
  const driven = (all: readonly string[]) => all.filter((one) => seen.has(one)).length;
  return {
    operations: { driven: driven(operations), all: operations.length },
    failures: { driven: driven(failures), all: failures.length },
    missing: [...operations, ...failures].filter((one) => !seen.has(one)),
  };
}
