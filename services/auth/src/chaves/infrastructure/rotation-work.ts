import type { Work } from '@plataforma/domain/work-queue';
import { inTurn } from '@plataforma/runtime/one-by-one';
import type { ChavesRepository } from '../application/ports.ts';
import type { RotateKeysHandler } from '../application/rotate-keys.ts';

interface Log {
  info(context: object, message: string): void;
}

/**
 * Replaces the signing key when it is due, and forgets those of which no token is alive. Every replica may do each step: how
 * far a rotation is stands in the database, and a step that was done meanwhile changes nothing.
 *
 * @param deps.rotate left out where a next key could not be tried
 */
export function rotationWork(deps: {
  rotate: RotateKeysHandler | undefined;
  chaves: Pick<ChavesRepository, 'esquecerVencidas'>;
  vencimentoMs: number;
  logger: Log;
}): Work {
  const { rotate, chaves, vencimentoMs, logger } = deps;
  return inTurn({
    limpeza: async () => {
      await chaves.esquecerVencidas();
      return 0;
    },
    rotacao: async () => (rotate ? step(rotate, vencimentoMs, logger) : 0),
  });
}

async function step(rotate: RotateKeysHandler, vencimentoMs: number, logger: Log): Promise<number> {
  const andamento = await rotate.execute({ vencimentoMs });
  switch (andamento.tipo) {
    case 'CRIADA':
      logger.info({ kid: andamento.kid }, 'the next signing key is published');
      return 1;
    case 'ATIVADA':
      logger.info({ kid: andamento.kid }, 'the next signing key signs, the one before is retired');
      return 1;
    case 'RECUSADA': {
      const where = andamento.recusas.map(({ endereco, resposta }) => `${endereco}: ${resposta}`);
      throw new Error(`the next signing key is not accepted everywhere: ${where.join('; ')}`);
    }
    default:
      return 0;
  }
}
