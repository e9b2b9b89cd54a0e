import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer } from '../platform/platform.ts';
import { TestStack } from '../platform/test-stack.ts';

/* Who has looked at my data: what administrators see in any service reaches the person it is about (ADR-056). */

const PATIENTLY = { timeoutMs: 30_000 };

interface Evento {
  readonly tipo: string;
  readonly autorId: string;
  readonly usuarioId?: string;
  readonly detalhe: string;
  readonly ip?: string;
  readonly requisicaoId?: string;
}

let platform: TestStack;
let admin: { readonly id: string; readonly token: string };
let pagamentos: ReturnType<typeof createGrpcClient<typeof PagamentosService>>;

beforeAll(async () => {
  platform = await TestStack.start();
  const { token } = await platform.admin();
  admin = { id: (await platform.call<{ id: string }>(token, 'GET', '/api/v1/users/me')).body.id, token };
  const address = `127.0.0.1:${platform.stack.ports.PAGAMENTOS_GRPC_PORT}`;
  pagamentos = createGrpcClient(PagamentosService, { address, timeoutMs: 10_000 });
}, 120_000);

afterAll(async () => {
  pagamentos?.close();
  await platform?.stop();
}, 60_000);

async function eventos(token: string, path: string): Promise<Evento[]> {
  const { status, body } = await platform.call<{ eventos: Evento[] }>(token, 'GET', path);
  expect(status).toBe(200);
  return body.eventos.filter(({ tipo }) => tipo === 'DADOS_CONSULTADOS');
}

const told = ({ id }: Customer) =>
  eventos(admin.token, `/api/v1/audit?usuarioId=${id}&tipo=DADOS_CONSULTADOS&pageSize=100`);
const toldToThem = ({ token }: Customer) => eventos(token, '/api/v1/users/me/security-events?pageSize=100');

/** By which calls somebody looked, but for the look at the list of events itself. */
const calls = (all: readonly Evento[]) =>
  [...new Set(all.map(({ detalhe }) => detalhe))].filter((call) => call !== 'ListSecurityEvents').sort();

async function see(path: string): Promise<void> {
  expect((await platform.call(admin.token, 'GET', path)).status).toBe(200);
}

/** Somebody with a reservation, whose payment is there. */
async function withReservation() {
  const customer = await platform.newCustomer();
  const { id, pagamentoId = '' } = await platform.paid(customer);
  return { customer, reservaId: id, pagamentoId };
}

describe('data that an administrator has looked at', () => {
  it('are told to the person and to administrators within seconds, of each service, over REST and gRPC', async () => {
    const { customer, reservaId, pagamentoId } = await withReservation();
    await see(`/api/v1/reservas/${reservaId}`);
    await see(`/api/v1/reservas?clienteId=${customer.id}`);
    await see(`/api/v1/notificacoes/historico?clienteId=${customer.id}`);
    await see(`/api/v1/transacoes?clienteId=${customer.id}`);
    await pagamentos.obterPagamento(
      { pagamentoId },
      { headers: { authorization: `Bearer ${admin.token}`, 'x-request-id': 'quem-olhou' } },
    );
    const seen = [
      'notificacoes.v1.NotificacoesService/ObterHistorico',
      'pagamentos.v1.PagamentosService/ListarTransacoes',
      'pagamentos.v1.PagamentosService/ObterPagamento',
      'reservas.v1.ReservasService/ListarReservas',
      'reservas.v1.ReservasService/ObterReserva',
    ];
    await eventually(async () => expect(calls(await toldToThem(customer))).toEqual(seen), PATIENTLY);
    const all = await told(customer);
    expect(calls(all)).toEqual(seen);
    for (const evento of all) expect(evento).toMatchObject({ autorId: admin.id, ip: '127.0.0.1' });
    expect(all.map(({ requisicaoId }) => requisicaoId)).toContain('quem-olhou');
    for (const { autorId, ip, requisicaoId } of await toldToThem(customer))
      expect([autorId, ip ?? '', requisicaoId ?? '']).toEqual([admin.id, '', '']);
  }, 120_000);

  it('are one event a minute, however often they are looked at', async () => {
    const { customer, reservaId } = await withReservation();
    const minutes = new Set<number>();
    for (let n = 0; n < 10; n += 1) {
      minutes.add(Math.floor(Date.now() / 60_000));
      await Promise.all(Array.from({ length: 10 }, () => see(`/api/v1/reservas/${reservaId}`)));
      minutes.add(Math.floor(Date.now() / 60_000));
    }
    // What is behind it on the same way has arrived when this has.
    await see(`/api/v1/reservas?clienteId=${customer.id}`);
    await eventually(async () => expect(calls(await toldToThem(customer))).toHaveLength(2), PATIENTLY);
    const seen = (await toldToThem(customer)).filter(({ detalhe }) => detalhe.endsWith('/ObterReserva'));
    expect(seen.length).toBeGreaterThan(0);
    expect(seen.length).toBeLessThanOrEqual(minutes.size);
  }, 120_000);

  it('are shown while auth is away, which hears of it later', async () => {
    const { customer, reservaId, pagamentoId } = await withReservation();
    await platform.stack.service('auth').kill();
    try {
      await see(`/api/v1/reservas/${reservaId}`);
      await see(`/api/v1/pagamentos/${pagamentoId}`);
      await see(`/api/v1/notificacoes?clienteId=${customer.id}`);
    } finally {
      await platform.stack.service('auth').restart();
    }
    await eventually(
      async () =>
        expect(calls(await toldToThem(customer))).toEqual([
          'notificacoes.v1.NotificacoesService/ListarNotificacoes',
          'pagamentos.v1.PagamentosService/ObterPagamento',
          'reservas.v1.ReservasService/ObterReserva',
        ]),
      PATIENTLY,
    );
  }, 120_000);

  it('are not shown while the database takes no record of it, and their owner sees them', async () => {
    const { customer, reservaId } = await withReservation();
    await platform.query(
      'reservas',
      `create function recusar() returns trigger language plpgsql as 'begin raise exception ''recusado''; end';
       create trigger recusar before insert on outbox for each row execute function recusar()`,
    );
    try {
      const { status, body } = await platform.call(admin.token, 'GET', `/api/v1/reservas/${reservaId}`);
      expect([status, JSON.stringify(body)]).toEqual([500, expect.not.stringContaining(customer.id)]);
      expect((await platform.reserva(customer, reservaId)).id).toBe(reservaId);
    } finally {
      await platform.query('reservas', 'drop trigger recusar on outbox; drop function recusar()');
    }
    expect(calls(await told(customer))).toEqual([]);
  }, 120_000);
});
