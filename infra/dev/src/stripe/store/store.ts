import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import type { Records } from './records.ts';

type Kind = keyof Records;

const KINDS: readonly Kind[] = [
  ...(['session', 'intent', 'charge', 'refund', 'dispute'] as const),
  ...(['balance', 'event', 'idempotency'] as const),
];

/**
 * All state, by kind and id, in order of creation. With a file, each change is one JSON line
 * (`{kind, id, value}`, null = deleted) written before the call returns: what was answered survives Ctrl-C.
 * The file is compacted at start, which also drops a last line torn by a crash. One process per file.
 */
export class Store {
  readonly #maps = emptyMaps();
  readonly #path: string | undefined;
  #file: number | undefined;
  #held: string[] | undefined;

  constructor(path?: string) {
    this.#path = path;
    if (path === undefined) return;
    mkdirSync(dirname(path), { recursive: true });
    if (existsSync(path)) this.#replay(readFileSync(path, 'utf8'));
    this.#compact(path);
  }

  get<K extends Kind>(kind: K, id: string): Records[K] | undefined {
    return this.#map(kind).get(id);
  }

  put<K extends Kind>(kind: K, id: string, value: Records[K]): void {
    this.#map(kind).set(id, value);
    this.#append(line(kind, id, value));
  }

  delete(kind: Kind, id: string): void {
    if (this.#map(kind).delete(id)) this.#append(line(kind, id, null));
  }

  /** All changes of one operation go to the file in one write, so a kill does not leave half of them. */
  batch<T>(operation: () => T): T {
    this.#held = [];
    try {
      return operation();
    } finally {
      const rows = this.#held.join('');
      this.#held = undefined;
      this.#append(rows);
    }
  }

  /** Oldest first, a copy. */
  all<K extends Kind>(kind: K): Records[K][] {
    return [...this.values(kind)];
  }

  /** Oldest first, without copying: for those who stop early. */
  values<K extends Kind>(kind: K): MapIterator<Records[K]> {
    return this.#map(kind).values();
  }

  size(kind: Kind): number {
    return this.#map(kind).size;
  }

  clear(): void {
    for (const kind of KINDS) this.#map(kind).clear();
    if (this.#path !== undefined) this.#compact(this.#path);
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #map<K extends Kind>(kind: K): Map<string, Records[K]> {
    return this.#maps[kind];
  }

  #replay(text: string): void {
    const end = text.lastIndexOf('\n');
    for (const row of text.slice(0, end + 1).split('\n')) {
      if (row === '') continue;
      const { kind, id, value } = JSON.parse(row) as { kind: Kind; id: string; value: never };
      if (value === null) this.#map(kind).delete(id);
      else this.#map(kind).set(id, value);
    }
  }

  #compact(path: string): void {
    this.close();
    const rows = KINDS.flatMap((kind) => [...this.#map(kind)].map(([id, value]) => line(kind, id, value)));
    writeFileSync(`${path}.tmp`, rows.join(''), { mode: 0o600 });
    renameSync(`${path}.tmp`, path);
    this.#file = openSync(path, 'a', 0o600);
  }

  #append(row: string): void {
    if (this.#file === undefined || row === '') return;
    if (this.#held === undefined) writeSync(this.#file, row);
    else this.#held.push(row);
  }
}

function line(kind: Kind, id: string, value: unknown): string {
  return `${JSON.stringify({ kind, id, value })}\n`;
}

function emptyMaps(): { [K in Kind]: Map<string, Records[K]> } {
  return {
    session: new Map(),
    intent: new Map(),
    charge: new Map(),
    refund: new Map(),
    dispute: new Map(),
    balance: new Map(),
    event: new Map(),
    idempotency: new Map(),
  };
}
