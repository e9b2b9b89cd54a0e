/**
 * How texts travel as SMS: 3GPP TS 23.038, 6.2.1, the alphabet that needs 7 bits a character, and 23.040, 9.2.3.24.1, the header
 * that joins parts. One character that the alphabet lacks makes all of them twice as wide.
 */
const BASICO = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
);
/** Each takes an escape before it. */
const EXTENSAO = new Set('^{}\\[~]|€\f');

/** Units (septets, or pairs of octets) that fit when the text is one part, and in each of several. */
const CABEM = { 'GSM-7': { uma: 160, cada: 153 }, 'UCS-2': { uma: 70, cada: 67 } } as const;

/** What a text costs: each part is paid. */
export interface Partes {
  readonly codificacao: keyof typeof CABEM;
  readonly quantas: number;
}

/** The parts that a text is cut into. */
export function partesDe(texto: string): Partes {
  const caracteres = [...texto];
  const codificacao = caracteres.every((um) => BASICO.has(um) || EXTENSAO.has(um)) ? 'GSM-7' : 'UCS-2';
  const larguras = caracteres.map(
    codificacao === 'GSM-7' ? (um) => (EXTENSAO.has(um) ? 2 : 1) : (um) => um.length,
  );
  const { uma, cada } = CABEM[codificacao];
  if (larguras.reduce((soma, largura) => soma + largura, 0) <= uma) return { codificacao, quantas: 1 };
  return { codificacao, quantas: emPartes(larguras, cada) };
}

/** No character is cut: what does not fit into the rest of a part begins the next one. */
function emPartes(larguras: readonly number[], cada: number): number {
  let quantas = 1;
  let resto = cada;
  for (const largura of larguras) {
    if (largura > resto) {
      quantas += 1;
      resto = cada;
    }
    resto -= largura;
  }
  return quantas;
}

const OUTROS: Readonly<Record<string, string>> = {
  ...{ '–': '-', '—': '-', '‐': '-', '‑': '-', '−': '-', '·': '-', '•': '-' },
  ...{ '“': '"', '”': '"', '„': '"', '«': '"', '»': '"', '‘': "'", '’': "'", '´': "'", '`': "'" },
  ...{ '…': '...', º: 'o', ª: 'a', '°': 'o', ø: 'o', ð: 'd', ł: 'l' },
};

/** What has no letter in it, and would make all others twice as wide: pictures, marks of direction, what is not seen. */
const SEM_LETRA =
  /[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{Regional_Indicator}\p{Cf}\p{Cc}\p{Cs}\p{Co}\p{Variation_Selector}]|\u20E3/gu;

/**
 * A text in the letters of the alphabet for SMS, as far as it has them, and all without marks: `Sala Ipê, às 14h` becomes `Sala Ipe, as 14h`. The
 * alphabet has some letters with a mark (à, é) and lacks others (ã, ê); both beside each other would read like a mistake. Letters of other
 * scripts stay as they are. Always one line.
 */
export function paraSms(texto: string): string {
  const linha = texto
    .toWellFormed()
    .replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(SEM_LETRA, '')
    .normalize('NFC');
  return [...linha].map(letraPara).join('').replace(/ {2,}/g, ' ').trim();
}

function letraPara(letra: string): string {
  const outra = OUTROS[letra];
  if (outra !== undefined) return outra;
  const semMarca = letra.normalize('NFKD').replace(/\p{M}/gu, '');
  return [...semMarca].every((uma) => BASICO.has(uma)) ? semMarca : letra;
}

/** Ends with three dots where something was left out. */
const CORTADO = '...';

/** The text in at most so many parts, cut between two characters, and visibly. */
export function encurtarSms(texto: string, maximo: number): string {
  if (partesDe(texto).quantas <= maximo) return texto;
  const caracteres = [...texto];
  let [cabe, demais] = [0, caracteres.length];
  while (demais - cabe > 1) {
    const meio = Math.floor((cabe + demais) / 2);
    const tentativa = caracteres.slice(0, meio).join('') + CORTADO;
    if (partesDe(tentativa).quantas <= maximo) cabe = meio;
    else demais = meio;
  }
  return caracteres.slice(0, cabe).join('').trimEnd() + CORTADO;
}
