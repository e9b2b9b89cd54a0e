import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { CANARIO } from '../../../../services/auth/src/chaves/infrastructure/http-canary.ts';
import { ACCESS_PAGE, pageWithTable } from '../access/page.ts';
import { ACCESS, ROUTES } from '../access/table.ts';

const ROOT = join(import.meta.dirname, '../../../..');

/** `auth.v1.AuthService/Signup`, for every RPC that the contracts have. */
function inTheContracts(): string[] {
  return globSync('proto/*/v1/*_service.proto', { cwd: ROOT }).flatMap((file) => {
    const proto = readFileSync(join(ROOT, file), 'utf8');
    const service = `${/^package (\S+);/m.exec(proto)?.[1]}.${/^service (\w+) /m.exec(proto)?.[1]}`;
    return [...proto.matchAll(/^ {2}rpc (\w+)\(/gm)].map(([, rpc]) => `${service}/${rpc}`);
  });
}

describe('the table of who may call what', () => {
  it('has every RPC of the contracts', () => {
    const rows = ACCESS.map(({ method }) => `${method.parent.typeName}/${method.name}`);
    expect(rows.sort()).toEqual(inTheContracts().sort());
  });

  it('has every plain route: none says its address elsewhere', () => {
    const sources = globSync('services/{auth,reservas,pagamentos,notificacoes}/src/**/*.ts', { cwd: ROOT });
    const routes = sources
      .filter((file) => !file.endsWith('.spec.ts'))
      .map((file) => ({ file, text: readFileSync(join(ROOT, file), 'utf8') }))
      .filter(({ text }) => /\): HttpRoute\b/.test(text));
    expect(routes.length).toBeGreaterThan(0);
    for (const { file, text } of routes)
      expect([file, text]).toEqual([file, expect.stringMatching(/^ {4}\.\.\.[A-Z_]+,$/m)]);
    expect(new Set(ROUTES.map(({ path }) => path)).size).toBe(routes.length + 3);
  });

  it('lets the canary in nowhere: its token goes to whatever address is configured', () => {
    const named = [...ACCESS, ...ROUTES].flatMap(({ acesso }) =>
      typeof acesso === 'string' ? [] : (acesso.servicos ?? []),
    );
    expect(named).toContain('auth');
    expect(named).not.toContain(CANARIO);
  });

  it('is in the page as the services have it: `npm run access` writes it', () => {
    expect(readFileSync(ACCESS_PAGE, 'utf8')).toBe(pageWithTable());
  });
});
