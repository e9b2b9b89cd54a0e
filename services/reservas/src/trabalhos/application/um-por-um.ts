import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Trabalho } from '../domain/trabalhos-adiados.ts';
import type { ObservadorDeTrabalhos, Transacao } from './ports.ts';

interface Deps<Tx extends Transacao> {
  readonly uow: UnitOfWork<Tx>;
  readonly clock: Clock;
  readonly observador: ObservadorDeTrabalhos;
}

/** Work that is due, for several things at once or for one alone. */
export interface Lote<Tx extends Transacao> {
  readonly trabalho: Trabalho;
  /** In one transaction; how many there were. */
  readonly todos: (tx: Tx) => Promise<number>;
  /** Those that `todos` would take. */
  readonly devidos: (tx: Tx) => Promise<string[]>;
  /** Nothing to do when somebody else has done it meanwhile. */
  readonly um: (tx: Tx, id: string) => Promise<void>;
}

/**
 * Does a batch in one transaction. When that fails, for whatever reason, each of its things gets a transaction of its
 * own: what fails then is put off, and nothing else waits for it. A database that is away puts off nothing, since not even
 * that can be stored: the error is the caller's.
 *
 * @returns how many things were due
 */
export async function umPorUmSeFalhar<Tx extends Transacao>(
  { uow, clock, observador }: Deps<Tx>,
  { trabalho, todos, devidos, um }: Lote<Tx>,
): Promise<number> {
  try {
    return await uow.run(todos);
  } catch {
    // Whichever it was: it fails again below, alone, and is told of there.
  }
  const ids = await uow.run(devidos);
  for (const id of ids) {
    try {
      await uow.run((tx) => um(tx, id));
    } catch (causa) {
      const vezes = await uow.run(({ adiados }) => adiados.adiar(trabalho, id, causa, clock.now()));
      observador.trabalhoAdiado(trabalho, id, vezes, causa);
    }
  }
  return ids.length;
}
