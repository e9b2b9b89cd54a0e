import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { IdempotencyRecord } from './records.ts';
import { Store } from './store.ts';

let folder: string;
let path: string;
let stores: Store[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stripe-store-'));
  path = join(folder, 'novo', 'estado.jsonl');
  stores = [];
});
afterEach(() => {
  for (const store of stores) store.close();
  rmSync(folder, { recursive: true });
});

function open(): Store {
  const store = new Store(path);
  stores.push(store);
  return store;
}

const record = (key: string, status = 200): IdempotencyRecord => {
  return { key, fingerprint: 'f', createdAt: 1, status, body: 'olá\n' };
};
const lines = () => readFileSync(path, 'utf8').split('\n').length - 1;

describe('Store', () => {
  it('finds after a restart what was put last, in order of creation, without what was deleted', () => {
    const first = open();
    for (const key of ['a', 'b', 'c']) first.put('idempotency', key, record(key));
    first.put('idempotency', 'a', record('a', 500));
    first.delete('idempotency', 'b');
    const second = open();
    expect(second.all('idempotency')).toEqual([record('a', 500), record('c')]);
    expect(second.get('idempotency', 'b')).toBeUndefined();
  });

  it('has written each change when put returns', () => {
    open().put('idempotency', 'a', record('a'));
    expect(open().get('idempotency', 'a')).toEqual(record('a'));
  });

  it('writes the changes of a batch together, also those before a failure', () => {
    const store = open();
    const failing = () =>
      store.batch(() => {
        store.put('idempotency', 'a', record('a'));
        expect(lines()).toBe(0);
        throw new Error('half-way');
      });
    expect(failing).toThrow('half-way');
    expect(lines()).toBe(1);
  });

  it('ignores a last line that a crash cut off, and goes on writing behind it', () => {
    open().put('idempotency', 'a', record('a'));
    appendFileSync(path, '{"kind":"idempotency","id":"b","val');
    const second = open();
    second.put('idempotency', 'c', record('c'));
    expect(open().all('idempotency')).toEqual([record('a'), record('c')]);
  });

  it('compacts the file at start', () => {
    const first = open();
    for (let i = 0; i < 50; i += 1) first.put('idempotency', 'a', record('a', i));
    expect(lines()).toBe(50);
    open();
    expect(lines()).toBe(1);
  });

  it('is empty after a restart when it was cleared', () => {
    const first = open();
    first.put('idempotency', 'a', record('a'));
    first.clear();
    expect(open().size('idempotency')).toBe(0);
  });
});
