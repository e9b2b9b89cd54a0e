import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { methodName } from '@plataforma/runtime/rpc';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { TestTokenOptions } from '@plataforma/testing/test-tokens';
import { type PagamentosUnderTest, startPagamentos } from './pagamentos-under-test.ts';

const QUEM: Readonly<Record<string, TestTokenOptions>> = {
  cliente: { sub: 'cli_1', papeis: ['CLIENTE'] },
  gestor: { sub: 'cli_2', papeis: ['GESTOR'] },
  admin: { sub: 'cli_3', papeis: ['ADMIN'] },
  reservas: { sub: 'reservas', tipo: 'servico' },
  notificacoes: { sub: 'notificacoes', tipo: 'servico' },
  auth: { sub: 'auth', tipo: 'servico' },
};

const PESSOAS = ['cliente', 'gestor', 'admin'];

const PODEM: Readonly<Record<string, readonly string[]>> = {
  CriarCobranca: ['admin', 'reservas'],
  UsarCreditos: ['reservas'],
  ObterPagamento: [...PESSOAS, 'reservas'],
  ListarTransacoes: PESSOAS,
  ObterExtrato: PESSOAS,
  ObterTotais: ['admin'],
  ListarEventos: ['admin'],
  EstornarPagamento: ['admin'],
  ObterCreditos: PESSOAS,
  ExportarDados: ['auth'],
};

let system: PagamentosUnderTest;

beforeAll(async () => {
  system = await startPagamentos({ clock: new FixedClock('2026-11-24T12:00:00Z') });
});

afterAll(() => system.stop());

const recusa = async (response: Response) =>
  /NAO_AUTENTICADO|ACESSO_NEGADO/.exec(await response.text())?.[0] ?? '';

async function chamar(rpc: string, quem?: TestTokenOptions): Promise<string> {
  const token = quem && { authorization: `Bearer ${await system.tokenFor(quem)}` };
  const headers = { 'content-type': 'application/json', ...token };
  const url = `http://127.0.0.1:${system.httpPort}/${rpc}`;
  return recusa(await fetch(url, { method: 'POST', headers, body: '{}' }));
}

describe('pagamentos', () => {
  it('has an answer for whom it is meant for, RPC by RPC, and for nobody without a token', async () => {
    const rpcs = system.parts.services.flatMap(({ methods }) =>
      methods.map(({ spec }) => methodName(spec.method)),
    );
    const podem: Record<string, string[]> = {};
    for (const rpc of rpcs) {
      expect([rpc, await chamar(rpc)]).toEqual([rpc, 'NAO_AUTENTICADO']);
      const deixados: string[] = [];
      for (const [nome, quem] of Object.entries(QUEM))
        if ((await chamar(rpc, quem)) === '') deixados.push(nome);
      podem[rpc.replace(/^.*\//, '')] = deixados;
    }
    expect(podem).toEqual(PODEM);
  });

  it('has its movements as a file for people only', async () => {
    const csv = async (quem?: TestTokenOptions) => recusa(await system.get('/api/v1/transacoes.csv', quem));
    expect(await csv()).toBe('NAO_AUTENTICADO');
    expect(await csv(QUEM.reservas)).toBe('ACESSO_NEGADO');
    for (const pessoa of PESSOAS) expect(await csv(QUEM[pessoa])).toBe('');
  });
});
