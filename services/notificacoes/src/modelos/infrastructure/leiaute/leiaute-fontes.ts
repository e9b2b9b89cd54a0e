/*
 * Sources of the layout, for eta: `<%= %>` writes a value, escaped in HTML and as it is in the text. They are modules
 * and not files, so that the compiled service carries them without a copy step.
 */

/** Tables and inline styles, because mail programs know little else. No image is needed to understand it. */
export const HTML = `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light">
<title><%= it.titulo %></title>
</head>
<body style="margin:0;padding:0;background:#f2f4f7;font-family:Arial,Helvetica,sans-serif;color:#1d2939;">
<div style="display:none;max-height:0;overflow:hidden;"><%= it.previa %></div>
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f2f4f7;">
<tr><td align="center" style="padding:24px 12px;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;background:#ffffff;border-radius:8px;">
<tr><td style="padding:24px 24px 0;">
<p style="margin:0;font-size:14px;color:<%= it.selo.cor %>;font-weight:bold;"><%= it.selo.texto %></p>
<h1 style="margin:8px 0 0;font-size:24px;line-height:32px;"><%= it.cabecalho %></h1>
<p style="margin:16px 0 0;font-size:16px;line-height:24px;"><%= it.saudacao %> <%= it.introducao %></p>
</td></tr>
<tr><td style="padding:16px 24px 0;">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="font-size:16px;line-height:24px;">
<% for (const { rotulo, valor } of it.linhas) { %>
<tr><td style="padding:8px 0;border-top:1px solid #eaecf0;">
<span style="display:block;font-size:13px;line-height:18px;color:#475467;"><%= rotulo %></span>
<strong style="word-break:break-word;"><%= valor %></strong>
</td></tr>
<% } %>
</table>
</td></tr>
<% if (it.acao) { %>
<tr><td style="padding:16px 24px 0;">
<a href="<%= it.acao.url %>" style="display:inline-block;padding:12px 20px;background:#175cd3;color:#ffffff;font-size:16px;line-height:24px;text-decoration:none;border-radius:8px;"><%= it.acao.rotulo %></a>
</td></tr>
<% } %>
<tr><td style="padding:16px 24px 24px;">
<p style="margin:0;font-size:14px;line-height:20px;color:#475467;"><%= it.fecho %></p>
</td></tr>
</table>
<p style="margin:16px 0 0;font-size:12px;line-height:18px;color:#667085;">Mensagem automática da Plataforma de Reservas. Você a recebeu porque <%= it.porque %>.</p>
</td></tr>
</table>
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
Mensagem automática da Plataforma de Reservas. Você a recebeu porque <%= it.porque %>.
`;
