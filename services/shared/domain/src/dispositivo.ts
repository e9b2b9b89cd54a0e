/** First those that call themselves by the names of others, too. */
const PROGRAMAS = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\b(?:Chrome|CriOS)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
] as const;

const SISTEMAS = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMac OS X\b/, 'Mac'],
  [/\bLinux\b/, 'Linux'],
] as const;

/**
 * Program and system of a `User-Agent`, in names of ours only: whoever did it has written that header, and it is shown and
 * mailed under our name. Without what is not known.
 */
export function partesDoDispositivo(userAgent: string): {
  readonly programa?: string | undefined;
  readonly sistema?: string | undefined;
} {
  const achado = (nomes: typeof PROGRAMAS | typeof SISTEMAS) =>
    nomes.find(([padrao]) => padrao.test(userAgent))?.[1];
  return { programa: achado(PROGRAMAS), sistema: achado(SISTEMAS) };
}

/** `Firefox no Android` of a `User-Agent`. Empty for what is not known. */
export function nomeDoDispositivo(userAgent: string): string {
  const { programa, sistema } = partesDoDispositivo(userAgent);
  if (programa !== undefined && sistema !== undefined) return `${programa} no ${sistema}`;
  return programa ?? sistema ?? '';
}

/** As {@link nomeDoDispositivo}, for a list in which each line has to be called something. */
export function nomeNaLista(userAgent: string): string {
  return nomeDoDispositivo(userAgent) || 'Dispositivo desconhecido';
}
