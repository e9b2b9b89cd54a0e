/** A key that signs or will. Those that are retired only wait for the end of their tokens. */
export interface Chave {
  readonly kid: string;
  readonly criadoEm: Date;
}

/** At most one of each; an installation that has never signed has none. */
export interface Chaves {
  readonly ativa: Chave | undefined;
  readonly proxima: Chave | undefined;
}

/** What a rotation does next. */
export type Passo =
  | { readonly tipo: 'NADA' }
  | { readonly tipo: 'CRIAR' }
  | { readonly tipo: 'ESPERAR'; readonly kid: string; readonly ate: Date }
  | { readonly tipo: 'EXPERIMENTAR'; readonly kid: string };

/**
 * A key is published for so long before it signs. Services read the published keys when theirs are five seconds old, two
 * more seconds may pass before an answer, and others may cache them for as long as the answer says.
 */
export const CONHECIDA_MS = 15_000;

/** @param vencimentoMs age at which the active key is replaced */
export function proximoPasso({ ativa, proxima }: Chaves, agora: Date, vencimentoMs: number): Passo {
  if (proxima) {
    const ate = new Date(proxima.criadoEm.getTime() + CONHECIDA_MS);
    return agora < ate
      ? { tipo: 'ESPERAR', kid: proxima.kid, ate }
      : { tipo: 'EXPERIMENTAR', kid: proxima.kid };
  }
  const vencida = ativa && agora.getTime() - ativa.criadoEm.getTime() >= vencimentoMs;
  return { tipo: vencida ? 'CRIAR' : 'NADA' };
}
