const ESPERA_INICIAL_MS = 1_000;

/**
 * When to try again after so many failures in a row: about 1 s, 2 s, 4 s and so on. Never later than the full wait, and
 * up to half of it earlier, so that what failed together does not come back together.
 */
export function proximaVez(agora: Date, falhas: number, maximoMs: number): Date {
  const espera = Math.min(ESPERA_INICIAL_MS * 2 ** Math.max(falhas - 1, 0), maximoMs);
  return depois(agora, espera * (1 - Math.random() / 2));
}

/**
 * When to try again what has not been tried at all, because the other side is away: after as long again as it has waited,
 * so that nothing has to count.
 */
export function vezSeguinte(agora: Date, desde: Date, maximoMs: number): Date {
  const espera = Math.max(agora.getTime() - desde.getTime(), ESPERA_INICIAL_MS);
  return depois(agora, Math.min(espera, maximoMs) * (1 - Math.random() / 2));
}

/** The instant so many milliseconds later. */
export const depois = (instante: Date, ms: number): Date => new Date(instante.getTime() + ms);
