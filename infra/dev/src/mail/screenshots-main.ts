import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { createModelos } from '../../../../services/notificacoes/src/modelos/infrastructure/modelos.ts';
import { CARTAS, escrever } from '../../../../services/notificacoes/test/support/cartas.ts';
import { remetente } from '../../../../services/notificacoes/test/support/samples.ts';
import { findChromium, openPage } from './chromium.ts';
import { faultsOf, picture, show, VIEWS } from './inspection.ts';

readCommandLine({
  name: 'mail:screenshots',
  help: `npm run mail:screenshots

Opens every mail that notificacoes can send in Chromium, 320 and 640 pixels wide, in the light and in the dark scheme, and looks for
what is wider than the page or cut off, for colours that cannot be read (WCAG 2.2: 4.5 to 1), and for images without words. Writes
the pictures into .plataforma/mail-screenshots. Needs Chromium (apt-get install chromium); says so, and does nothing, without it.`,
});

const chromium = findChromium();
if (chromium === undefined) {
  console.log('Left out: there is no Chromium on this machine (apt-get install chromium).');
  process.exit(0);
}

const folder = fileURLToPath(new URL('../../../../.plataforma/mail-screenshots/', import.meta.url));
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const modelos = createModelos(remetente);
const page = await openPage(chromium);
let wrong = 0;
try {
  for (const carta of CARTAS) {
    const { html } = escrever(modelos, carta, 'Ana Maria Souza');
    for (const view of VIEWS) {
      await show(page, html, view);
      const faults = await faultsOf(page);
      wrong += faults.length;
      for (const fault of faults) console.log(`${carta.titulo}, ${view.width} ${view.scheme}: ${fault}`);
      const name = `${carta.titulo.replace(/[^\p{L}\p{N}]+/gu, '-')}-${view.width}-${view.scheme}.png`;
      writeFileSync(`${folder}${name}`, await picture(page));
    }
  }
} finally {
  await page.close();
}
console.log(`${CARTAS.length * VIEWS.length} pictures in ${folder}: ${wrong || 'no'} faults`);
process.exitCode = wrong > 0 ? 1 : 0;
