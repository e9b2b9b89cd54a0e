import { type FSWatcher, watch } from 'node:fs';
import { basename, dirname } from 'node:path';

/** Writers often touch a file several times in a row. */
const SETTLE_MS = 100;

/** Tells when a file was written or replaced. The folder is watched: an atomic rename makes a new file. */
export class ConfigWatcher {
  readonly #file: string;
  readonly #onChange: () => Promise<void>;
  #watcher: FSWatcher | undefined;
  #settling: NodeJS.Timeout | undefined;

  /** @param onChange must not reject. */
  constructor(file: string, onChange: () => Promise<void>) {
    this.#file = file;
    this.#onChange = onChange;
  }

  start(): void {
    this.#watcher = watch(dirname(this.#file), (_event, name) => {
      if (name === null || name === basename(this.#file)) this.#schedule();
    });
  }

  stop(): void {
    clearTimeout(this.#settling);
    this.#watcher?.close();
  }

  #schedule(): void {
    clearTimeout(this.#settling);
    this.#settling = setTimeout(() => void this.#onChange(), SETTLE_MS);
  }
}
