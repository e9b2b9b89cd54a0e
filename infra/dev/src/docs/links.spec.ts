import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../../..');
const PAGES = execFileSync('git', ['ls-files', '*.md'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n');

const CODE_BLOCK = /^```.*?^```/gms;
const LINK = /\]\(([^)\s]+)\)/g;
const ELSEWHERE = /^[a-z]+:/;

/** Links of a page that lead to no file of the repository, or to no heading of the page they name. */
function broken(page: string, text: string): string[] {
  const links = [...text.replace(CODE_BLOCK, '').matchAll(LINK)].map(([, link = '']) => link);
  return links.filter((link) => !ELSEWHERE.test(link) && !leadsSomewhere(page, link));
}

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : normalize(join(dirname(page), path));
  if (!existsSync(join(ROOT, target))) return false;
  return anchor === undefined || !target.endsWith('.md') || anchors(target).includes(anchor);
}

/** As GitHub makes them of the headings. */
function anchors(page: string): string[] {
  const headings = readFileSync(join(ROOT, page), 'utf8').matchAll(/^#+ (.+)$/gm);
  return [...headings].map(([, text = '']) =>
    text
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}_\- ]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

describe('links between the pages', () => {
  it.each(PAGES)('%s leads only to files and headings that are there', (page) => {
    expect(broken(page, readFileSync(join(ROOT, page), 'utf8'))).toEqual([]);
  });

  it('are found broken when a file or a heading is missing', () => {
    const text = '[a](none.md) [b](README.md#none) [c](README.md#map) [d](https://example.com) [e](docs)';
    expect(broken('README.md', text)).toEqual(['none.md', 'README.md#none']);
  });
});

describe('a table of the pages', () => {
  it.each(PAGES)('%s has no row twice', (page) => {
    const rows = readFileSync(join(ROOT, page), 'utf8')
      .split('\n')
      .filter((line) => line.startsWith('| '));
    const keys = rows.filter((row) => /^\| (\[|`[a-z]+\.v1\.)/.test(row)).map((row) => row.split(' | ')[0]);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  });
});
