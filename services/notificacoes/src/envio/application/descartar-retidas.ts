import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { anotarRetirada } from '../../mensagens/application/registro.ts';
import type { Transacao } from './ports.ts';

/** What waits longer for an address to be verified is no news any more. */
const RETIDA_DURANTE_MS = 30 * 24 * 3_600_000;
const DESCARTE = 100;

/** Gives up what has waited for weeks for an address to be verified, some at a time. */
export function descartarRetidas(uow: Pick<UnitOfWork<Transacao>, 'run'>, agora: Date): Promise<void> {
  const antesDe = new Date(agora.getTime() - RETIDA_DURANTE_MS);
  return uow.run(async (tx) => {
    const retiradas = await tx.saida.descartarRetidas(antesDe, DESCARTE);
    for (const retirada of retiradas) await anotarRetirada(tx, retirada, 'address not verified', agora);
  });
}
