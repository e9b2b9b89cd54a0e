import type { Logger } from 'pino';
import { delay } from '../deadlines/wait.ts';
import type { EndedSessions } from './ended-sessions.ts';
import type { EndedSessionsTable, TablePosition } from './ended-sessions-table.ts';

const EVERY_MS = 1_000;
const PAGE = 5_000;
/** A row is seen once its transaction has ended, which may be later than others that were written after it. */
const OVERLAP_SECONDS = 30;
const FORGET_EVERY_MS = 60_000;
const BEGINNING: TablePosition = { vistaEm: '-infinity', id: '' };

/**
 * Keeps the memory of this process no more than a second behind the table of its service. It is whole before the first
 * call is answered, and after an outage of the database it goes on where it was: nothing is missed, and nothing else has to
 * be there.
 */
export class EndedSessionsCopy {
  readonly name = 'copy of ended sessions';
  readonly #table: EndedSessionsTable;
  readonly #ended: EndedSessions;
  readonly #logger: Pick<Logger, 'warn' | 'info'>;
  readonly #stopping = new AbortController();
  #at = BEGINNING;
  #forgetAt = 0;
  #failing = false;
  #loop: Promise<void> | undefined;

  constructor(deps: {
    table: EndedSessionsTable;
    ended: EndedSessions;
    logger: Pick<Logger, 'warn' | 'info'>;
  }) {
    this.#table = deps.table;
    this.#ended = deps.ended;
    this.#logger = deps.logger;
  }

  /** Resolves when everything that the table has is known. Rejects when it cannot be read. */
  async start(): Promise<void> {
    await this.#look();
    this.#loop ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    for (;;) {
      await delay(EVERY_MS, this.#stopping.signal);
      if (this.#stopping.signal.aborted) return;
      try {
        await this.#look();
        if (this.#failing) this.#logger.info({}, 'ended sessions can be read again');
        this.#failing = false;
      } catch (err) {
        if (!this.#failing) this.#logger.warn({ err }, 'ended sessions cannot be read, trying on');
        this.#failing = true;
      }
    }
  }

  async #look(): Promise<void> {
    for (let overlap = OVERLAP_SECONDS; ; overlap = 0) {
      const ends = await this.#table.behind(this.#at, overlap, PAGE);
      for (const { id, geracao, em } of ends)
        if (geracao === null) this.#ended.noteSession(id, em);
        else this.#ended.noteAccount(id, geracao, em);
      this.#at = ends.at(-1) ?? this.#at;
      if (ends.length < PAGE) break;
    }
    await this.#forget();
  }

  async #forget(): Promise<void> {
    if (performance.now() < this.#forgetAt) return;
    this.#forgetAt = performance.now() + FORGET_EVERY_MS;
    await this.#table.forget();
    this.#ended.forget(Date.now());
  }
}
