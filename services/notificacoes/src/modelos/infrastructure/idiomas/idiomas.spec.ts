import { describe, expect, it } from '@jest/globals';
import { CARTAS, encurtar, escrever } from '../../../../test/support/cartas.ts';
import { comIdiomas, ptBR } from '../../../../test/support/idiomas.ts';
import { pseudoIdioma } from '../../../../test/support/pseudo-idioma.ts';
import { remetente } from '../../../../test/support/samples.ts';
import { createModelos } from '../modelos.ts';
import { lerIdiomas } from './idiomas.ts';

const com = (mudanca: object) => ({ ...ptBR, ...mudanca });

describe('the languages of messages', () => {
  it.each([
    ['lacks a text', { procureAReserva: undefined }, 'procureAReserva is missing'],
    ['has one too many', { novidade: 'x' }, 'novidade is not used'],
    ['has an empty one', { procureAReserva: ' ' }, 'procureAReserva is no text'],
    ['has no text where one belongs', { procureAReserva: 3 }, 'procureAReserva is no text'],
    ['lacks a placeholder', { procureAReserva: 'Search it' }, 'procureAReserva lacks {reserva}'],
    [
      'has a placeholder that nothing is known for',
      { procureAReserva: '{reserva} {nome}' },
      'procureAReserva has no value for {nome}',
    ],
    ['cannot be read', { procureAReserva: '{reserva' }, 'procureAReserva cannot be read'],
    ['writes a date', { procureAReserva: '{reserva, date}' }, 'procureAReserva has no value for {a format'],
  ])('keep a service from starting when one %s', (_, mudanca, falta) => {
    expect(() => comIdiomas({ en: com(mudanca) })).toThrow(falta);
  });

  it('must choose by all that there is to choose by', () => {
    const frase = ptBR.vagaOferecida.gratuita.replaceAll('pessoa {', 'alguem {');
    const en = com({ vagaOferecida: { ...ptBR.vagaOferecida, gratuita: frase } });
    expect(() => comIdiomas({ en })).toThrow(
      /lacks \{de, select pessoa\}\n.*no value for \{de, select alguem/,
    );
  });

  it('must have each plural form that they count with, and no other', () => {
    const formas = { ar: ['two', 'few'], ja: ['one'], pl: ['few', 'many'] };
    expect(() => comIdiomas({ ar: ptBR })).toThrow('lacks the plural form "few"');
    expect(() => comIdiomas({ ja: ptBR })).toThrow('has a plural form "one"');
    for (const forma of formas.pl)
      expect(() => comIdiomas({ pl: ptBR })).toThrow(`lacks the plural form "${forma}"`);
  });

  it.each(['klingon', 'pt_BR', 'xx', 'PT-br', 'es-419'])('cannot be called %s', (codigo) => {
    expect(() => comIdiomas({ [codigo]: ptBR })).toThrow(`${codigo}.json: ${codigo} is no language`);
  });

  it('are chosen by the nearest tag, and the default where there is none', () => {
    const { para } = comIdiomas({ en: ptBR, 'es-MX': ptBR });
    const escolhidas = [
      'en',
      'EN-us',
      'es',
      'es-AR',
      'pt',
      'pt-PT',
      'pt-br',
      'fr',
      '',
      '-',
      'x'.repeat(9_999),
    ];
    expect(escolhidas.map((codigo) => para(codigo).codigo)).toEqual([
      ...['en', 'en', 'es-MX', 'es-MX', 'pt-BR', 'pt-BR', 'pt-BR', 'pt-BR', 'pt-BR', 'pt-BR', 'pt-BR'],
    ]);
  });

  it('ask for nothing but texts that the code asks for', () => {
    const usadas = new Set<string>();
    const idiomas = lerIdiomas();
    const ouvido = { ...idiomas, padrao: { ...idiomas.padrao } };
    ouvido.padrao.t = (chave, valores) => {
      usadas.add(chave);
      return idiomas.padrao.t(chave, valores);
    };
    const modelos = createModelos(remetente, ouvido);
    for (const carta of CARTAS) {
      for (const nome of ['Ana', '']) escrever(modelos, carta, nome);
      encurtar(modelos, carta);
    }
    const doCodigo = folhas(ptBR).filter((chave) => !/^(?:fusos|formatos|descadastro)\./.test(chave));
    expect(doCodigo.filter((chave) => !usadas.has(chave))).toEqual([]);
  });
});

function folhas(no: object, antes = ''): string[] {
  return Object.entries(no).flatMap(([nome, valor]) =>
    typeof valor === 'string' ? [`${antes}${nome}`] : folhas(valor, `${antes}${nome}.`),
  );
}

/** Names and numbers that are the same in every language. */
const DADOS = [
  'Ana',
  'Sala Ipê',
  'Av. Paulista, 1000; 2º andar, São Paulo',
  'Choveu demais',
  'São Paulo',
  'Firefox',
  'Linux',
  'AbC-dEf_0123456789',
  'R$',
  'Loja',
  'loja.exemplo.com',
  'HTTP',
  'GET',
  'a***@exemplo.com',
  'b***@exemplo.org',
  'SendGrid bounce',
  'SendGrid dropped',
];

/** Words that come of nothing but a catalogue or a format. */
function palavras(texto: string): string[] {
  const semDados = DADOS.reduce((resto, dado) => resto.replaceAll(dado, ' '), texto)
    .replace(/https?:\S+|\/api\S+/g, ' ')
    .replace(/\b(?:res|pag|ser|prt|whk|cli)_\w+/g, ' ');
  return semDados.match(/[A-Za-zÀ-ÿ]{2,}/g) ?? [];
}

describe('a second language', () => {
  // Greek by its name, so that no date looks like one of the texts; all its texts are in letters that are none of ours.
  const idiomas = comIdiomas({ el: pseudoIdioma(ptBR) });
  const modelos = createModelos(remetente, idiomas);
  const cartas = CARTAS.map((carta) => ({
    titulo: carta.titulo,
    original: escrever(modelos, carta, 'Ana'),
    traduzida: escrever(modelos.em('el-GR'), carta, 'Ana'),
    curta: encurtar(modelos.em('el-GR'), carta),
  }));

  it.each(cartas)('is all that $titulo is written in', ({ original, traduzida, curta }) => {
    const { assunto, texto, html, anexos } = traduzida;
    const corpo = html.slice(html.indexOf('<body')).replace(/<[^>]*>|&[#\w]+;/g, ' ');
    expect(palavras(original.texto).length).toBeGreaterThan(10);
    expect(palavras(`${curta.sms} ${curta.curto.titulo} ${curta.curto.corpo}`.replace('Ipe', 'Ipê'))).toEqual(
      [],
    );
    expect(palavras(assunto)).toEqual([]);
    expect(palavras(texto)).toEqual([]);
    expect(palavras(corpo)).toEqual([]);
    expect(html).toContain('<html lang="el" dir="ltr">');
    for (const { conteudo, nome } of anexos) {
      expect(conteudo).toContain('//EL\r\n');
      expect(palavras(nome.replace('.ics', ''))).toEqual([]);
      expect(
        palavras(
          /DESCRIPTION:(.*?)\r\n[A-Z]/s.exec(conteudo)?.[1]?.replaceAll('\r\n ', '').replaceAll('\\', '') ??
            '',
        ),
      ).toEqual([]);
    }
  });

  it('has room for longer words: nothing is as wide as one of its own', () => {
    const [carta] = cartas;
    expect(carta?.traduzida.texto.length).toBeGreaterThan((carta?.original.texto.length ?? 0) * 1.2);
  });

  it('turns the page round where it is read from the right', () => {
    const seis = (texto: string) =>
      texto.replace(
        /\{(\w+), plural, .*\}/s,
        '{$1, plural, zero {#} one {#} two {#} few {#} many {#} other {#}}',
      );
    const ar = JSON.parse(JSON.stringify(ptBR), (_, no) => (typeof no === 'string' ? seis(no) : no));
    const [carta] = CARTAS;
    if (carta === undefined) throw new Error('no letter');
    const { html } = escrever(createModelos(remetente, comIdiomas({ ar })).em('ar-EG'), carta, 'Ana');
    expect(html).toContain('<html lang="ar" dir="rtl">');
    expect(html).not.toContain('text-align:left');
  });
});
