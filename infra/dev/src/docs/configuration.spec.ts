import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { Field } from '@plataforma/runtime/config';
import { commonFields } from '@plataforma/runtime/service-config';

const ROOT = join(import.meta.dirname, '../../../..');
const PAGE = readFileSync(join(ROOT, 'docs/architecture/configuration.md'), 'utf8');
const COMMON = Object.values(commonFields).map(({ name }) => name);

/** Name and default of each variable, as the page has to write them. */
function read(fields: Readonly<Record<string, Field<unknown>>>): string[] {
  return Object.values(fields).map((field) => `${field.name}: ${defaultOf(field)}`);
}

function defaultOf({ optional, fallback }: Field<unknown>): string {
  if (optional) return '–';
  if (fallback === undefined) return 'needed';
  return Array.isArray(fallback) && fallback.length === 0 ? 'none' : `\`${fallback}\``;
}

function documented(title: string): string[] {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
  const rows = section.matchAll(/^\| `([A-Z_]+)` \| (.+?) \| .*\|$/gm);
  return [...rows].map(([, name, fallback]) => `${name}: ${fallback}`);
}

describe('the page about configuration', () => {
  it('has every variable that all services read, and no other', () => {
    expect(documented('Every service')).toEqual(read(commonFields));
  });

  it.each(['auth', 'reservas', 'pagamentos', 'notificacoes'])(
    'has every variable that only %s reads, and no other',
    async (service) => {
      const { fields } = await import(join(ROOT, 'services', service, 'src/config.ts'));
      const own = read(fields).filter((line) => !COMMON.some((name) => line.startsWith(`${name}:`)));
      expect(documented(service)).toEqual(own);
    },
  );
});
