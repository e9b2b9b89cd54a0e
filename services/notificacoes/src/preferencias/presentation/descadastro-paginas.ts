import { createHash } from 'node:crypto';
import type { HttpResponse } from '@plataforma/runtime/http-routes';

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

/** @param oque a text of ours: what is ended */
export const perguntar = (oque: string): HttpResponse =>
  pagina(
    200,
    'Deixar de receber?',
    `<p>Você não vai mais receber <strong>${oque}</strong>. As mensagens sobre confirmações, cancelamentos, devoluções e a segurança da sua conta continuam.</p>
<form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button type="submit">Não quero mais receber</button></form>`,
  );

/** @param oque a text of ours: what is ended */
export const confirmar = (oque: string): HttpResponse =>
  pagina(
    200,
    'Pronto',
    `<p role="status">Você não vai mais receber <strong>${oque}</strong>.</p>
<p>Mudou de ideia? Ligue de novo nas preferências de notificação da sua conta.</p>`,
  );

/** For a form that is none. */
export const pedirDeNovo = (oque: string): HttpResponse => ({ ...perguntar(oque), status: 400 });

export const desconhecido = (): HttpResponse =>
  pagina(
    404,
    'Este endereço não vale',
    '<p>Confira se ele está inteiro, ou mude as preferências de notificação na sua conta.</p>',
  );

function pagina(status: number, titulo: string, corpo: string): HttpResponse {
  const body = `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${titulo} - Plataforma de Reservas</title>
<style>${ESTILO}</style>
</head>
<body>
<main>
<h1>${titulo}</h1>
${corpo}
</main>
</body>
</html>
`;
  return { status, headers: CABECALHOS, body };
}
