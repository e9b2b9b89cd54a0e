import type { BrowserPage } from './chromium.ts';
import { inspect } from './in-page.ts';

/** What is looked at: a small phone and a window wider than the layout ever gets, by day and by night. */
export const VIEWS = [320, 640].flatMap((width) =>
  (['light', 'dark'] as const).map((scheme) => ({ width, scheme })),
);

type View = (typeof VIEWS)[number];

/** Shows a page as a browser of that width and scheme does. */
export async function show(page: BrowserPage, html: string, { width, scheme }: View): Promise<void> {
  await page.send('Emulation.setDeviceMetricsOverride', {
    ...{ width, height: 900, deviceScaleFactor: 1, mobile: false },
  });
  const features = [{ name: 'prefers-color-scheme', value: scheme }];
  await page.send('Emulation.setEmulatedMedia', { features });
  const { frameTree } = (await page.send('Page.getFrameTree')) as { frameTree: { frame: { id: string } } };
  await page.send('Page.setDocumentContent', { frameId: frameTree.frame.id, html });
}

/** A picture of all of it, however long. */
export async function picture(page: BrowserPage): Promise<Buffer> {
  const { data } = await page.send('Page.captureScreenshot', { format: 'png', captureBeyondViewport: true });
  return Buffer.from(String(data), 'base64');
}

/** What is wrong with the page that is shown, as computed styles and boxes have it; empty when nothing is. */
export async function faultsOf(page: BrowserPage): Promise<readonly string[]> {
  const expression = `(${inspect.toString()})()`;
  const { result, exceptionDetails } = await page.send('Runtime.evaluate', {
    expression,
    returnByValue: true,
  });
  if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
  return (result as { value: string[] }).value;
}
