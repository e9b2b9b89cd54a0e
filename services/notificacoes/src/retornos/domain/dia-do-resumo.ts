/** Noon in UTC, 9:00 in São Paulo: at the start of a working day of most administrators. */
const COMECA_MS = 12 * 3_600_000;

/** What is heard of later than this may still be on its way into the database. */
const FOLGA_MS = 60_000;

/** The day that an instant is told of by, as PostgreSQL reads a date. */
export const diaDoResumo = (instante: Date): string =>
  new Date(instante.getTime() - COMECA_MS).toISOString().slice(0, 10);

/** What was marked until then can be told of at `agora`: who marks is done with it, and nothing comes in between any more. */
export const ateDoResumo = (agora: Date): Date => new Date(agora.getTime() - FOLGA_MS);
