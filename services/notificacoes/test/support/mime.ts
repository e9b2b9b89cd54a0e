/** A part of a MIME message, decoded. */
export interface Parte {
  readonly cabecalhos: ReadonlyMap<string, string>;
  readonly texto: string;
}

/** Reads a message as a mail program would (RFC 2045, 2046), as far as the messages of this service go. */
export function lerMime(bruta: string): { cabecalhos: ReadonlyMap<string, string>; partes: Parte[] } {
  const [cabecalhos, corpo] = separar(bruta);
  return { cabecalhos, partes: lerPartes(cabecalhos, corpo) };
}

function lerPartes(cabecalhos: ReadonlyMap<string, string>, corpo: string): Parte[] {
  const tipo = cabecalhos.get('content-type') ?? 'text/plain';
  const fronteira = /^multipart\/.*boundary="?([^";]+)"?/s.exec(tipo)?.[1];
  if (fronteira === undefined) return [{ cabecalhos, texto: decodificar(cabecalhos, corpo) }];
  const pedacos = corpo.split(`--${fronteira}`).slice(1, -1);
  return pedacos.flatMap((pedaco) => lerPartes(...separar(pedaco.replace(/^\r\n/, '').replace(/\r\n$/, ''))));
}

function separar(bruta: string): [Map<string, string>, string] {
  const fim = bruta.indexOf('\r\n\r\n');
  const linhas = bruta
    .slice(0, fim)
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const pares = linhas.map((linha): [string, string] => {
    const doisPontos = linha.indexOf(':');
    return [linha.slice(0, doisPontos).toLowerCase(), palavras(linha.slice(doisPontos + 1).trim())];
  });
  return [new Map(pares), bruta.slice(fim + 4)];
}

/** RFC 2047. */
function palavras(valor: string): string {
  return valor
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?UTF-8\?([BQ])\?(.*?)\?=/gi, (_, modo: string, texto: string) =>
      modo.toUpperCase() === 'B'
        ? Buffer.from(texto, 'base64').toString()
        : quotedPrintable(texto.replaceAll('_', ' ')),
    );
}

function decodificar(cabecalhos: ReadonlyMap<string, string>, corpo: string): string {
  switch (cabecalhos.get('content-transfer-encoding')) {
    case 'base64':
      return Buffer.from(corpo, 'base64').toString();
    case 'quoted-printable':
      return quotedPrintable(corpo);
    default:
      return Buffer.from(corpo, 'latin1').toString();
  }
}

function quotedPrintable(texto: string): string {
  const octetos = texto
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/gi, (_, hexa: string) => String.fromCharCode(Number.parseInt(hexa, 16)));
  return Buffer.from(octetos, 'latin1').toString();
}
