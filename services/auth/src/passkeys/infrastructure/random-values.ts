import { randomBytes, randomUUID } from 'node:crypto';
import { codigoDeProva } from '../../fatores/domain/codigo.ts';
import type { Aleatorios } from '../application/ports.ts';

const BYTES = 32;

/** From the random numbers of the system. */
export class RandomValues implements Aleatorios {
  id(): string {
    return randomUUID();
  }

  titular(): Buffer {
    return randomBytes(BYTES);
  }

  prova(): string {
    return codigoDeProva(randomBytes(BYTES));
  }
}
