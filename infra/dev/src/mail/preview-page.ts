import { createModelos } from '../../../../services/notificacoes/src/modelos/infrastructure/modelos.ts';
import { CARTAS, escrever } from '../../../../services/notificacoes/test/support/cartas.ts';
import { remetente } from '../../../../services/notificacoes/test/support/samples.ts';

/** A small phone, and a window that is wider than the layout ever gets. */
const WIDTHS = [320, 640] as const;

type Letter = ReturnType<typeof escrever> & { readonly titulo: string };

/** All letters that there are, on one page that needs nothing else and runs nothing. */
export function previewPage(): string {
  const modelos = createModelos(remetente);
  const letters = CARTAS.map((carta) => ({
    titulo: carta.titulo,
    ...escrever(modelos, carta, 'Ana Maria Souza'),
  }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>All mails</title>
<style>
${STYLE}
</style>
</head>
<body>
<h1>All mails: ${letters.length}</h1>
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
pre{width:480px;margin:0;white-space:pre-wrap;overflow-wrap:anywhere}`;

function section({ titulo, assunto, html, texto, anexos }: Letter, n: number): string {
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
</div>
${files.join('\n')}
</section>`;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? '');
