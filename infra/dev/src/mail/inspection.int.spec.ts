import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createModelos } from '../../../../services/notificacoes/src/modelos/infrastructure/modelos.ts';
import { CARTAS, escrever } from '../../../../services/notificacoes/test/support/cartas.ts';
import { remetente } from '../../../../services/notificacoes/test/support/samples.ts';
import { type BrowserPage, findChromium, openPage } from './chromium.ts';
import { faultsOf, picture, show, VIEWS } from './inspection.ts';

const chromium = findChromium();

const [PHONE] = VIEWS;

const around = (body: string) => `<!doctype html><html><body style="margin:0">${body}</body></html>`;

(chromium === undefined ? describe.skip : describe)('mails in Chromium', () => {
  let page: BrowserPage;

  beforeAll(async () => {
    page = await openPage(chromium ?? '');
  });

  afterAll(() => page.close());

  const faults = async (html: string, view = PHONE) => {
    if (view === undefined) throw new Error('no view');
    await show(page, html, view);
    return faultsOf(page);
  };

  it.each([
    ['is too wide', '<div style="width:400px">a</div>', 'the page is too wide'],
    ['leaves the page', '<p style="position:absolute;left:-20px">out</p>', '"out" leaves the page'],
    [
      'is cut off',
      '<table style="table-layout:fixed;width:80px"><tr><td style="white-space:nowrap;overflow:hidden">a long line of text</td></tr></table>',
      '"a long line of text" is cut off',
    ],
    ['cannot be read', '<p style="color:#999">pale</p>', '"pale" has a contrast of 2.85'],
    ['is tiny', '<p style="font-size:9px">tiny</p>', '"tiny" is too small'],
    ['is a picture without words', '<img>', 'an image has no alternative text'],
  ])('are found at fault where something %s', async (_, body, fault) => {
    expect(await faults(around(body))).toContain(fault);
  });

  it('are judged in the scheme of the reader', async () => {
    const html = around(
      '<style>@media (prefers-color-scheme:dark){p{color:#eee}}</style><p style="color:#111">a</p>',
    );
    expect(await faults(html)).toEqual([]);
    expect(await faults(html.replace('"color:#111"', '""'), { width: 320, scheme: 'dark' })).not.toEqual([]);
  });

  it('have no fault on a phone and in a wide window, by day and by night', async () => {
    const modelos = createModelos(remetente);
    const found: string[] = [];
    for (const carta of CARTAS) {
      const { html } = escrever(modelos, carta, 'Ana Maria Souza');
      for (const view of VIEWS)
        for (const fault of await faults(html, view))
          found.push(`${carta.titulo}, ${view.width} ${view.scheme}: ${fault}`);
    }
    expect(found).toEqual([]);
    expect((await picture(page)).subarray(1, 4).toString()).toBe('PNG');
  });
});

if (chromium === undefined)
  it.skip('left out: there is no Chromium on this machine (apt-get install chromium)', () => undefined);
