import type { Intent } from '../objects/payment-objects.ts';
import type { SessionRecord } from '../objects/session-object.ts';

export interface PageView {
  record: SessionRecord;
  /** Null until the customer has tried once. */
  intent: Intent | null;
}

/**
 * The hosted checkout of one session, in whatever state it is. Like the page of Stripe it does not tell when the session
 * ends: until when is to be paid, what is bought says itself.
 */
export function checkoutPage({ record, intent }: PageView): string {
  const { status } = record.session;
  if (status === 'open') return openPage(record, intent);
  if (status === 'complete')
    return closedPage('Pagamento concluído', 'Esta compra já foi paga. Obrigado!', record, true);
  const text =
    'O prazo desta sessão de pagamento terminou e nada foi cobrado. Volte à loja para tentar de novo.';
  return closedPage('Sessão expirada', text, record, false);
}

/** What a web site would show to who came back without having paid. */
export function shopPage(reservaId: string): string {
  return layout(
    'Nada foi pago',
    `<p>A reserva <strong>${escapeHtml(reservaId)}</strong> continua guardada até o prazo que a página de pagamento diz. Para pagar, volte a essa página.</p>`,
  );
}

/** For an id that no session has. */
export function unknownSessionPage(): string {
  return layout(
    'Sessão não encontrada',
    '<p>Este endereço de pagamento não existe. Confira o link recebido.</p>',
  );
}

/** `success_url` with Stripe's template filled in, normalised so that it is safe in a Location header. */
export function successAddress({ session }: SessionRecord): string {
  return new URL((session.success_url ?? '').replaceAll('{CHECKOUT_SESSION_ID}', session.id)).href;
}

function openPage(record: SessionRecord, intent: Intent | null): string {
  const { session } = record;
  const action = `/c/pay/${encodeURIComponent(session.id)}`;
  const refused = intent?.last_payment_error
    ? '<p class="recusa" role="alert">Seu cartão foi recusado. Nada foi cobrado: tente de novo ou use outro cartão.</p>'
    : '';
  return layout(
    'Pagamento',
    `${refused}${itemsTable(record)}
<form method="post" action="${action}/pay"><button class="pagar">Pagar ${escapeHtml(money(session.amount_total, session.currency))}</button></form>
<form method="post" action="${action}/decline"><button class="recusar">Recusar cartão</button></form>
${backLink(session.cancel_url, 'Voltar sem pagar')}`,
  );
}

function closedPage(title: string, text: string, record: SessionRecord, paid: boolean): string {
  const { session } = record;
  const back = paid
    ? backLink(successAddress(record), 'Continuar')
    : backLink(session.cancel_url, 'Voltar à loja');
  return layout(title, `<p>${escapeHtml(text)}</p>${itemsTable(record)}${back}`);
}

function itemsTable({ session, lineItems }: SessionRecord): string {
  const rows = lineItems.map((item) => {
    const times = item.quantity === 1 ? '' : ` <small>× ${item.quantity}</small>`;
    const amount = money(item.amount_total, item.currency);
    return `<tr><td>${escapeHtml(item.description ?? '')}${times}</td><td>${escapeHtml(amount)}</td></tr>`;
  });
  const total = escapeHtml(money(session.amount_total, session.currency));
  return `<table>${rows.join('')}<tr class="total"><th scope="row">Total</th><td>${total}</td></tr></table>`;
}

function backLink(url: string | null, label: string): string {
  return url === null ? '' : `<p><a href="${escapeHtml(url)}">${escapeHtml(label)}</a></p>`;
}

/** Everything shown passes here: names and addresses come from the caller who created the session. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => ENTITIES[char] as string);
}

const ENTITIES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function money(cents: number | null, currency: string | null): string {
  const format = new Intl.NumberFormat('pt-BR', { style: 'currency', currency: currency ?? 'brl' });
  return format.format((cents ?? 0) / 100);
}

function layout(title: string, body: string): string {
  return `<!doctype html>
<html lang="pt-BR">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<p class="aviso">Ambiente local: nenhum dinheiro é cobrado.</p>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
</body>
</html>
`;
}

const STYLE = `
:root { color-scheme: light dark; --tinta: #1a1f36; --papel: #fff; --fundo: #f2f4f8; --acao: #0a5fd8; --erro: #b3261e; --linha: #d5dae5; }
@media (prefers-color-scheme: dark) { :root { --tinta: #eef1f8; --papel: #1b2030; --fundo: #10131d; --acao: #6aa6ff; --erro: #ff9a92; --linha: #39415a; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem; background: var(--fundo); color: var(--tinta); font: 1rem/1.5 system-ui, sans-serif; }
main { width: min(30rem, 100%); padding: 1.5rem; background: var(--papel); border: 1px solid var(--linha); border-radius: .75rem; }
h1 { margin: 0 0 1rem; font-size: 1.4rem; }
table { width: 100%; border-collapse: collapse; margin-bottom: 1rem; overflow-wrap: anywhere; }
td, th { padding: .5rem 0; border-bottom: 1px solid var(--linha); text-align: left; vertical-align: top; }
td:last-child { text-align: right; white-space: nowrap; padding-left: 1rem; }
.total { font-weight: 700; }
.aviso { margin: 0 0 1rem; font-size: .85rem; opacity: .75; }
.recusa { padding: .75rem; border: 1px solid var(--erro); border-radius: .5rem; color: var(--erro); }
button { width: 100%; margin-bottom: .75rem; padding: .8rem; border: 1px solid var(--acao); border-radius: .5rem; font: inherit; font-weight: 600; cursor: pointer; background: transparent; color: var(--acao); }
.pagar { background: var(--acao); color: var(--papel); }
a { color: var(--acao); }
`;
