import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { type PagamentosUnderTest, startPagamentos } from './pagamentos-under-test.ts';

/* What administrators are shown of other people is recorded before they see it (ADR-056). */

const CHEFE = { sub: 'cli_chefe', papeis: ['ADMIN'] };
const clock = new FixedClock('2026-11-24T12:00:00Z');

let system: PagamentosUnderTest;
let chefe: ReturnType<PagamentosUnderTest['clientFor']>;

beforeAll(async () => {
  system = await startPagamentos({ clock });
  chefe = system.clientFor(CHEFE);
});

beforeEach(() => clock.advance(60_000));

afterAll(() => system?.stop());

/** Whose data the administrator was shown, and by which RPC. */
async function consultas(autorId = CHEFE.sub): Promise<string[][]> {
  const rows: Array<{ payload: Record<string, string> }> = await system.dataSource.query(
    `select payload from outbox
     where assunto = 'pagamentos.v1.DadosConsultados' and payload->>'autorId' = $1 and agregado_versao = $2
     order by posicao`,
    [autorId, Math.floor(clock.now().getTime() / 60_000)],
  );
  return rows.map(({ payload }) => [
    payload.usuarioId ?? 'TODOS',
    payload.rpc?.replace(/.*Service\//, '') ?? '',
  ]);
}

let pessoas = 0;

/** The payment of somebody who has no other one. */
async function pago() {
  const clienteId = `cli_pagador${++pessoas}`;
  const pedido = system.pedido(clienteId);
  const servico = system.clientFor({ sub: 'reservas', tipo: 'servico' });
  const { id: pagamentoId } = await servico.criarCobranca(pedido);
  await system.pagar(pagamentoId);
  return { clienteId, pagamentoId, pedido };
}

type Coisa = Awaited<ReturnType<typeof pago>>;

describe('payments of others', () => {
  const rpcs: ReadonlyArray<readonly [string, (coisa: Coisa) => Promise<unknown>]> = [
    ['ObterPagamento', ({ pagamentoId }) => chefe.obterPagamento({ pagamentoId })],
    ['ListarEventos', ({ pagamentoId }) => chefe.listarEventos({ pagamentoId })],
    ['ListarTransacoes', ({ clienteId }) => chefe.listarTransacoes({ clienteId })],
    ['ListarTransacoes', ({ pagamentoId }) => chefe.listarTransacoes({ pagamentoId })],
    ['ObterExtrato', ({ clienteId }) => chefe.obterExtrato({ clienteId })],
    ['ObterTotais', ({ clienteId }) => chefe.obterTotais({ clienteId })],
    ['ObterCreditos', ({ clienteId }) => chefe.obterCreditos({ clienteId })],
    ['CriarCobranca', ({ pedido }) => chefe.criarCobranca({ ...pedido, guardarCreditos: true })],
    ['EstornarPagamento', ({ pagamentoId }) => chefe.estornarPagamento({ pagamentoId, motivo: 'cortesia' })],
  ];

  it.each(rpcs)('are recorded when an administrator sees them by %s', async (rpc, ver) => {
    const coisa = await pago();
    await ver(coisa);
    expect(await consultas()).toEqual([[coisa.clienteId, rpc]]);
  });

  const CSV = '/api/v1/transacoes.csv';

  it.each([
    ['of one person', 'clienteId', 'clienteId', false],
    ['of one payment', 'pagamentoId', 'pagamentoId', false],
    ['of everybody', 'dataInicio', undefined, true],
  ] as const)('are recorded when they leave as a file: %s', async (_, filtro, campo, todos) => {
    const coisa = await pago();
    const valor = campo ? coisa[campo] : '2026-01-01T00:00:00Z';
    const response = await system.get(`${CSV}?${filtro}=${valor}`, CHEFE);
    expect(response.status).toBe(200);
    expect(await consultas()).toEqual([[todos ? 'TODOS' : coisa.clienteId, `GET ${CSV}`]]);
    expect(await response.text()).toContain(coisa.clienteId);
  });

  it('of several people at once are recorded as of all', async () => {
    await pago();
    await chefe.listarTransacoes({ pageSize: 100 });
    expect(await consultas()).toEqual([['TODOS', 'ListarTransacoes']]);
  });

  it('are not shown where the look cannot be recorded, nor begun as a file', async () => {
    const { pagamentoId, clienteId } = await pago();
    const dono = system.clientFor({ sub: clienteId, papeis: ['CLIENTE'] });
    await system.dataSource.query(`
      create function recusar() returns trigger language plpgsql as 'begin raise exception ''recusado''; end';
      create trigger recusar before insert on outbox for each row execute function recusar()`);
    try {
      await expect(chefe.obterPagamento({ pagamentoId })).rejects.toMatchObject({ code: Code.Internal });
      expect((await system.get(`${CSV}?clienteId=${clienteId}`, CHEFE)).status).toBe(500);
      expect((await dono.obterPagamento({ pagamentoId })).clienteId).toBe(clienteId);
    } finally {
      await system.dataSource.query('drop trigger recusar on outbox; drop function recusar()');
    }
  });
});

describe('nothing is recorded', () => {
  it('of sums of everybody, of what people see of themselves, and of what services ask', async () => {
    const { clienteId, pagamentoId } = await pago();
    const dono = { sub: clienteId, papeis: ['CLIENTE'] };
    await system.clientFor(dono).obterPagamento({ pagamentoId });
    await system.clientFor(dono).obterExtrato({});
    await (await system.get('/api/v1/transacoes.csv', dono)).text();
    await system.clientFor({ sub: 'reservas', tipo: 'servico' }).obterPagamento({ pagamentoId });
    await chefe.obterTotais({});
    await chefe.obterExtrato({});
    await chefe.obterCreditos({});
    expect(await consultas()).toEqual([]);
    expect(await consultas(clienteId)).toEqual([]);
    expect(await consultas('reservas')).toEqual([]);
  });
});
