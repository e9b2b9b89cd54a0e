/** A text that a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r]/;
const PRECISA_DE_ASPAS = /[",\r\n]/;

/** One record of RFC 4180, line end included. Texts never run as formulas: those get an apostrophe in front. */
export function linhaCsv(celulas: readonly string[]): string {
  return `${celulas.map(celula).join(',')}\r\n`;
}

function celula(texto: string): string {
  const seguro = FORMULA.test(texto) ? `'${texto}` : texto;
  return PRECISA_DE_ASPAS.test(seguro) ? `"${seguro.replaceAll('"', '""')}"` : seguro;
}

/** Cents as decimal text, `1234` as `12.34`: the same everywhere, whatever the locale. */
export function decimal(centavos: bigint): string {
  const modulo = String(centavos < 0n ? -centavos : centavos).padStart(3, '0');
  return `${centavos < 0n ? '-' : ''}${modulo.slice(0, -2)}.${modulo.slice(-2)}`;
}
