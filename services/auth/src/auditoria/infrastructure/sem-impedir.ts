import type { Logger } from '@plataforma/runtime/logger';
import type { Auditoria } from '../application/ports.ts';

/** For what has to go on while the database is away: an event that it does not take is in the log. */
export function semImpedir(auditoria: Auditoria, logger: Pick<Logger, 'error'>): Auditoria {
  return {
    async registrar(evento) {
      try {
        await auditoria.registrar(evento);
      } catch (err) {
        logger.error({ err, evento }, 'a security event could not be recorded');
      }
    },
  };
}
