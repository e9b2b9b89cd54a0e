import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { type Acesso, isRead } from '@plataforma/runtime/rpc';
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

const letsPeopleIn = (acesso: Acesso) =>
  typeof acesso === 'string' ? acesso === 'AUTENTICADO' : acesso.papeis !== undefined;

/** What administrators may read of others in auth, and what its handlers record to have been read. */
function inAuth() {
  const readings = ACCESS.filter(({ servico, method, acesso }) => {
    if (servico !== 'auth' || typeof acesso === 'string' || !acesso.papeis?.includes('ADMIN')) return false;
    const ofOthers = acesso.respostas ? acesso.respostas.ADMIN === 'PODE' : true;
    return ofOthers && isRead(method);
  });
  const sources = globSync('services/auth/src/**/application/*.ts', { cwd: ROOT });
  const records = sources.flatMap((file) => {
    const text = readFileSync(join(ROOT, file), 'utf8');
    return [...text.matchAll(/'DADOS_CONSULTADOS'[^}]*detalhe: '(\w+)'/g)].map(([, rpc]) => rpc);
  });
  return { readings: readings.map(({ method }) => method.name).sort(), records: records.sort() };
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

  it('says of every RPC that people may call whose data it shows an administrator', () => {
    const silent = ACCESS.filter(({ acesso, mostra }) => mostra === undefined && letsPeopleIn(acesso));
    const names = silent.map(({ method }) => `${method.parent.typeName}/${method.name}`);
    expect(names.filter((name) => !name.startsWith('auth.v1.'))).toEqual([]);
  });

  it('has those RPCs of auth that show administrators others, and record it in their handlers', () => {
    const { readings, records } = inAuth();
    expect(readings).toEqual(['GetUser', 'ListErasures', 'ListSecurityEvents', 'ListUsers', 'ListarChaves']);
    expect(records).toEqual(readings);
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
