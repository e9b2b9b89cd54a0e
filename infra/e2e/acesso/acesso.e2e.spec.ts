import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCESS, type AccessRow } from '@plataforma/dev/access/table';
import { methodName } from '@plataforma/runtime/rpc';
import type { Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';
import { type Cena, montarCena, NADA } from './cena.ts';
import { type Chave, chaveDe } from './chave.ts';
import { PEDIDOS } from './pedidos.ts';
import { abrirPortas, type Porta } from './portas.ts';
import { esperado, quemChama } from './quem.ts';
import { erroDe, vazamento } from './veredito.ts';

let platform: Platform;
let cena: Cena;
let chave: Chave;
let portas: Readonly<Record<string, Porta>>;
let fechar: () => void;

beforeAll(async () => {
  platform = await sharedPlatform();
  [cena, chave] = await Promise.all([montarCena(platform), chaveDe(platform)]);
  ({ portas, fechar } = abrirPortas(platform));
}, 240_000);

afterAll(() => fechar?.());

const linhas = new Map(ACCESS.map((linha) => [methodName(linha.method), linha]));

/** In the order of the requests: what a later one needs is still there. */
const passeio = Object.keys(PEDIDOS).map((nome) => [nome, linhas.get(nome) as AccessRow] as const);

/** Calls by each way that the RPC has, all at once, and says what was not as it should. */
async function porCadaPorta(call: (porta: Porta, nome: string) => Promise<string | undefined>) {
  const erros = await Promise.all(
    Object.entries(portas).map(async ([nome, porta]) => {
      const erro = await call(porta, nome);
      return erro && `${nome}: ${erro}`;
    }),
  );
  return erros.filter((erro) => erro !== undefined);
}

it('the walk comes by every RPC of the table, and by no other', () => {
  expect(passeio.map(([nome]) => nome).sort()).toEqual([...linhas.keys()].sort());
});

describe('who calls is answered as the table says, over gRPC, Connect and REST', () => {
  it.each(passeio)('%s', async (nome, linha) => {
    const pedido = PEDIDOS[nome]?.(cena.objetos) ?? {};
    const erros: string[] = [];
    // Those who may come last: they change things.
    const todos = quemChama(cena, chave, linha.servico).map((quem) => ({
      quem,
      deve: esperado(linha, quem),
    }));
    const call = ({ quem, deve }: (typeof todos)[number]) =>
      porCadaPorta(async (porta, via) => {
        const desfecho = await porta(linha, pedido, quem.token);
        if (desfecho === undefined) return undefined;
        const erro = erroDe(linha, deve, desfecho, { ...cena, naBorda: via === 'rest' });
        const contado = quem.servico === undefined && vazamento(quem, cena, pedido, desfecho);
        return erro || contado ? `${quem.nome}: ${erro || contado}` : undefined;
      });
    const recusados = todos.filter(({ deve }) => deve !== 'PODE');
    for (const lista of await Promise.all(recusados.map(call))) erros.push(...lista);
    for (const um of todos.filter(({ deve }) => deve === 'PODE')) erros.push(...(await call(um)));
    expect(erros).toEqual([]);
  });
});

const escondidos = passeio.filter(
  ([, { acesso }]) => typeof acesso !== 'string' && acesso.respostas?.OUTROS === 'NAO_ENCONTRADO',
);

it.each(escondidos)('%s answers others about what is there as about what is not', async (nome, linha) => {
  const { rest } = portas;
  const ask = (objetos: Cena['objetos']) =>
    rest?.(linha, PEDIDOS[nome]?.(objetos) ?? {}, cena.estranho.token);
  expect(await ask(cena.objetos)).toEqual(await ask({ ...cena.objetos, ...NADA }));
});

it('no way leads from outside to the tokens of services', async () => {
  const url = `${platform.edgeUrl}/auth.v1.ServiceTokensService/IssueServiceToken`;
  const response = await fetch(url, {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json' },
  });
  expect(response.status).toBe(404);
});
