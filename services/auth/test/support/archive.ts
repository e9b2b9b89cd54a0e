import { gunzipSync } from 'node:zlib';

/** The files of a tar.gz, read from the text of the format. */
export function untar(archive: Uint8Array): Record<string, Buffer> {
  const tar = gunzipSync(archive);
  const files: Record<string, Buffer> = {};
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0; ) {
    const header = tar.subarray(at, at + 512);
    const text = (from: number, to: number) => header.toString('latin1', from, to).replace(/[\0 ].*$/s, '');
    const sum = header.reduce((total, byte, n) => total + (n >= 148 && n < 156 ? 32 : byte), 0);
    if (text(257, 263) !== 'ustar' || Number.parseInt(text(148, 156), 8) !== sum)
      throw new Error(`no header of a file at ${at}`);
    const size = Number.parseInt(text(124, 136), 8);
    files[text(0, 100)] = tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  return files;
}
