/** Keys of people, 32 bytes each. */
export interface PersonalKeys {
  /**
   * Undefined when the person has no key any more, which is for good, or nobody knows them.
   *
   * @throws PersonalKeysUnavailableError when nobody can be asked now
   * @throws PersonalKeyUnreadableError
   */
  keyOf(personId: string): Promise<Buffer | undefined>;
}

/** Whoever has the keys cannot be reached, or does not know this service: what needs one waits. */
export class PersonalKeysUnavailableError extends Error {
  override readonly name = 'PersonalKeysUnavailableError';
}

/** This one person's key is there and cannot be read: what needs it fails, what is about others goes on. */
export class PersonalKeyUnreadableError extends Error {
  override readonly name = 'PersonalKeyUnreadableError';
}

interface Known {
  readonly key: Buffer | undefined;
  readonly until: number;
}

/** No longer than a destroyed key may go on being used somewhere. */
const KNOWN_MS = 5 * 60_000;
const MAX_KNOWN = 10_000;

/**
 * Keys as this process knows them: of the 10,000 people it had to do with last, for five minutes each. Asks once for many
 * who ask at the same time. A key that has to be asked for again is not used meanwhile: it may have been destroyed.
 */
export class RememberedPersonalKeys implements PersonalKeys {
  readonly #origin: PersonalKeys;
  readonly #known = new Map<string, Known>();
  readonly #asked = new Map<string, Promise<Buffer | undefined>>();

  constructor(origin: PersonalKeys) {
    this.#origin = origin;
  }

  async keyOf(personId: string): Promise<Buffer | undefined> {
    const known = this.#known.get(personId);
    if (known === undefined || known.until <= performance.now()) return this.#askOnce(personId);
    // To the end of the line: what is used least recently goes first.
    this.#known.delete(personId);
    this.#known.set(personId, known);
    return known.key;
  }

  #askOnce(personId: string): Promise<Buffer | undefined> {
    const underWay = this.#asked.get(personId);
    if (underWay) return underWay;
    const asked = this.#ask(personId).finally(() => this.#asked.delete(personId));
    this.#asked.set(personId, asked);
    return asked;
  }

  async #ask(personId: string): Promise<Buffer | undefined> {
    // From before the question: an answer on its way may be older than a destruction.
    const until = performance.now() + KNOWN_MS;
    const key = await this.#origin.keyOf(personId);
    this.#known.delete(personId);
    this.#known.set(personId, { key, until });
    for (const oldest of this.#known.keys()) {
      if (this.#known.size <= MAX_KNOWN) break;
      this.#known.delete(oldest);
    }
    return key;
  }
}
