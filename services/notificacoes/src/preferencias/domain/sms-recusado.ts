import type { Preferencias } from './preferencias.ts';

/** A number that a person has proved, and what its owner answered. */
export interface NumeroProvado {
  readonly numero: string;
  /** Since when its owner wants nothing from us there; undefined when they do not say so. */
  readonly recusadoEm: Date | undefined;
}

/**
 * Whether text messages would be switched on where their owner wants none: nothing would be sent. Where they are on already it
 * stands in the way of no other choice.
 */
export function ligaOndeRecusam(
  antes: Pick<Preferencias, 'sms'>,
  depois: Pick<Preferencias, 'sms' | 'telefone'>,
  provado: NumeroProvado | undefined,
): boolean {
  if (antes.sms || !depois.sms) return false;
  return provado?.recusadoEm !== undefined && provado.numero === depois.telefone;
}
