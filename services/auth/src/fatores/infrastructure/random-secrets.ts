import { randomBytes, randomUUID } from 'node:crypto';
import type { Segredos } from '../application/ports.ts';

/** As long as the hash that codes are made with (RFC 4226, 4). */
const BYTES = 20;

/** From the random numbers of the system. */
export class RandomSecrets implements Segredos {
  novo(): { id: string; segredo: Buffer } {
    return { id: randomUUID(), segredo: randomBytes(BYTES) };
  }
}
