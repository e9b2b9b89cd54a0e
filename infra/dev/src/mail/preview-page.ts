import { partesDe } from '../../../../services/notificacoes/src/canais/domain/sms.ts';
import { createModelos } from '../../../../services/notificacoes/src/modelos/infrastructure/modelos.ts';
import { CARTAS, encurtar, escrever } from '../../../../services/notificacoes/test/support/cartas.ts';
import { remetente } from '../../../../services/notificacoes/test/support/samples.ts';

/** A small phone, and a window that is wider than the layout ever gets. */
const WIDTHS = [320, 640] as const;

type Letter = ReturnType<typeof escrever> & ReturnType<typeof encurtar> & { readonly titulo: string };

/** All letters that there are, on one page that needs nothing else and runs nothing. */
export function previewPage(): string {
  const modelos = createModelos(remetente);
  const letters = CARTAS.map((carta) => ({
    titulo: carta.titulo,
    ...escrever(modelos, carta, 'Ana Maria Souza'),
    ...encurtar(modelos, carta),
  }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>All messages</title>
<style>
${STYLE}
</style>
</head>
<body>
<h1>All messages: ${letters.length}</h1>
<label><input type="checkbox" id="dark"> dark scheme</label>
<nav><ol>
${letters.map(({ titulo }, n) => `<li><a href="#c${n}">${escapeHtml(titulo)}</a></li>`).join('\n')}
</ol></nav>
${letters.map(section).join('\n')}
</body>
</html>
`;
}

/** What a frame prefers is the scheme of the element that shows it (CSS Color Adjustment 1). */
const STYLE = `body{font-family:system-ui,sans-serif;margin:24px}
nav ol{columns:3 260px}
label{position:sticky;top:8px;background:#fff;padding:8px;border:1px solid #98a2b3}
.letter{display:flex;flex-wrap:wrap;gap:16px;align-items:flex-start}
iframe{height:720px;border:1px solid #98a2b3;color-scheme:light}
:root:has(#dark:checked) iframe{color-scheme:dark}
figure{width:300px;margin:0 0 12px;padding:10px 14px;border-radius:14px;overflow-wrap:anywhere;color-scheme:light;background:light-dark(#e9edf3,#2b313d);color:light-dark(#1d2939,#f5f5f6)}
figure p{margin:2px 0}
figcaption{font-size:12px;color:light-dark(#475467,#cecfd2)}
:root:has(#dark:checked) figure{color-scheme:dark}
pre{width:480px;margin:0;white-space:pre-wrap;overflow-wrap:anywhere}`;

function section({ titulo, assunto, html, texto, anexos, sms, curto }: Letter, n: number): string {
  const frames = WIDTHS.map(
    (width) =>
      `<iframe sandbox loading="lazy" width="${width}" title="${escapeHtml(titulo)}, ${width} pixels" srcdoc="${escapeHtml(html)}"></iframe>`,
  );
  const files = anexos.map(
    ({ nome, conteudo }) =>
      `<details><summary>${escapeHtml(nome)}</summary><pre>${escapeHtml(conteudo)}</pre></details>`,
  );
  return `<section id="c${n}">
<h2>${escapeHtml(titulo)}</h2>
<p><strong>${escapeHtml(assunto)}</strong></p>
<div class="letter">
${[...frames, `<pre>${escapeHtml(texto)}</pre>`].join('\n')}
<div>
${bubbles(sms, curto)}
</div>
</div>
${files.join('\n')}
</section>`;
}

/** As a telephone shows them. */
function bubbles(sms: Letter['sms'], { titulo, corpo, caminho }: Letter['curto']): string {
  const { codificacao, quantas } = partesDe(sms);
  const length = `SMS, ${[...sms].length} characters, ${codificacao}, ${quantas} ${quantas === 1 ? 'part' : 'parts'}`;
  return `<figure><figcaption>${length}</figcaption><p>${escapeHtml(sms)}</p></figure>
<figure><figcaption>Push${caminho === undefined ? '' : `, opens ${escapeHtml(caminho)}`}</figcaption><p><strong>${escapeHtml(titulo)}</strong></p><p>${escapeHtml(corpo)}</p></figure>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
