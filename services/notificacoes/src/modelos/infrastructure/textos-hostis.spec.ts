import { describe, expect, it } from '@jest/globals';
import { readStrictly } from '@plataforma/testing/strict-icalendar';
import { linesOf } from '../../../test/support/calendario.ts';
import { CARTAS, escrever } from '../../../test/support/cartas.ts';
import { HOSTIS, hostil } from '../../../test/support/hostis.ts';
import { elements, remetente } from '../../../test/support/samples.ts';
import { createModelos } from './modelos.ts';

const modelos = createModelos(remetente);

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
    'CODIGO_DE_TELEFONE',
  ]);
});
