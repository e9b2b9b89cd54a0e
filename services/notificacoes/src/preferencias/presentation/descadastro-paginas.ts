import { createHash } from 'node:crypto';
import type { HttpResponse } from '@plataforma/runtime/http-routes';
import { Eta } from 'eta';
import type { Alvo } from '../application/descadastro.ts';

/** The language of a page. */
export interface IdiomaDaPagina {
  readonly codigo: string;
  readonly direcao: 'ltr' | 'rtl';
  t(chave: `descadastro.${Texto}`, valores?: Readonly<Record<string, string>>): string;
}

type Texto =
  | ('titulo' | 'LEMBRETES' | 'CREDITOS' | 'outras')
  | ('pergunta' | 'consequencia' | 'botao')
  | ('pronto' | 'feito' | 'volta')
  | ('desconhecido' | 'confira');

interface Pagina {
  readonly titulo: string;
  readonly paragrafos: readonly string[];
  /** Words of the button that ends it. */
  readonly botao?: string;
}

const ESTILO = `:root{color-scheme:light dark}
body{margin:0;background:#f2f4f7;color:#1d2939;font:16px/24px Arial,Helvetica,sans-serif}
main{max-width:480px;margin:0 auto;padding:48px 24px}
h1{font-size:24px;line-height:32px;overflow-wrap:anywhere}
button{padding:12px 20px;border:2px solid transparent;border-radius:8px;background:#175cd3;color:#fff;font:inherit;cursor:pointer}
button:focus-visible{outline:3px solid #1d2939;outline-offset:2px}
@media (prefers-color-scheme:dark){body{background:#0c111d;color:#f5f5f6}button{background:#84adff;color:#0c111d}button:focus-visible{outline-color:#f5f5f6}}`;

/** Nothing but this style and the form: what is in the page is ours, and goes to nobody else. */
const CABECALHOS = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(ESTILO).digest('base64')}'`,
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  ].join('; '),
  // The address is the secret.
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-robots-tag': 'noindex, nofollow',
  'x-content-type-options': 'nosniff',
};

const PAGINA = new Eta({ autoEscape: true, autoTrim: [false, 'nl'] }).compile(`<!doctype html>
<html lang="<%= it.idioma.codigo %>" dir="<%= it.idioma.direcao %>">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><%= it.idioma.t('descadastro.titulo', { titulo: it.titulo }) %></title>
<style>${ESTILO}</style>
</head>
<body>
<main>
<h1><%= it.titulo %></h1>
<% for (const paragrafo of it.paragrafos) { %>
<p><%= paragrafo %></p>
<% } %>
<% if (it.botao) { %>
<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button type="submit"><%= it.botao %></button></form>
<% } %>
</main>
</body>
</html>
`);
const eta = new Eta({ autoEscape: true });

export function perguntar(alvo: Alvo, idioma: IdiomaDaPagina): HttpResponse {
  const consequencia = idioma.t('descadastro.consequencia', { oque: nomeDe(alvo, idioma) });
  const [titulo, botao] = [idioma.t('descadastro.pergunta'), idioma.t('descadastro.botao')];
  return resposta(200, { titulo, paragrafos: [consequencia], botao }, idioma);
}

export function confirmar(alvo: Alvo, idioma: IdiomaDaPagina): HttpResponse {
  const feito = idioma.t('descadastro.feito', { oque: nomeDe(alvo, idioma) });
  const paragrafos = [feito, idioma.t('descadastro.volta')];
  return resposta(200, { titulo: idioma.t('descadastro.pronto'), paragrafos }, idioma);
}

/** For a form that is none. */
export const pedirDeNovo = (alvo: Alvo, idioma: IdiomaDaPagina): HttpResponse => ({
  ...perguntar(alvo, idioma),
  status: 400,
});

export function desconhecido(idioma: IdiomaDaPagina): HttpResponse {
  const paragrafos = [idioma.t('descadastro.confira')];
  return resposta(404, { titulo: idioma.t('descadastro.desconhecido'), paragrafos }, idioma);
}

/** What people call what a link ends. */
function nomeDe({ grupo, canal }: Alvo, idioma: IdiomaDaPagina): string {
  const tem = canal === 'EMAIL' && (grupo === 'LEMBRETES' || grupo === 'CREDITOS');
  return idioma.t(`descadastro.${tem ? grupo : 'outras'}`);
}

const resposta = (status: number, pagina: Pagina, idioma: IdiomaDaPagina): HttpResponse => ({
  ...{ status, headers: CABECALHOS },
  body: eta.render(PAGINA, { ...pagina, idioma }),
});
