import type { NotificacaoTomada } from './ports.ts';

/** Those of one group together, in the order in which they were taken. */
export function emRemessas(tomadas: readonly NotificacaoTomada[]): NotificacaoTomada[][] {
  const remessas = new Map<string, NotificacaoTomada[]>();
  for (const tomada of tomadas) {
    const chave = tomada.grupo === undefined ? `/${tomada.id}` : `${tomada.grupo} ${tomada.clienteId}`;
    remessas.set(chave, [...(remessas.get(chave) ?? []), tomada]);
  }
  return [...remessas.values()];
}
