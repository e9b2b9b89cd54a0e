import { describe, expect, it } from '@jest/globals';
import { readStrictly } from '@plataforma/testing/strict-icalendar';
import { linesOf } from '../../../test/support/calendario.ts';
import { CARTAS, type Carta, escrever } from '../../../test/support/cartas.ts';
import { elements, remetente } from '../../../test/support/samples.ts';
import { createModelos } from './modelos.ts';

const modelos = createModelos(remetente);

/** What others than the services have written. */
const ESCRITOS = [
  ...['espacoNome', 'espacoEndereco', 'motivo', 'dispositivo', 'enderecoIp', 'checkoutUrl'],
  ...['nomeDoWebhook', 'receptor'],
];

const HOSTIS = {
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
  const trocados = Object.entries(dados).map(([campo, valor]) => [
    campo,
    ESCRITOS.includes(campo) && valor !== '' ? texto : comTexto(valor, texto),
  ]);
  return Object.fromEntries(trocados) as T;
}

function hostil({ titulo, mensagens: [primeira, ...outras] }: Carta, texto: string): Carta {
  const troca = <M extends { dados: object }>(mensagem: M): M => ({
    ...mensagem,
    dados: comTexto(mensagem.dados, texto),
  });
  return { titulo, mensagens: [troca(primeira), ...outras.map(troca)] };
}

const NAO_SE_LE = /[\p{Bidi_Control}\u00AD\u180E\u200B\u2060-\u2064\uFEFF]/u;

/** A text that is shown: whole characters, nothing unseen, no control but the end of a line. */
function limpo(texto: string): void {
  expect(texto.isWellFormed()).toBe(true);
  expect(texto).not.toMatch(NAO_SE_LE);
  expect(texto).not.toMatch(/[^\P{Cc}\n]|[\u2028\u2029]/u);
}

const LINK = /^<a class="rotulo" href="https:\/\/[^"<>\s]{1,2000}" style="[^"<>]*">$/;

describe.each(Object.entries(HOSTIS))('with %s where people write', (_, texto) => {
  const cartas = CARTAS.map((carta) => ({
    titulo: carta.titulo,
    comum: escrever(modelos, carta, 'Ana'),
    hostil: escrever(modelos, hostil(carta, texto), texto),
  }));

  it('no page has a tag more', () => {
    for (const { titulo, comum, hostil } of cartas) {
      limpo(hostil.html);
      const conhecidas = new Set(elements(comum.html));
      const novas = elements(hostil.html).filter((uma) => !conhecidas.has(uma) && !LINK.test(uma));
      expect([titulo, novas]).toEqual([titulo, []]);
      expect(hostil.html.length).toBeLessThan(comum.html.length + 15_000);
    }
  });

  it('no text has a line more, nor one without end', () => {
    for (const { titulo, comum, hostil } of cartas) {
      limpo(hostil.texto);
      const linhas = hostil.texto.split('\n');
      expect([titulo, linhas.length <= comum.texto.split('\n').length]).toEqual([titulo, true]);
      for (const linha of linhas) expect(linha.length).toBeLessThan(/: https:/.test(linha) ? 2_050 : 700);
    }
  });

  it('every subject is one short line', () => {
    for (const { hostil } of cartas) {
      limpo(hostil.assunto);
      expect(hostil.assunto).not.toContain('\n');
      expect([...hostil.assunto].length).toBeLessThanOrEqual(150);
    }
  });

  it('every calendar is one event, with the properties that it should have, in short lines', () => {
    const nomes = (arquivo = '') => linesOf(arquivo).map((linha) => linha.split(/[:;]/)[0]);
    for (const { comum, hostil } of cartas.filter((uma) => uma.comum.anexos.length > 0)) {
      const rotulos = (anexos: typeof comum.anexos) => anexos.map(({ nome, tipo }) => [nome, tipo]);
      expect(rotulos(hostil.anexos)).toEqual(rotulos(comum.anexos));
      for (const { conteudo } of hostil.anexos) {
        expect(readStrictly(conteudo)).toHaveLength(1);
        for (const linha of linesOf(conteudo)) limpo(linha);
        expect(nomes(comum.anexos[0]?.conteudo)).toEqual(expect.arrayContaining(nomes(conteudo)));
        for (const linha of conteudo.split('\r\n')) expect(Buffer.byteLength(linha)).toBeLessThanOrEqual(75);
      }
    }
  });
});

it('reaches every letter with what is hostile, where people have written into it', () => {
  const semTexto = CARTAS.filter((carta) => JSON.stringify(hostil(carta, 'x')) === JSON.stringify(carta));
  expect(semTexto.map(({ titulo }) => titulo)).toEqual([
    'BOAS_VINDAS',
    'REDEFINICAO_SENHA',
    'REDEFINICAO_SENHA: devolve o endereço',
    'TROCA_DE_EMAIL',
  ]);
});
