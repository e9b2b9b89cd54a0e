import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '../../../..');
const PAGE = readFileSync(join(ROOT, 'docs/architecture/data.md'), 'utf8');

/** What a migration would do on the way back. */
const DOWN = /^ {2}async down\(.*?^ {2}\}/ms;

/** Tables that the migrations of a folder make and no later one takes away. */
function made(folder: string): string[] {
  const files = globSync(`${folder}/*-[0-9]*.ts`, { cwd: ROOT });
  const text = files.map((file) => readFileSync(join(ROOT, file), 'utf8').replace(DOWN, '')).join('\n');
  const tables = [...text.matchAll(/create table (?:if not exists )?(\w+)/gi)].map(
    ([, name]) => name as string,
  );
  const dropped = [...text.matchAll(/drop table (?:if exists )?(\w+)/gi)].map(([, name]) => name);
  return tables.filter((name) => !dropped.includes(name)).sort();
}

function documented(title: string): string[] {
  const section = PAGE.split(/^## /m).find((text) => text.startsWith(`${title}\n`)) ?? '';
  const [table = ''] = section.split(/^Guards of /m);
  return [...table.matchAll(/^\| `(\w+)` \| /gm)].map(([, name]) => name as string).sort();
}

describe('the page about data', () => {
  it('has every table of every database', () => {
    expect(documented('In every database')).toEqual(made('services/shared/runtime/src/migrations'));
  });

  it.each(['auth', 'reservas', 'pagamentos', 'notificacoes'])('has every table of %s', (service) => {
    expect(documented(service)).toEqual(made(`services/${service}/src/**/migrations`));
  });
});
