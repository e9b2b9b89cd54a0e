import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { startEdgeOfConfig } from '../edge/conformance/edge-of-config.ts';
import { findChromium } from '../mail/chromium.ts';
import { type Browsing, browse } from './browsing.ts';
import { kongYml } from './kong-yml.ts';
import { type ApiDocsServer, startApiDocs } from './server.ts';

const ROOT = join(import.meta.dirname, '../../../..');

interface Document {
  readonly tags: ReadonlyArray<{ readonly name: string }>;
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly tags: readonly string[] }>>>>;
}

const DOCUMENT = readFileSync(join(ROOT, 'gen/openapi/plataforma.json'), 'utf8');
const { tags, paths } = JSON.parse(DOCUMENT) as Document;

let server: ApiDocsServer;
let edge: Awaited<ReturnType<typeof startEdgeOfConfig>>;

beforeAll(async () => {
  server = await startApiDocs({ host: '127.0.0.1', port: 0 });
  edge = await startEdgeOfConfig(kongYml(`127.0.0.1:${server.port}`), join(ROOT, 'gen/kong'));
});

afterAll(async () => {
  await edge?.close();
  await server?.stop();
});

const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') =>
  fetch(edge.baseUrl + path, { method, headers });

describe('the gateway', () => {
  it('serves the joined document as it was generated', async () => {
    const answer = await ask('/openapi.json');
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(await answer.text()).toBe(DOCUMENT);
  });

  it.each(['/docs', '/docs/'])('serves a page at %s that needs nothing from elsewhere', async (path) => {
    const answer = await ask(path);
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const html = await answer.text();
    expect(html).not.toMatch(/https?:|<style|<script>|\son\w+=/);
    const parts = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, part = '']) => part);
    expect(parts).toHaveLength(4);
    for (const part of parts) {
      const file = await ask(part);
      expect([part, file.status, file.headers.get('x-content-type-options')]).toEqual([part, 200, 'nosniff']);
      expect((await file.arrayBuffer()).byteLength).toBeGreaterThan(0);
    }
  });

  it('lets the page run nothing but its own scripts, and sets no cookie', async () => {
    const { headers } = await ask('/docs');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('set-cookie')).toBeNull();
  });

  it('sends what has not changed only once, and compressed to who can read that', async () => {
    const plain = await ask('/openapi.json', { 'accept-encoding': 'identity' });
    const small = await ask('/openapi.json', { 'accept-encoding': 'br;q=0.5, gzip' });
    expect([plain.headers.get('content-encoding'), small.headers.get('content-encoding')]).toEqual([
      null,
      'gzip',
    ]);
    expect(await small.text()).toBe(await plain.text());
    expect(Number(small.headers.get('content-length'))).toBeLessThan(DOCUMENT.length / 4);
    const again = await ask('/openapi.json', { 'if-none-match': small.headers.get('etag') ?? '' });
    expect([again.status, await again.text()]).toEqual([304, '']);
    const head = await ask('/openapi.json', {}, 'HEAD');
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  it('has nothing else there', async () => {
    for (const path of ['/docs/package.json', '/docs/..%2Fpackage.json', '/docs/swagger-ui.js'])
      expect((await ask(path)).status).toBe(404);
    const posted = await fetch(`http://127.0.0.1:${server.port}/docs`, { method: 'POST', body: 'a' });
    expect([posted.status, posted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
  });
});

const chromium = findChromium();

(chromium === undefined ? describe.skip : describe)('the page in Chromium', () => {
  let page: Browsing;

  beforeAll(async () => {
    page = await browse(chromium ?? '', `${edge.baseUrl}/docs`);
  });

  afterAll(() => page?.close());

  const count = (selector: string) =>
    page.evaluate<number>(`document.querySelectorAll('${selector}').length`);

  it('shows every operation of every group, and nothing goes wrong in it', async () => {
    await eventually(async () => expect(await count('.opblock-tag')).toBe(tags.length), {
      timeoutMs: 20_000,
    });
    const operations = Object.values(paths).flatMap((path) => Object.values(path));
    for (const { name } of tags) {
      const click = `document.querySelector('.opblock-tag[data-tag=${name}]').click()`;
      const own = operations.filter((operation) => operation.tags.includes(name));
      await page.evaluate(click);
      await eventually(async () => expect([name, await count('.opblock')]).toEqual([name, own.length]), {
        timeoutMs: 20_000,
      });
      await page.evaluate(click);
      await eventually(async () => expect(await count('.opblock')).toBe(0), { timeoutMs: 20_000 });
    }
    expect(await page.faults()).toEqual([]);
  });

  it('asks nobody but the gateway, and keeps nothing', async () => {
    const asked = await page.evaluate<string[]>(
      `performance.getEntriesByType('resource').map(({ name }) => new URL(name).origin)`,
    );
    expect(new Set(asked)).toEqual(new Set([edge.baseUrl]));
    const kept = 'document.cookie + localStorage.length + sessionStorage.length';
    expect(await page.evaluate(kept)).toBe('00');
  });
});

if (chromium === undefined)
  it.skip('the page in Chromium is left out: there is none on this machine (apt-get install chromium)', () =>
    undefined);
