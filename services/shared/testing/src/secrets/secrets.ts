/** Shorter texts are in every log by chance. */
const SHORTEST = 6;
/** Parts of a token from this length on are as good as the token. */
const PART = 20;
const GRAM = 4;

/**
 * The secrets that a suite has used, and a search for them in what was logged: as they are, as JSON writes them, percent-encoded, and
 * in hexadecimal and Base64; tokens by their parts, too, so that half a token is found.
 */
export class Secrets {
  readonly #kept = new Map<string, string>();

  /** @param what it is, to be told without telling it */
  keep(what: string, secret: string | Uint8Array): void {
    for (const form of typeof secret === 'string' ? formsOf(secret) : formsOfBytes(secret))
      if (form.length >= SHORTEST && !this.#kept.has(form)) this.#kept.set(form, what);
  }

  /** How many forms of secrets are known: a suite that knows none has looked for nothing. */
  get size(): number {
    return this.#kept.size;
  }

  /** A line for each place where one stands, without it. */
  foundIn(log: string): string[] {
    const starts = new Uint8Array(1 << 16);
    const byGram = new Map<string, string[]>();
    for (const secret of this.#kept.keys()) {
      starts[hash(secret, 0)] = 1;
      const gram = secret.slice(0, GRAM);
      byGram.set(gram, [...(byGram.get(gram) ?? []), secret]);
    }
    const found: string[] = [];
    for (let at = 0; at <= log.length - SHORTEST; at += 1) {
      if (starts[hash(log, at)] !== 1) continue;
      const secret = byGram.get(log.slice(at, at + GRAM))?.find((one) => standsAt(log, at, one));
      if (secret === undefined) continue;
      found.push(`${this.#kept.get(secret)} in: ${lineWithout(log, at, secret)}`);
      at += secret.length - 1;
    }
    return found;
  }
}

/** One pass over the log, however many secrets there are. */
function hash(text: string, at: number): number {
  let value = 0;
  for (let index = at; index < at + GRAM; index += 1) value = (value * 31 + text.charCodeAt(index)) & 0xffff;
  return value;
}

function standsAt(log: string, at: number, secret: string): boolean {
  if (!log.startsWith(secret, at)) return false;
  // A code is not what happens to be a part of a longer number.
  return !/^\d{6,8}$/.test(secret) || !/[\w.-]/.test(`${log[at - 1] ?? ''}${log[at + secret.length] ?? ''}`);
}

function lineWithout(log: string, at: number, secret: string): string {
  const start = log.lastIndexOf('\n', at) + 1;
  const end = log.indexOf('\n', at);
  return log
    .slice(start, end === -1 ? undefined : end)
    .replaceAll(secret, '***')
    .slice(0, 500);
}

function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.toWellFormed()),
    ...encoded(bytes),
    ...partsOf(secret),
  ];
}

function formsOfBytes(bytes: Uint8Array): string[] {
  return [...encoded(Buffer.from(bytes)), [...bytes].join(',')];
}

/** Base64 without its end, which depends on what follows. */
function encoded(bytes: Buffer): string[] {
  const base64 = ['base64', 'base64url'] as const;
  return [bytes.toString('hex'), ...base64.map((form) => bytes.toString(form).replace(/.?=*$/, ''))];
}

/** Of `<name>.<random>.<proof>` all but the name; of a JWT all but its header, which all tokens of a key have. */
function partsOf(token: string): string[] {
  const [, ...parts] = token.split('.');
  return parts
    .filter((part) => part.length >= PART)
    .flatMap((part) => [part, part.slice(0, PART), part.slice(-PART)]);
}
