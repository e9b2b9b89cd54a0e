import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCESS, type AccessRow } from '@plataforma/dev/access/table';
import { isRead, methodName } from '@plataforma/runtime/rpc';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';
import { claimsOf, comPapeis } from './cena.ts';
import { chaveDe, DEFEITOS, type Materia } from './chave.ts';
import { abrirPortas, type Desfecho, type Porta } from './portas.ts';

const TODOS = ['CLIENTE', 'GESTOR', 'ADMIN'];

let platform: Platform;
let portas: Readonly<Record<string, Porta>>;
let fechar: () => void;
/** Where keys are offered that are not ours. */
let armadilha: Server;
let perguntas = 0;
let pessoa: Customer;
let materia: Materia;

beforeAll(async () => {
  platform = await sharedPlatform();
  ({ portas, fechar } = abrirPortas(platform));
  armadilha = createServer((_request, response) => {
    perguntas += 1;
    response.end('{"keys":[]}');
  }).listen(0, '127.0.0.1');
  await once(armadilha, 'listening');
  const url = `http://127.0.0.1:${(armadilha.address() as AddressInfo).port}/jwks.json`;
  pessoa = await comPapeis(platform, TODOS);
  const now = Math.floor(Date.now() / 1000);
  materia = { chave: await chaveDe(platform), bom: claimsOf(pessoa.token), armadilha: url, now };
}, 240_000);

afterAll(() => {
  fechar?.();
  armadilha?.close();
});

const AO_MESMO_TEMPO = 16;

/** Every RPC by each way that it has, with this token and nothing else. */
async function porToda(
  token: string,
  linhas: readonly AccessRow[],
  erro: (linha: AccessRow, desfecho: Desfecho, via: string) => boolean,
): Promise<string[]> {
  const erros: string[] = [];
  const calls = linhas.flatMap((linha) =>
    Object.entries(portas).map(([via, porta]) => ({ linha, via, porta })),
  );
  for (let i = 0; i < calls.length; i += AO_MESMO_TEMPO)
    await Promise.all(
      calls.slice(i, i + AO_MESMO_TEMPO).map(async ({ linha, via, porta }) => {
        const desfecho = await porta(linha, {}, token);
        if (desfecho && erro(linha, desfecho, via))
          erros.push(`${methodName(linha.method)} by ${via}: ${desfecho.codigo} ${desfecho.motivo}`);
      }),
    );
  return erros;
}

const fechadas = ACCESS.filter(({ acesso }) => acesso !== 'PUBLICO');
const deGente = fechadas.filter(({ acesso }) => typeof acesso === 'string' || acesso.papeis);

/** The gateway refuses tokens in its own words. */
const naoRecusado = (_: AccessRow, { codigo, motivo }: Desfecho, via: string) =>
  codigo !== 'Unauthenticated' || !(motivo === 'TOKEN_INVALIDO' || (via === 'rest' && motivo === ''));

const recusado = (_: AccessRow, { codigo }: Desfecho) =>
  codigo === 'Unauthenticated' || codigo === 'PermissionDenied';

it('a token with nothing wrong opens every read that people have', async () => {
  const leituras = deGente.filter(({ method }) => isRead(method));
  expect(leituras.length).toBeGreaterThan(10);
  expect(await porToda(pessoa.token, leituras, recusado)).toEqual([]);
});

describe('no RPC that asks for a token, and no way to it, takes one', () => {
  it.each(Object.entries(DEFEITOS))('%s', async (_, comDefeito) => {
    expect(await porToda(comDefeito(materia), fechadas, naoRecusado)).toEqual([]);
    expect(perguntas).toBe(0);
  });
});

it('nothing is done or told any more for an account that is suspended, by any service', async () => {
  const { token } = await platform.admin();
  const { status } = await platform.call(token, 'PATCH', `/api/v1/users/${pessoa.id}`, { ativo: false });
  expect(status).toBe(200);
  await eventually(async () => expect(await porToda(pessoa.token, deGente, naoRecusado)).toEqual([]), {
    timeoutMs: 60_000,
  });
}, 90_000);
