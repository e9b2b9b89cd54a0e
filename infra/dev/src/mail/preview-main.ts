import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { previewPage } from './preview-page.ts';

readCommandLine({
  name: 'mail:preview',
  help: `npm run mail:preview

Writes every message that notificacoes can send, in each of its variants and with sample data, into .plataforma/mail-preview.html:
the mail as a phone and as a wide window show it, by day and by night, with subject, plain text and calendar file; the SMS with the parts
that it is paid for; the push notice. Prints where the page is.`,
});

const page = fileURLToPath(new URL('../../../../.plataforma/mail-preview.html', import.meta.url));
mkdirSync(dirname(page), { recursive: true });
writeFileSync(page, previewPage());
console.log(page);
