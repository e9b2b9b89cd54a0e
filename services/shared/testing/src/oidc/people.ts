import { createHash } from 'node:crypto';

/** Somebody with an account at the issuer. */
export interface Person {
  /** Who it is, for ever (`sub`). */
  readonly sub: string;
  readonly name: string;
  readonly email: string;
  /** Whether the issuer has seen that the address is theirs. */
  readonly emailVerified: boolean;
}

/** Those who are offered on the consent page. */
export const PEOPLE: readonly Person[] = [
  { sub: 'ana-lima', name: 'Ana Lima', email: 'ana.lima@gmail.example', emailVerified: true },
  { sub: 'bruno-reis', name: 'Bruno Reis', email: 'bruno.reis@gmail.example', emailVerified: true },
  { sub: 'carla-dias', name: 'Carla Dias', email: 'carla.dias@gmail.example', emailVerified: false },
];

/** Somebody who was typed in: the same address is the same person. */
export function personOf({ name, email, emailVerified }: Omit<Person, 'sub'>): Person {
  const sub = createHash('sha256').update(email.toLowerCase()).digest('hex').slice(0, 21);
  return { sub, name, email, emailVerified };
}
