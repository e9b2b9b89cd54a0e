/** A statement as it goes to PostgreSQL. */
export interface Statement {
  readonly sql: string;
  readonly values: readonly unknown[];
}

const WRITE =
  /\b(?:insert\s+into|delete\s+from)\s+"?(\w+)|\bupdate\s+"?(\w+)"?(?:\s+(?:as\s+)?(?!set\b)\w+)?\s+set\b/gi;

/** Tables that a statement writes to. */
export function writesOf(sql: string): string[] {
  return [...sql.matchAll(WRITE)].map(([, inserted, updated]) => inserted ?? updated ?? '');
}

/**
 * A stable name of what a transaction has written: its tables, and the facts among its values, be it subjects of the
 * outbox or types of stored events. Undefined when it has written nothing.
 */
export function commitLabel(statements: readonly Statement[]): string | undefined {
  const tables = new Set(statements.flatMap(({ sql }) => writesOf(sql)));
  if (tables.size === 0) return undefined;
  const texts = statements
    .flatMap(({ values }) => values.flat())
    .filter((value) => typeof value === 'string');
  const facts = new Set(texts.filter((text) => FACT.test(text)));
  return `commit ${[...tables].sort().join(' ')}${facts.size > 0 ? ` [${[...facts].sort().join(' ')}]` : ''}`;
}

const FACT =
  /^(\w+\.v1\.[A-Z]\w+|(Cobranca|Checkout|Cartao|Pagamento|Encerramento|Estorno|Disputa|Reserva)[A-Z]\w+)$/;
