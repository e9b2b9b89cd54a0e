import type { Clock } from '@plataforma/domain/clock';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { PREFERENCIAS_INICIAIS } from '../../preferencias/domain/preferencias.ts';
import { esperaAte } from '../../preferencias/domain/silencio.ts';
import type { NotificacaoComecada, Transacao } from './ports.ts';

interface Deps {
  readonly clock: Clock;
  readonly uow: Pick<UnitOfWork<Transacao>, 'run'>;
}

/**
 * Puts a message off until the quiet hours of its reader end; false for one that does not wait. They are asked again under the lock
 * of the preferences: who changes them just then has every message of theirs that waits looked at again, this one too.
 */
export async function esperarSilencio({ clock, uow }: Deps, tomada: NotificacaoComecada): Promise<boolean> {
  const agora = clock.now();
  if (esperaAte(tomada.preferencias.silencio, tomada, agora) === undefined) return false;
  return uow.run(async ({ preferencias, saida }) => {
    const { silencio } = (await preferencias.abrir(tomada.clienteId)) ?? PREFERENCIAS_INICIAIS;
    const fim = esperaAte(silencio, tomada, agora);
    if (fim === undefined) return false;
    await saida.silenciar(tomada, fim);
    return true;
  });
}
