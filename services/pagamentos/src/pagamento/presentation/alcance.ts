import type { Principal } from '@plataforma/runtime/principal';
import type { Alcance } from '../application/pagamentos-queries.ts';

/** Services and administrators see everything that they may ask for; all others their own. */
export function alcance({ id, tipo, papeis }: Principal): Alcance {
  return tipo === 'SERVICO' || papeis.includes('ADMIN') ? 'TODOS' : { clienteId: id };
}

/** Whose money is asked about: an administrator may name another customer. */
export function clienteDe({ clienteId }: { readonly clienteId: string }, principal: Principal): string {
  return (alcance(principal) === 'TODOS' && clienteId) || principal.id;
}
