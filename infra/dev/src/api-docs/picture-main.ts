import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { readCommandLine } from '@plataforma/runtime/command-line';
import { eventually } from '@plataforma/testing/eventually';
import { findChromium, openPage } from '../mail/chromium.ts';
import { runningStack, VerbError } from '../plataforma/running-stack.ts';

readCommandLine({
  name: 'docs:picture',
  help: `npm run docs:picture

Opens the page about the API of the running stack in Chromium, at the operation that books, and writes what is seen into
docs/images/api-docs.png. Needs Chromium (apt-get install chromium); says so, and does nothing, without it.`,
});

const PICTURE = fileURLToPath(new URL('../../../../docs/images/api-docs.png', import.meta.url));
const TAG = '.opblock-tag[data-tag=ReservasService]';
const OPERATION = '#operations-ReservasService-ReservasService_CriarReserva';
const SIZE = { width: 1_180, height: 1_150, deviceScaleFactor: 1, mobile: false };
const PATIENCE = { timeoutMs: 30_000, intervalMs: 100 };

async function take(chromium: string): Promise<void> {
  const { url } = await runningStack();
  const page = await openPage(chromium, '127.0.0.1');
  const evaluate = async (expression: string) =>
    ((await page.send('Runtime.evaluate', { expression, returnByValue: true })).result as { value: unknown })
      .value;
  const untilDone = (expression: string) =>
    eventually(async () => {
      if ((await evaluate(expression)) !== true) throw new Error(`the page has no ${expression}`);
    }, PATIENCE);
  const click = (selector: string) =>
    untilDone(
      `(() => { const found = document.querySelector('${selector}'); found?.click(); return found !== null; })()`,
    );
  try {
    await page.send('Emulation.setDeviceMetricsOverride', SIZE);
    await page.send('Page.enable');
    await page.send('Page.navigate', { url: `${url}/docs` });
    await click(TAG);
    await click(`${OPERATION} .opblock-summary-control`);
    await untilDone(`document.querySelector('${OPERATION} .opblock-body .responses-wrapper') !== null`);
    await evaluate(`document.querySelector('${OPERATION}').scrollIntoView()`);
    const { data } = await page.send('Page.captureScreenshot', { format: 'png' });
    writeFileSync(PICTURE, Buffer.from(String(data), 'base64'));
    console.log(`written: ${PICTURE}`);
  } finally {
    await page.close();
  }
}

const chromium = findChromium();
if (chromium === undefined)
  console.log('Left out: there is no Chromium on this machine (apt-get install chromium).');
else
  await take(chromium).catch((error: unknown) => {
    if (!(error instanceof VerbError)) throw error;
    console.error(`docs:picture: ${error.message}`);
    process.exitCode = 1;
  });
