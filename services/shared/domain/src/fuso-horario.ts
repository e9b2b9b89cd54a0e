const NOME = /^[A-Za-z][\w+-]*(\/[\w+-]+){0,2}$/;

/** Those that were met, for asking takes long; in one spelling each, or callers could fill the memory with others. */
const CONHECIDOS = new Set<string>();

/**
 * Whether this is the name of an IANA time zone. Offsets (`+03:00`) and POSIX rules (`FOO+5`), which some programs take for
 * zones, are none: PostgreSQL reads their sign the other way round.
 */
export function ehFusoHorario(nome: string): boolean {
  if (CONHECIDOS.has(nome)) return true;
  if (!NOME.test(nome)) return false;
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: nome }).resolvedOptions();
    CONHECIDOS.add(timeZone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
