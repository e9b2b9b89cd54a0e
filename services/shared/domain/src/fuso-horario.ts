const NOME = /^[A-Za-z][\w+-]*(\/[\w+-]+){0,2}$/;

/** Those that were met, for asking takes long; names are not case-sensitive, so somebody could invent many. */
const CONHECIDOS = new Set<string>();
const MAX_CONHECIDOS = 1_000;

/**
 * Whether this is the name of an IANA time zone. Offsets (`+03:00`) and POSIX rules (`FOO+5`), which some programs take for
 * zones, are none: PostgreSQL reads their sign the other way round.
 */
export function ehFusoHorario(nome: string): boolean {
  if (CONHECIDOS.has(nome)) return true;
  if (!NOME.test(nome)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: nome });
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
  if (CONHECIDOS.size < MAX_CONHECIDOS) CONHECIDOS.add(nome);
  return true;
}
