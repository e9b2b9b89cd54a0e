import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RestClient } from '@plataforma/dev/demo/rest-client';
import { ADMIN_EMAIL } from '@plataforma/dev/stack/service-env';
import { eventually } from '@plataforma/testing/eventually';
import { type Customer, type ReservaRest, TestStack } from '../plataforma/test-stack.ts';

/** Two messages on the way, each of which may have to be delivered again after 30 s, and a sweep. */
const PATIENTLY = { timeoutMs: 90_000 };

let platform: TestStack;
let admin: RestClient;
let adminToken: string;

beforeAll(async () => {
  platform = await TestStack.start();
  const { body } = await platform.rest.post<{ accessToken: string }>('/api/v1/auth/login', {
    email: ADMIN_EMAIL,
    password: platform.stack.secrets.adminPassword,
  });
  adminToken = body.accessToken;
  admin = platform.rest.as(adminToken);
}, 120_000);

afterAll(() => platform?.stop());

interface Saga {
  readonly passo: string;
  readonly status: string;
  readonly aguarda?: string;
  readonly explicacao: string;
  readonly prazo?: string;
  readonly tentativas?: number;
  readonly ultimoErro?: string;
  readonly etapas: ReadonlyArray<{
    fato: string;
    resultado: string;
    mensagemId?: string;
    paraStatus?: string;
  }>;
}

async function saga(id: string): Promise<Saga> {
  return (await admin.get<Saga>(`/api/v1/reservas/${id}/saga`)).body;
}

async function passo(id: string, esperado: string): Promise<Saga> {
  let atual: Saga | undefined;
  await eventually(async () => {
    atual = await saga(id);
    expect(atual.passo).toBe(esperado);
  }, PATIENTLY);
  return atual as Saga;
}

async function reservar(customer: Customer): Promise<ReservaRest> {
  return (await customer.rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot())).body;
}

async function paga(customer: Customer): Promise<ReservaRest> {
  const reserva = await platform.reserve(customer);
  await platform.pay(reserva);
  await passo(reserva.id, 'CONFIRMADA');
  return platform.reserva(customer, reserva.id);
}

function expirar(id: string): Promise<unknown> {
  return platform.query('reservas', 'update reservas set expira_em = now() where id = $1', [id]);
}

