import type { WebPushSubscription } from '@plataforma/testing/providers/web-push';
import type { KeptMessage } from './kept-message.ts';

/** All messages on one page that needs nothing else and runs nothing. */
export function inboxPage(messages: readonly KeptMessage[]): string {
  const count =
    messages.length === 0 ? 'None has been sent yet.' : `The last ${messages.length}, newest first.`;
  return page(
    `Messages: ${messages.length}`,
    `<h1>Messages</h1>
<p>What providers were given. E-mails by SMTP are in the mail inbox. Numbers and tokens of apps that end in 0000 cannot be reached; what goes to
addresses that begin with bounced or complained comes back, or is complained about, where EMAIL_PROVIDER is sendgrid or resend.</p>
<form method="post" action="/"><button>Subscribe a browser</button></form>
<p>${count} <a href="/">Look again</a> · <a href="/messages">as JSON</a></p>
<ol>
${messages.map(item).join('\n')}
</ol>`,
  );
}

/** What a browser that was played for somebody has to be registered with. */
export function browserPage({ endpoint, p256dh, auth }: WebPushSubscription): string {
  const body = { nome: 'Navegador de teste', inscricao: { endpoint, keys: { p256dh, auth } } };
  return page(
    'A browser has subscribed',
    `<h1>A browser has subscribed</h1>
<p>Its owner registers it with the platform by <code>POST /api/v1/notificacoes/dispositivos</code> and this body; what is sent there is
shown on <a href="/">the page of messages</a>, until the stand-ins are started again.</p>
<pre>${escapeHtml(JSON.stringify(body, null, 2))}</pre>`,
  );
}

const page = (title: string, main: string) => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; form-action 'self'">
<title>${title}</title>
<style>
${STYLE}
</style>
</head>
<body>
<main>
${main}
</main>
</body>
</html>
`;

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;margin:24px;color:#1d2939;background:#fff}
main{max-width:720px;margin:auto}
ol{list-style:none;padding:0}
li{border:1px solid #98a2b3;border-radius:8px;padding:12px 16px;margin:0 0 16px}
h2{font-size:16px;margin:0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:0 12px;margin:4px 0;color:#475467}
dd{margin:0;overflow-wrap:anywhere}
pre{white-space:pre-wrap;overflow-wrap:anywhere;border:1px solid #98a2b3;border-radius:8px;padding:12px 16px}
button{font:inherit;padding:6px 16px;border:1px solid #175cd3;border-radius:8px;background:#175cd3;color:#fff;cursor:pointer}
li form{margin:8px 0 0}input{font:inherit}
p.text{white-space:pre-wrap;overflow-wrap:anywhere;margin:8px 0 0}
a{color:#175cd3}
@media (prefers-color-scheme:dark){body{color:#f2f4f7;background:#101828}dl{color:#d0d5dd}a{color:#84caff}}`;

const NAMES = { EMAIL: 'E-mail', SMS: 'SMS', PUSH: 'Push', WEB_PUSH: 'Web Push' } as const;

function item({ channel, at, from, to, title, text, parts, files }: KeptMessage): string {
  const facts = [
    ['To', to],
    ['From', from],
    ['At', at],
    ...(channel === 'SMS' ? [['Parts', `${parts}`]] : []),
    ...(files.length > 0 ? [['Files', files.join(', ')]] : []),
  ].map(([name = '', value = '']) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`);
  return `<li>
<h2>${NAMES[channel]}${title === '' ? '' : `: ${escapeHtml(title)}`}</h2>
<dl>${facts.join('')}</dl>
<p class="text" dir="auto">${escapeHtml(text)}</p>
${channel === 'SMS' ? answerForm(to) : ''}</li>`;
}

/** What the owner of the number sends back. */
const answerForm = (number: string) => `<form method="post" action="/answers">
<input type="hidden" name="From" value="${escapeHtml(number)}">
<label>Answer <input name="Body" value="STOP" maxlength="160" required></label> <button>Send</button>
</form>
`;

const ENTITIES: Readonly<Record<string, string>> = {
  ...{ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' },
};

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
