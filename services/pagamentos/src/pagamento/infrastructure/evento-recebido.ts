import type { DomainError } from '@plataforma/domain/domain-error';
import { type EventMeta, PermanentError } from '@plataforma/runtime/event-message';

/** An event of another service as the cause of our own. */
export const causaDe = (meta: EventMeta): string => `evento:${meta.id}`;

/** A refusal that no retry changes: the event goes to the dead letters. */
export function permanente(id: string, recusa: DomainError): PermanentError {
  return new PermanentError(`${id}: ${recusa.motivo}`, { cause: recusa });
}
