import { describe, expect, it } from '@jest/globals';
import { lerIdiomas } from '../idiomas/idiomas.ts';
import { CORES } from './cores.ts';
import { COR, diagramar, type Visao } from './leiaute.ts';

const { padrao } = lerIdiomas();

const visao = (cor: Visao['selo']['cor']): Visao => ({
  previa: 'Prévia',
  selo: { texto: 'Selo', cor },
  cabecalho: 'Cabeçalho',
  introducao: 'Introdução.',
  abertura: 'Abertura.',
  linhas: [{ rotulo: 'Rótulo', valor: 'Valor' }],
  acao: { rotulo: 'Pagar', url: 'https://exemplo.com/' },
  fecho: 'Fecho.',
});

const html = (cor: Visao['selo']['cor'] = COR.boa) => diagramar('Título', visao(cor), 'Ana', padrao).html;

type Esquema = 'claro' | 'escuro';
type Pintura = { readonly tag: string; readonly cor: string; readonly fundo: string; readonly some: boolean };

/** Each visible text of a page, with its colour and what it stands on, as a browser has it in that scheme. */
function pintados(pagina: string, esquema: Esquema): { texto: string; cor: string; fundo: string }[] {
  const achados: { texto: string; cor: string; fundo: string }[] = [];
  const pilha: Pintura[] = [{ tag: '', cor: 'nenhuma', fundo: 'nenhum', some: false }];
  const corpo = pagina.slice(pagina.indexOf('<body'), pagina.indexOf('</html>')).replace(/<!--.*?-->/gs, '');
  for (const [, fecha, tag = '', atributos = '', texto = ''] of corpo.matchAll(
    /<(\/?)([a-z0-9]+)([^>]*)>([^<]*)/g,
  )) {
    if (fecha) expect(pilha.pop()?.tag).toBe(tag);
    else pilha.push(pintura(tag, atributos, pilha.at(-1) as Pintura, esquema));
    const { cor, fundo, some } = pilha.at(-1) as Pintura;
    if (texto.trim() !== '' && !some) achados.push({ texto: texto.trim(), cor, fundo });
  }
  return achados;
}

function pintura(tag: string, atributos: string, pai: Pintura, esquema: Esquema): Pintura {
  const estilo = /style="([^"]*)"/.exec(atributos)?.[1] ?? '';
  const classes = /class="([^"]*)"/.exec(atributos)?.[1]?.split(' ') ?? [];
  const da = (propriedade: string, antes: string) => {
    const emLinha = new RegExp(`(?:^|;)${propriedade}:(#[0-9a-f]{6})`).exec(estilo)?.[1];
    const escura = classes.map((nome) => escuroDe(nome, propriedade)).find((cor) => cor !== undefined);
    // A colour that has no class of its own would stay as it is in the dark.
    expect([tag, emLinha !== undefined]).toEqual([tag, escura !== undefined]);
    return (esquema === 'claro' ? emLinha : escura) ?? antes;
  };
  return {
    tag,
    cor: da('color', pai.cor),
    fundo: da('background-color', pai.fundo),
    some: pai.some || estilo.includes('display:none'),
  };
}

/** What the style sheet makes of a class in the dark. */
function escuroDe(classe: string, propriedade: string): string | undefined {
  const [, escuro = ''] = /prefers-color-scheme:dark\)\{\n(.*?)\n\}/s.exec(html()) ?? [];
  return new RegExp(`^\\.${classe}\\{${propriedade}:(#[0-9a-f]{6}) !important\\}$`, 'm').exec(escuro)?.[1];
}

/** WCAG 2.2: contrast ratio. */
function contraste(uma: string, outra: string): number {
  const [maior = 0, menor = 0] = [luz(uma), luz(outra)].sort((a, b) => b - a);
  return (maior + 0.05) / (menor + 0.05);
}

function luz(cor: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((de) => Number.parseInt(cor.slice(de, de + 2), 16) / 255)
    .map((canal) => (canal <= 0.04045 ? canal / 12.92 : ((canal + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

describe('the layout', () => {
  it('measures contrast as WCAG does', () => {
    expect(contraste('#000000', '#ffffff')).toBeCloseTo(21, 5);
    expect(contraste('#777777', '#ffffff')).toBeCloseTo(4.48, 2);
  });

  it.each(
    (['claro', 'escuro'] as const).flatMap((esquema) =>
      Object.values(COR).map((cor) => [esquema, cor] as const),
    ),
  )('has every text readable in the scheme %s with the seal %s', (esquema, cor) => {
    const textos = pintados(html(cor), esquema);
    expect(textos.map(({ texto }) => texto)).toEqual([
      'Plataforma de Reservas',
      'Selo',
      'Cabeçalho',
      'Olá, Ana! Introdução.',
      'Rótulo',
      'Valor',
      'Pagar',
      'Fecho.',
      expect.stringMatching(/^Mensagem automática/),
    ]);
    const ilegiveis = textos.filter((um) => contraste(um.cor, um.fundo) < 4.5);
    expect(ilegiveis).toEqual([]);
  });

  it('has a dark colour for every light one, that Outlook on the web finds too', () => {
    const pagina = html();
    for (const [nome, { claro, escuro }] of Object.entries(CORES)) {
      if (nome !== 'alerta') expect(pagina).toMatch(new RegExp(`style="[^"]*${claro};`));
      if (nome === 'linha') expect(pagina).toContain(`.linha{border-color:${escuro} !important}`);
      else expect(pagina).toMatch(new RegExp(`\\[data-ogs[bc]\\] \\.${nome}\\{[a-z-]*color:${escuro}`));
    }
    expect(pagina).toContain('<meta name="color-scheme" content="light dark">');
  });

  it('is no wider than a phone: nothing has a width of its own, and every text breaks', () => {
    // What is for Outlook for Windows alone is a comment to others.
    const pagina = html().replace(/<!--\[if mso\]>.*?<!\[endif\]-->/gs, '');
    expect(
      pagina.match(/(?<![-\w])width[=:]"?[^";]+/g)?.filter((uma) => !/100%|device-width/.test(uma)),
    ).toEqual([]);
    expect(pagina).not.toMatch(/white-space:\s*nowrap|<img/);
    for (const [celula] of pagina.matchAll(/<td class="(?:margem |linha )?(?:texto|discreto)[^>]*>/g))
      expect(celula).toContain('overflow-wrap:anywhere');
  });

  it('tells its language, and is one heading to who listens to it, with tables that are none', () => {
    const pagina = html();
    expect(pagina).toContain('<html lang="pt-BR" dir="ltr">');
    expect(pagina.match(/<h1/g)).toHaveLength(1);
    expect(pagina.match(/<table(?! role="presentation")/g)).toBeNull();
    expect(pagina).toContain('<div role="article" aria-roledescription="e-mail" aria-label="Cabeçalho"');
  });

  it('keeps the body out of the preview', () => {
    const [, previa = ''] = /display:none[^>]*>(.*?)<\/div>/s.exec(html()) ?? [];
    expect(previa).toMatch(/^Prévia(?:&#847;&zwnj;&nbsp;){60}$/);
  });
});
