import type { Carta } from './cartas.ts';

/** What others than the services have written. */
const ESCRITOS = [
  ...['espacoNome', 'espacoEndereco', 'motivo', 'dispositivo', 'enderecoIp', 'checkoutUrl'],
  ...['nomeDoWebhook', 'receptor', 'destino'],
];

/** What may stand there, by what is wrong with it. */
export const HOSTIS = {
  markup: `<img src=x onerror=alert(1)>"'&</td></table><script>alert(2)</script><!--[if mso]>`,
  'a template': '<%= it.titulo %><% throw 1 %>{{7*7}}',
  'a header': 'Sala\r\nBcc: x@y.z\r\n\r\n<html>',
  'line ends of all kinds': 'Sala\u2028Bcc: x@y.z\u2029a\u0085b\vc\fd\0e\x1b[31mf\x7f\ng\rh',
  'a calendar': 'Sala\r\nEND:VEVENT\r\nATTENDEE;CN="x:y":mailto:x@y.z\\n,;\\',
  'directions of reading':
    'Sala \u202Egpj.exe\u202C \u2066a\u2069 \u2067b\u2068\u200Ec\u200Fd\u061Ce\u202Af\u202Bg\u202D',
  'what is not seen': '\u200BSa\u200Bla\u2060 \uFEFFIp\u00ADê\u2063\u180E',
  'nothing that is seen': '\u200B\u202E\u2066 \n',
  'halves of characters': '\ud83dSala\udc00 \ud800',
  'a word of 10 kB': 'a'.repeat(10_000),
  '10 kB of emoji': '👩‍👩‍👧'.repeat(1_000),
  '10 kB of lines': 'a\r\n'.repeat(3_400),
  'a link': 'https://exemplo.com/"><script>alert(1)</script>\r\nBcc: x\u202E',
  'a link of 10 kB': `https://exemplo.com/${'a'.repeat(10_000)}`,
  'a link that runs': 'javascript:alert(1)//https://exemplo.com',
};

function comTexto<T>(dados: T, texto: string): T {
  if (typeof dados !== 'object' || dados === null) return dados;
  if (Array.isArray(dados)) return dados.map((um) => comTexto(um, texto)) as T;
  const trocados = Object.entries(dados).map(([campo, valor]) => [
    campo,
    ESCRITOS.includes(campo) && valor !== '' ? texto : comTexto(valor, texto),
  ]);
  return Object.fromEntries(trocados) as T;
}

/** The same letter with that text wherever somebody else has written. */
export function hostil({ titulo, mensagens: [primeira, ...outras] }: Carta, texto: string): Carta {
  const troca = <M extends { dados: object }>(mensagem: M): M => ({
    ...mensagem,
    dados: comTexto(mensagem.dados, texto),
  });
  return { titulo, mensagens: [troca(primeira), ...outras.map(troca)] };
}
