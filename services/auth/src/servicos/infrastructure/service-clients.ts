import { createHash, timingSafeEqual } from 'node:crypto';
import type { ServiceClients } from '../application/ports.ts';

interface Client {
  readonly digest: Buffer;
  readonly audiences: readonly string[];
}

const ENTRY = /^([a-z][a-z0-9-]*):([0-9a-f]{64}):([a-z][a-z0-9-]*(?:\|[a-z][a-z0-9-]*)*)$/;

/** Service identities from the configuration; their secrets are long and random, so a plain SHA-256 guards them. */
export class ConfiguredServiceClients implements ServiceClients {
  readonly #clients: ReadonlyMap<string, Client>;

  /**
   * @param entries `name:sha256-of-the-secret-in-hexadecimal:audience|audience`.
   * @throws Error naming the position of a malformed entry, never its text.
   */
  constructor(entries: readonly string[]) {
    this.#clients = new Map(entries.map(parse));
  }

  authenticate(servico: string, segredo: string): readonly string[] | undefined {
    const client = this.#clients.get(servico);
    const digest = createHash('sha256').update(segredo).digest();
    return client && timingSafeEqual(client.digest, digest) ? client.audiences : undefined;
  }
}

function parse(entry: string, index: number): [string, Client] {
  const [, name, digest, audiences] = ENTRY.exec(entry) ?? [];
  if (name === undefined || digest === undefined || audiences === undefined)
    throw new Error(`SERVICE_CLIENTS: entry ${index + 1} is not "name:sha256:audience|audience"`);
  return [name, { digest: Buffer.from(digest, 'hex'), audiences: audiences.split('|') }];
}
