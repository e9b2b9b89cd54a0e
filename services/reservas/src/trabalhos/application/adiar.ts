import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { PutOff } from '@plataforma/domain/work-queue';
import type { Trabalho } from '../domain/trabalhos-adiados.ts';
import type { Transacao } from './ports.ts';

interface Deps {
  readonly uow: UnitOfWork<Transacao>;
  readonly clock: Clock;
}

/** Leaves a thing for which work has failed alone for a while, in a transaction of its own. */
export async function adiar(
  { uow, clock }: Deps,
  trabalho: Trabalho,
  itemId: string,
  erro: unknown,
): Promise<PutOff> {
  const failures = await uow.run(({ adiados }) => adiados.adiar(trabalho, itemId, erro, clock.now()));
  return { item: `${trabalho} ${itemId}`, failures };
}
