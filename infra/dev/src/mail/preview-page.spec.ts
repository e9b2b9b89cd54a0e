import { describe, expect, it } from '@jest/globals';
import { TIPOS_DE_AVISO } from '../../../../services/notificacoes/src/modelos/domain/aviso.ts';
import { createModelos } from '../../../../services/notificacoes/src/modelos/infrastructure/modelos.ts';
import { CARTAS, encurtar, escrever } from '../../../../services/notificacoes/test/support/cartas.ts';
import { remetente } from '../../../../services/notificacoes/test/support/samples.ts';
import { previewPage } from './preview-page.ts';

const page = previewPage();
const modelos = createModelos(remetente);

const unescaped = (text: string) =>
  text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&');

/** Sections by their heading. */
const sections = new Map(
  [...page.matchAll(/<section id="c\d+">\n<h2>(.*?)<\/h2>.*?<\/section>/gs)].map(([all, title = '']) => [
    unescaped(title),
    all,
  ]),
);

describe('the page with all mails', () => {
  it('has each variant of each model once', () => {
    expect([...sections.keys()]).toEqual(CARTAS.map(({ titulo }) => titulo));
    expect(sections.size).toBe(CARTAS.length);
    for (const tipo of TIPOS_DE_AVISO) expect(sections.has(`AVISO_DE_SEGURANCA: ${tipo}`)).toBe(true);
  });

  it.each(CARTAS)(
    'shows $titulo on a phone and in a wide window, with its subject, text and files',
    (carta) => {
      const { assunto, html, texto, anexos } = escrever(modelos, carta, 'Ana Maria Souza');
      const section = sections.get(carta.titulo) ?? '';
      const frames = [
        ...section.matchAll(/<iframe sandbox loading="lazy" width="(\d+)" [^>]*?srcdoc="([^"]*)">/g),
      ];
      expect(frames.map(([, width, source = '']) => [width, unescaped(source)])).toEqual([
        ['320', html],
        ['640', html],
      ]);
      const shown = unescaped(section);
      for (const part of [assunto, texto, ...anexos.flatMap(({ nome, conteudo }) => [nome, conteudo])])
        expect(shown).toContain(part);
    },
  );

  it.each(CARTAS)('shows $titulo as SMS, with what it costs, and as notice', (carta) => {
    const { sms, curto } = encurtar(modelos, carta);
    const section = unescaped(sections.get(carta.titulo) ?? '');
    const [doSms = '', doPush = ''] = section.match(/<figure>.*?<\/figure>/gs) ?? [];
    expect(doSms).toContain(`SMS, ${[...sms].length} characters, GSM-7, 1 part<`);
    expect(doSms).toContain(sms);
    for (const part of [curto.titulo, curto.corpo, curto.caminho ?? '']) expect(doPush).toContain(part);
  });

  it('needs nothing but itself, and runs nothing', () => {
    const own = page.replace(/srcdoc="[^"]*"/g, '').replace(/<pre>.*?<\/pre>/gs, '');
    expect(own).not.toMatch(/<script|<link|\ssrc=|url\(|https?:/);
    expect(own).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });
});
