import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RestClient } from '@plataforma/dev/demo/rest-client';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

/** Two messages on the way, each of which may have to be delivered again after 30 s, and a sweep. */
const PATIENTLY = { timeoutMs: 90_000 };

let platform: Platform;
let admin: RestClient;
let adminToken: string;

beforeAll(async () => {
  platform = await sharedPlatform();
  ({ token: adminToken, rest: admin } = await platform.admin());
}, 120_000);

interface Extrato {
  readonly saldoInicial: Saldos;
  readonly saldoFinal: Saldos;
  readonly linhas: ReadonlyArray<{
    readonly transacao: { readonly tipo: string; readonly reservaId: string };
    readonly movimento: Dinheiro;
    readonly saldo: Saldos;
  }>;
  readonly totais: ReadonlyArray<{ tipo: string; quantidade: number; valor: Dinheiro }>;
  readonly nextPageToken?: string;
}

interface Dinheiro {
  readonly centavos: number;
}

interface Saldos {
  readonly pago: Dinheiro;
}

describe('the money of a customer, over REST', () => {
  let customer: Customer;
  let first: ReservaRest;
  let second: ReservaRest;

  const refunded = (pagamentoId = '') =>
    eventually(async () => {
      const { body } = await admin.get<{ status: string }>(`/api/v1/pagamentos/${pagamentoId}`);
      expect(body.status).toBe('ESTORNADO');
    }, PATIENTLY);

  beforeAll(async () => {
    customer = await platform.newCustomer();
    first = await platform.paid(customer);
    second = await platform.paid(customer);
    await customer.rest.post(`/api/v1/reservas/${second.id}/cancelar`, { motivo: 'x' });
    await refunded(second.pagamentoId);
  }, 300_000);

  it('is told as a statement with balances, page by page', async () => {
    const { body } = await customer.rest.get<Extrato>('/api/v1/extrato?pageSize=2');
    const total = first.valor.centavos + second.valor.centavos;
    // REST leaves zeros out.
    expect(body.saldoInicial.pago).toEqual({ centavos: 0, moeda: 'BRL' });
    expect(body.linhas.map(({ transacao, saldo }) => [transacao.reservaId, saldo.pago.centavos])).toEqual([
      [first.id, first.valor.centavos],
      [second.id, total],
    ]);
    const next = `/api/v1/extrato?pageSize=2&pageToken=${body.nextPageToken}`;
    const { body: fim } = await customer.rest.get<Extrato>(next);
    expect(fim.linhas).toMatchObject([
      {
        transacao: { tipo: 'ESTORNO', reservaId: second.id },
        movimento: { centavos: -second.valor.centavos },
        saldo: { pago: { centavos: first.valor.centavos } },
      },
    ]);
    expect(fim.saldoFinal.pago.centavos).toBe(first.valor.centavos);
    expect(fim.totais).toMatchObject([
      { tipo: 'CAPTURA', quantidade: 2, valor: { centavos: total } },
      { tipo: 'ESTORNO', quantidade: 1, valor: { centavos: second.valor.centavos } },
    ]);
    const { body: seen } = await admin.get<Extrato>(`/api/v1/extrato?clienteId=${customer.id}`);
    expect(seen.linhas).toHaveLength(3);
  }, 60_000);

  it('is added up by month for administrators', async () => {
    const totais = `/api/v1/transacoes/totais?granularidade=MES&clienteId=${customer.id}&tipo=CAPTURA`;
    const { body } = await admin.get<{ totais: unknown[]; fusoHorario: string }>(totais);
    expect(body).toMatchObject({ fusoHorario: 'America/Sao_Paulo', totais: [{ quantidade: 2 }] });
    await expect(customer.rest.get(totais)).rejects.toMatchObject({ status: 403 });
    await expect(admin.get(`${totais}&fusoHorario=Lua`)).rejects.toMatchObject({
      status: 400,
      body: { reason: 'FUSO_INVALIDO' },
    });
  });

  it('is exported as CSV through the edge, with a token only', async () => {
    const csv = (query: string, headers: Record<string, string>) =>
      fetch(`${platform.edgeUrl}/api/v1/transacoes.csv${query}`, {
        headers,
        signal: AbortSignal.timeout(15_000),
      });
    const own = await csv('', { authorization: `Bearer ${customer.token}` });
    expect([own.status, own.headers.get('content-type')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
    ]);
    const linhas = (await own.text()).split('\r\n');
    expect(linhas[0]).toBe('id,ocorrida_em,tipo,valor,moeda,pagamento_id,reserva_id,cliente_id');
    expect(linhas.slice(1, -1).map((linha) => linha.split(',').slice(2, 4))).toEqual([
      ['ESTORNO', (second.valor.centavos / 100).toFixed(2)],
      ['CAPTURA', (second.valor.centavos / 100).toFixed(2)],
      ['CAPTURA', (first.valor.centavos / 100).toFixed(2)],
    ]);
    const filtered = await csv(`?clienteId=${customer.id}&tipo=ESTORNO`, {
      authorization: `Bearer ${adminToken}`,
    });
    expect((await filtered.text()).split('\r\n')).toHaveLength(3);
    expect((await csv('', {})).status).toBe(401);
    expect((await csv('?tipo=TROCO', { authorization: `Bearer ${adminToken}` })).status).toBe(400);
  });

  it('can be read as it was at every step, from its events', async () => {
    const path = `/api/v1/pagamentos/${second.pagamentoId}`;
    const before: string[] = [];
    let pageToken = '';
    const eventos: Array<{ tipo: string; ocorridoEm: string }> = [];
    do {
      const { body } = await admin.get<{ eventos: typeof eventos; nextPageToken?: string }>(
        `${path}/eventos?pageSize=2&pageToken=${pageToken}`,
      );
      eventos.push(...body.eventos);
      pageToken = body.nextPageToken ?? '';
    } while (pageToken !== '');
    expect(eventos.map(({ tipo }) => tipo)).toEqual(
      expect.arrayContaining(['CobrancaCriada', 'PagamentoAprovado', 'EstornoConcluido']),
    );
    const versoes = await platform.query<{ tipo: string; em: string }>(
      'pagamentos',
      `select tipo, to_char(ocorrido_em at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as em
       from eventos_pagamento where fluxo = $1 order by versao`,
      [second.pagamentoId],
    );
    for (const { tipo, em } of versoes) {
      const { body } = await admin.get<{ status: string }>(`${path}?em=${em}`);
      before.push(`${tipo} ${body.status}`);
    }
    expect(before).toEqual(expect.arrayContaining(['CobrancaCriada PENDENTE', 'PagamentoAprovado APROVADO']));
    expect(before.at(-1)).toBe('EstornoConcluido ESTORNADO');
    await expect(customer.rest.get(`${path}?em=${versoes[0]?.em}`)).rejects.toMatchObject({ status: 403 });
    await expect(admin.get(`${path}?em=2020-01-01T00:00:00Z`)).rejects.toMatchObject({ status: 404 });
  });
});