describe('the saga of a reservation', () => {
  it('is visible from a hold that pagamentos could not charge to the refund', async () => {
    const customer = await platform.newCustomer();
    await platform.stack.service('pagamentos').kill();
    const { id, status } = await reservar(customer);
    expect(status).toBe('PENDENTE_COBRANCA');
    const espera = await passo(id, 'AGUARDANDO_COBRANCA');
    expect(espera).toMatchObject({ status: 'PENDENTE_COBRANCA', aguarda: 'PAGAMENTOS', tentativas: 1 });
    expect(espera.ultimoErro).toContain('pagamentos did not create the charge');

    await platform.stack.service('pagamentos').restart();
    const cobrada = await passo(id, 'AGUARDANDO_PAGAMENTO');
    expect(cobrada.etapas.find(({ fato }) => fato === 'CobrancaCriada')).toMatchObject({
      resultado: 'FEITA',
      paraStatus: 'PENDENTE_PAGAMENTO',
      mensagemId: expect.stringMatching(/^[\w-]{36}$/),
    });
    await platform.pay(await platform.reserva(customer, id));
    await passo(id, 'CONFIRMADA');
    await platform.stripe({ refunds: { mode: 'pending' } });
    await customer.rest.post(`/api/v1/reservas/${id}/cancelar`, { motivo: 'mudança de planos' });
    expect(await passo(id, 'COMPENSANDO')).toMatchObject({ status: 'CANCELADA', aguarda: 'PAGAMENTOS' });
    await platform.stripe({ refunds: { mode: 'succeeded' } });
    await expect(customer.rest.get(`/api/v1/reservas/${id}/saga`)).rejects.toMatchObject({ status: 403 });
  }, 300_000);

  it('comes by its charge when Stripe is back', async () => {
    const customer = await platform.newCustomer();
    await platform.stripe({ faults: [{ path: '/v1/checkout/sessions', failure: 'cut', times: 1_000 }] });
    const { id } = await reservar(customer);
    await passo(id, 'AGUARDANDO_COBRANCA');
    await platform.stripe({ faults: [] });
    await passo(id, 'AGUARDANDO_PAGAMENTO');
  }, 200_000);

  it('frees a hold at once that runs out before it ever reached Stripe', async () => {
    const customer = await platform.newCustomer();
    await platform.stripe({ faults: [{ path: '/v1/checkout/sessions', failure: 'cut', times: 1_000 }] });
    const { id } = await reservar(customer);
    await passo(id, 'AGUARDANDO_COBRANCA');
    await expirar(id);
    const fim = await passo(id, 'CONCLUIDA');
    expect(fim.status).toBe('EXPIRADA');
    await platform.stripe({ faults: [] });
  }, 200_000);

  it('keeps the slot of a hold that runs out while pagamentos is away, and frees it when it is back', async () => {
    const customer = await platform.newCustomer();
    await platform.stack.service('pagamentos').kill();
    const { id } = await reservar(customer);
    await expirar(id);
    expect(await passo(id, 'AGUARDANDO_ENCERRAMENTO')).toMatchObject({ status: 'EXPIRANDO', tentativas: 1 });
    await platform.stack.service('pagamentos').restart();
    expect((await passo(id, 'CONCLUIDA')).status).toBe('EXPIRADA');
  }, 300_000);
});

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
  let primeira: ReservaRest;
  let segunda: ReservaRest;

  const refunded = (pagamentoId = '') =>
    eventually(async () => {
      const { body } = await admin.get<{ status: string }>(`/api/v1/pagamentos/${pagamentoId}`);
      expect(body.status).toBe('ESTORNADO');
    }, PATIENTLY);

  beforeAll(async () => {
    customer = await platform.newCustomer();
    primeira = await paga(customer);
    segunda = await paga(customer);
    await customer.rest.post(`/api/v1/reservas/${segunda.id}/cancelar`, { motivo: 'x' });
    await refunded(segunda.pagamentoId);
  }, 300_000);

  it('is told as a statement with balances, page by page', async () => {
    const { body } = await customer.rest.get<Extrato>('/api/v1/extrato?pageSize=2');
    const total = primeira.valor.centavos + segunda.valor.centavos;
    // REST leaves zeros out.
    expect(body.saldoInicial.pago).toEqual({ moeda: 'BRL' });
    expect(body.linhas.map(({ transacao, saldo }) => [transacao.reservaId, saldo.pago.centavos])).toEqual([
      [primeira.id, primeira.valor.centavos],
      [segunda.id, total],
    ]);
    const proxima = `/api/v1/extrato?pageSize=2&pageToken=${body.nextPageToken}`;
    const { body: fim } = await customer.rest.get<Extrato>(proxima);
    expect(fim.linhas).toMatchObject([
      {
        transacao: { tipo: 'ESTORNO', reservaId: segunda.id },
        movimento: { centavos: -segunda.valor.centavos },
        saldo: { pago: { centavos: primeira.valor.centavos } },
      },
    ]);
    expect(fim.saldoFinal.pago.centavos).toBe(primeira.valor.centavos);
    expect(fim.totais).toMatchObject([
      { tipo: 'CAPTURA', quantidade: 2, valor: { centavos: total } },
      { tipo: 'ESTORNO', quantidade: 1, valor: { centavos: segunda.valor.centavos } },
    ]);
    const { body: visto } = await admin.get<Extrato>(`/api/v1/extrato?clienteId=${customer.id}`);
    expect(visto.linhas).toHaveLength(3);
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
      ['ESTORNO', (segunda.valor.centavos / 100).toFixed(2)],
      ['CAPTURA', (segunda.valor.centavos / 100).toFixed(2)],
      ['CAPTURA', (primeira.valor.centavos / 100).toFixed(2)],
    ]);
    const filtered = await csv(`?clienteId=${customer.id}&tipo=ESTORNO`, {
      authorization: `Bearer ${adminToken}`,
    });
    expect((await filtered.text()).split('\r\n')).toHaveLength(3);
    expect((await csv('', {})).status).toBe(401);
    expect((await csv('?tipo=TROCO', { authorization: `Bearer ${adminToken}` })).status).toBe(400);
  });

  it('can be read as it was at every step, from its events', async () => {
    const path = `/api/v1/pagamentos/${segunda.pagamentoId}`;
    const antes: string[] = [];
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
      [segunda.pagamentoId],
    );
    for (const { tipo, em } of versoes) {
      const { body } = await admin.get<{ status: string }>(`${path}?em=${em}`);
      antes.push(`${tipo} ${body.status}`);
    }
    expect(antes).toEqual(expect.arrayContaining(['CobrancaCriada PENDENTE', 'PagamentoAprovado APROVADO']));
    expect(antes.at(-1)).toBe('EstornoConcluido ESTORNADO');
    await expect(customer.rest.get(`${path}?em=${versoes[0]?.em}`)).rejects.toMatchObject({ status: 403 });
    await expect(admin.get(`${path}?em=2020-01-01T00:00:00Z`)).rejects.toMatchObject({ status: 404 });
  });
});
