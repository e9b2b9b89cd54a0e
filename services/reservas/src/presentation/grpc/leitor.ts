import type { Principal } from '@plataforma/runtime/principal';
import type { Leitor } from '../../application/queries/reservas.ts';

/** Anybody with an account; services are let in by name only. */
export const PESSOAS = { papeis: ['CLIENTE', 'GESTOR', 'ADMIN'] } as const;

/** The caller as the application sees them. */
export function leitor({ id, papeis }: Principal): Leitor {
  return { id, admin: papeis.includes('ADMIN') };
}
