import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { ErasuresService } from '@plataforma/contratos/auth/v1/erasures_service_pb';
import { ACCESS, type AccessRow } from '@plataforma/dev/access/table';
import { eventually } from '@plataforma/testing/eventually';
import { openTransports } from '../access/transports.ts';
import type { Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

const PATIENTLY = { timeoutMs: 60_000 };
const ROW = ACCESS.find(({ method }) => method === ErasuresService.method.getErasureReport) as AccessRow;
/** REST calls members of enums without it. */
const PREFIXES = /"(?:SITUACAO_DO_APAGAMENTO|AUTOR_DA_REMOCAO|ACAO_SOBRE_DADOS)_/g;

interface Report {
  readonly protocolo: string;
  readonly usuarioId: string;
  readonly situacao: string;
  readonly por: string;
  readonly partes: ReadonlyArray<{ servico: string; itens: readonly unknown[] }>;
}

let platform: Platform;
let ways: ReturnType<typeof openTransports>;

beforeAll(async () => {
  platform = await sharedPlatform();
  ways = openTransports(platform);
}, 240_000);

afterAll(() => ways?.close());

/** What each way answers to whoever has this protocol, and no token. */
async function read(protocolo: string) {
  const { rest, connect, grpc } = ways.transports;
  const ask = async (way: typeof rest) => {
    const outcome = await way(ROW, { protocolo }, undefined);
    if (outcome === undefined) throw new Error('it cannot be called so');
    return outcome;
  };
  return { rest: await ask(rest), connect: await ask(connect), grpc: await ask(grpc) };
}

/** Kong's grpc-gateway writes instants in whole seconds. */
const inSeconds = (text: string) => text.replace(/(T[\d:]{8})\.\d+Z/g, '$1Z');

const reportIn = ({ text }: { readonly text: string }) => JSON.parse(text.replace(PREFIXES, '"')) as Report;

it('the report of an erasure is the same over REST, Connect and gRPC', async () => {
  const { id, token } = await platform.newCustomer();
  const { body } = await platform.call<{ protocolo: string }>(token, 'DELETE', '/api/v1/users/me', {
    password: 'Senha@123',
  });
  await eventually(async () => {
    const { rest } = await read(body.protocolo);
    if (reportIn(rest).situacao !== 'CONCLUIDO') throw new Error(`it is not done: ${rest.text}`);
  }, PATIENTLY);

  const { rest, connect, grpc } = await read(body.protocolo);
  const report = reportIn(grpc);
  expect(report).toMatchObject({ protocolo: body.protocolo, usuarioId: id, por: 'TITULAR' });
  expect(report.partes.map(({ servico }) => servico).sort()).toEqual([
    ...['auth', 'notificacoes', 'pagamentos', 'reservas'],
  ]);
  for (const { itens } of report.partes) expect(itens.length).toBeGreaterThan(0);
  expect(reportIn(connect)).toEqual(report);
  expect(reportIn(rest)).toEqual(reportIn({ text: inSeconds(grpc.text) }));
}, 120_000);

it('a protocol that was never given is the same refusal by each way', async () => {
  for (const { code, motivo } of Object.values(await read('A'.repeat(32))))
    expect([code, motivo]).toEqual(['NotFound', 'PROTOCOLO_NAO_ENCONTRADO']);
});

it('a mistyped protocol is told so, not asked for a token', async () => {
  const { rest } = await read('A'.repeat(31));
  expect(rest).toMatchObject({ code: '400', motivo: 'REQUISICAO_INVALIDA' });
});
