import { openPage } from '../mail/chromium.ts';

/** A page of this machine, open in a browser that can reach nothing else. */
export interface Browsing {
  /** What an expression comes to in the page. */
  evaluate<T>(expression: string): Promise<T>;
  /** Everything that went wrong in the page so far: errors, what did not load, what the page forbids itself. */
  faults(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** In the page, before anything of its own. */
const WATCH = `
window.faults = [];
const told = console.error;
console.error = (...words) => {
  window.faults.push(words.join(' '));
  told(...words);
};
addEventListener('error', ({ message, target }) => window.faults.push(message || target.src || target.href), true);
addEventListener('unhandledrejection', ({ reason }) => window.faults.push(String(reason)));
addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI, sourceFile, lineNumber }) =>
  window.faults.push([violatedDirective, blockedURI, sourceFile, lineNumber].join(' ')));
`;

/** Opens an address of 127.0.0.1. */
export async function browse(chromium: string, url: string): Promise<Browsing> {
  const page = await openPage(chromium, '127.0.0.1');
  const evaluate = async <T>(expression: string): Promise<T> => {
    const { result, exceptionDetails } = await page.send('Runtime.evaluate', {
      expression,
      returnByValue: true,
    });
    if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
    return (result as { value: T }).value;
  };
  try {
    await page.send('Page.enable');
    await page.send('Page.addScriptToEvaluateOnNewDocument', { source: WATCH });
    await page.send('Page.navigate', { url });
  } catch (error) {
    await page.close();
    throw error;
  }
  return { evaluate, faults: () => evaluate('window.faults'), close: () => page.close() };
}
