import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browsing, browse } from '@plataforma/dev/api-docs/browsing';
import { findChromium } from '@plataforma/dev/mail/chromium';
import { eventually } from '@plataforma/testing/eventually';
import type { Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

const chromium = findChromium();
const PATIENCE = { timeoutMs: 30_000, intervalMs: 100 };
const OPERATION = '#operations-UsersService-UsersService_GetMe';

(chromium === undefined ? describe.skip : describe)('the page about the API', () => {
  let platform: Platform;
  let page: Browsing;

  beforeAll(async () => {
    platform = await sharedPlatform();
    page = await browse(chromium ?? '', `${platform.edgeUrl}/docs`);
  }, 240_000);

  afterAll(() => page?.close());

  /** As soon as it is there. */
  const click = (selector: string) =>
    eventually(async () => {
      const clicked = `(() => {
        const found = document.querySelector('${selector}');
        found?.click();
        return found !== null;
      })()`;
      if (!(await page.evaluate<boolean>(clicked))) throw new Error(`there is no ${selector}`);
    }, PATIENCE);

  const text = (selector: string) =>
    page.evaluate<string>(`document.querySelector('${selector}')?.textContent ?? ''`);

  /** React hears of what is typed, not of what is set. */
  const type = (selector: string, typed: string) =>
    page.evaluate(`(() => {
      const input = document.querySelector('${selector}');
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(input, '${typed}');
      input.dispatchEvent(new Event('input', { bubbles: true }));
    })()`);

  it('lets a person authorise, try a call out, and see what the platform answers', async () => {
    const { id, token } = await platform.newCustomer();

    await click('button.authorize');
    await eventually(async () => {
      await type('.auth-container input', token);
    }, PATIENCE);
    await click('.auth-container button[type=submit]');
    await click('.auth-container .btn-done');

    await click('.opblock-tag[data-tag=UsersService]');
    await click(`${OPERATION} .opblock-summary-control`);
    await click(`${OPERATION} .try-out__btn`);
    await click(`${OPERATION} .execute`);
    const answer = `${OPERATION} .live-responses-table`;
    await eventually(
      async () => expect(await text(`${answer} tbody .response-col_status`)).toContain('200'),
      PATIENCE,
    );
    expect(await text(answer)).toContain(id);
    expect(await page.faults()).toEqual([]);
  }, 120_000);
});

if (chromium === undefined)
  it.skip('the page about the API is left out: there is no Chromium on this machine (apt-get install chromium)', () =>
    undefined);
