/** Tar is written in blocks of this size. */
const BLOCO = 512;
/** What a file of the format may have: eleven octal digits. */
const MAX_BYTES = 8 ** 11 - 1;

/** Header of a file of a tar archive (POSIX.1-1988, ustar). */
export function cabecalho(nome: string, bytes: number, em: Date): Buffer {
  if (Buffer.byteLength(nome) > 100 || bytes > MAX_BYTES) throw new RangeError('no file of a ustar archive');
  const bloco = Buffer.alloc(BLOCO);
  bloco.write(nome, 0);
  bloco.write(octal(0o600, 7), 100);
  bloco.write(octal(0, 7), 108);
  bloco.write(octal(0, 7), 116);
  bloco.write(octal(bytes, 11), 124);
  bloco.write(octal(Math.floor(em.getTime() / 1_000), 11), 136);
  // The sum counts its own field as spaces.
  bloco.write(' '.repeat(8), 148);
  bloco.write('0', 156);
  bloco.write('ustar\0', 257);
  bloco.write('00', 263);
  const soma = bloco.reduce((total, byte) => total + byte, 0);
  bloco.write(`${octal(soma, 6)}\0 `, 148);
  return bloco;
}

/** What fills the last block of a file. */
export const enchimento = (bytes: number): Buffer => Buffer.alloc((BLOCO - (bytes % BLOCO)) % BLOCO);

/** What an archive ends with. */
export const fim = (): Buffer => Buffer.alloc(2 * BLOCO);

const octal = (valor: number, digitos: number) => valor.toString(8).padStart(digitos, '0');
