import { CORES, ESCURO } from './cores.ts';

/*
 * Sources of the layout, for eta: `<%= %>` writes a value, escaped in HTML and as it is in the text. They are modules
 * and not files, so that the compiled service carries them without a copy step.
 */

const { fundo, cartao, texto, discreto, linha, botao, rotulo } = CORES;

/** Words longer than a phone is wide, such as addresses of the web, are broken and not the layout. */
const QUEBRA = 'overflow-wrap:anywhere;word-break:break-word;';

const TABELA = 'role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0"';

/** Without it, lists of messages go on after the preview with the first words of the body. */
const RESPIRO = '&#847;&zwnj;&nbsp;'.repeat(60);

/**
 * Tables and inline styles, because mail programs know little else. No image is needed to understand it. Each block of
 * styles stands alone: a program that dislikes one of them drops it, and no other. Outlook for Windows knows no widest
 * width, and gets a table of 600 pixels around it.
 */
export const HTML = `<!doctype html>
<html lang="<%= it.idioma %>" dir="<%= it.direcao %>">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<meta name="x-apple-disable-message-reformatting">
<title><%= it.titulo %></title>
<style>
:root{color-scheme:light dark;supported-color-schemes:light dark}
</style>
<style>
@media (max-width:480px){
.margem{padding-left:16px !important;padding-right:16px !important}
.fora{padding:12px 8px !important}
}
</style>
<style>
${ESCURO}
</style>
</head>
<body class="fundo texto" style="margin:0;padding:0;background-color:${fundo.claro};font-family:Arial,Helvetica,sans-serif;color:${texto.claro};-webkit-text-size-adjust:100%;">
<div style="display:none;max-height:0;overflow:hidden;mso-hide:all;" aria-hidden="true"><%= it.previa %>${RESPIRO}</div>
<div role="article" aria-roledescription="<%= it.mensagem %>" aria-label="<%= it.cabecalho %>" lang="<%= it.idioma %>" dir="<%= it.direcao %>">
<table ${TABELA} class="fundo" style="background-color:${fundo.claro};table-layout:fixed;">
<tr><td class="fora" align="center" style="padding:24px 12px;">
<!--[if mso]><table role="presentation" width="600" cellpadding="0" cellspacing="0" border="0"><tr><td><![endif]-->
<table ${TABELA} class="cartao topo" style="max-width:600px;background-color:${cartao.claro};border-top:4px solid ${botao.claro};border-radius:8px;table-layout:fixed;">
<tr><td class="margem texto" style="padding:24px 24px 0;color:${texto.claro};text-align:<%= it.lado %>;${QUEBRA}">
<p class="discreto" style="margin:0 0 20px;font-size:13px;line-height:18px;color:${discreto.claro};font-weight:bold;letter-spacing:.02em;"><%= it.marca %></p>
<p class="<%= it.selo.cor %>" style="margin:0;font-size:14px;line-height:20px;color:<%= it.tinta %>;font-weight:bold;"><%= it.selo.texto %></p>
<h1 style="margin:8px 0 0;font-size:24px;line-height:32px;"><%= it.cabecalho %></h1>
<p style="margin:16px 0 0;font-size:16px;line-height:24px;"><%= it.saudacao %> <%= it.introducao %></p>
</td></tr>
<tr><td class="margem" style="padding:16px 24px 0;">
<table ${TABELA} style="font-size:16px;line-height:24px;table-layout:fixed;">
<% for (const { rotulo, valor, codigo } of it.linhas) { %>
<tr><td class="linha texto" style="padding:8px 0;border-top:1px solid ${linha.claro};color:${texto.claro};text-align:<%= it.lado %>;${QUEBRA}">
<span class="discreto" style="display:block;font-size:13px;line-height:18px;color:${discreto.claro};"><%= rotulo %></span>
<% if (codigo) { %><strong dir="ltr" style="display:block;padding:8px 0;font-family:Consolas,Menlo,monospace;font-size:20px;line-height:28px;"><%= valor %></strong>
<% } else { %><strong dir="auto"><%= valor %></strong>
<% } %>
</td></tr>
<% } %>
</table>
</td></tr>
<% if (it.acao) { %>
<tr><td class="margem" style="padding:16px 24px 0;text-align:<%= it.lado %>;">
<table role="presentation" cellpadding="0" cellspacing="0" border="0">
<tr><td class="botao" style="padding:12px 20px;background-color:${botao.claro};border-radius:8px;">
<a class="rotulo" href="<%= it.acao.url %>" style="display:block;color:${rotulo.claro};font-size:16px;line-height:24px;font-weight:bold;text-decoration:none;${QUEBRA}"><%= it.acao.rotulo %></a>
</td></tr>
</table>
</td></tr>
<% } %>
<tr><td class="margem discreto" style="padding:16px 24px 24px;color:${discreto.claro};text-align:<%= it.lado %>;${QUEBRA}">
<p style="margin:0;font-size:14px;line-height:20px;"><%= it.fecho %></p>
</td></tr>
</table>
<p class="discreto" style="margin:16px 0 0;font-size:12px;line-height:18px;color:${discreto.claro};"><%= it.rodape %></p>
<% if (it.descadastro) { %>
<p style="margin:8px 0 0;font-size:12px;line-height:18px;"><a class="discreto" href="<%= it.descadastro %>" style="color:${discreto.claro};text-decoration:underline;"><%= it.rotuloDoDescadastro %></a></p>
<% } %>
<!--[if mso]></td></tr></table><![endif]-->
</td></tr>
</table>
</div>
</body>
</html>
`;

export const TEXTO = `<%= it.saudacao %>

<%= it.abertura %>

<% for (const { rotulo, valor } of it.linhas) { %><%= rotulo %>: <%= valor %>
<% } %>
<% if (it.acao) { %><%= it.acao.rotulo %>: <%= it.acao.url %>

<% } %><%= it.fecho %>

--
<%= it.rodape %>
<% if (it.descadastro) { %><%= it.rotuloDoDescadastro %>: <%= it.descadastro %>
<% } %>`;
