import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RestClient } from '@plataforma/dev/demo/rest-client';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, ReservaRest } from '../platform/platform.ts';
import { TestStack } from '../platform/test-stack.ts';

/** Two messages on the way, each of which may have to be delivered again after 30 s, and a sweep. */
const PATIENTLY = { timeoutMs: 90_000 };

let platform: TestStack;
let admin: RestClient;

beforeAll(async () => {
  platform = await TestStack.start();
  admin = (await platform.admin()).rest;
}, 120_000);

afterAll(() => platform?.stop(), 60_000);

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

async function atStep(id: string, expected: string): Promise<Saga> {
  let current: Saga | undefined;
  await eventually(async () => {
    current = await saga(id);
    expect(current.passo).toBe(expected);
  }, PATIENTLY);
  return current as Saga;
}

async function reservar(customer: Customer): Promise<ReservaRest> {
  return (await customer.rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot())).body;
}

describe('the saga of a reservation', () => {
  it('is visible from a hold that pagamentos could not charge to the refund', async () => {
    const customer = await platform.newCustomer();
    await platform.stack.service('pagamentos').kill();
    const { id, status } = await reservar(customer);
    expect(status).toBe('PENDENTE_COBRANCA');
    const waiting = await atStep(id, 'AGUARDANDO_COBRANCA');
    expect(waiting).toMatchObject({ status: 'PENDENTE_COBRANCA', aguarda: 'PAGAMENTOS', tentativas: 1 });
    expect(waiting.ultimoErro).toContain('pagamentos did not create the charge');

    await platform.stack.service('pagamentos').restart();
    const cobrada = await atStep(id, 'AGUARDANDO_PAGAMENTO');
    expect(cobrada.etapas.find(({ fato }) => fato === 'CobrancaCriada')).toMatchObject({
      resultado: 'FEITA',
      paraStatus: 'PENDENTE_PAGAMENTO',
      mensagemId: expect.stringMatching(/^[\w-]{36}$/),
    });
    await platform.pay(await platform.reserva(customer, id));
    await atStep(id, 'CONFIRMADA');
    await platform.stripe({ refunds: { mode: 'pending' } });
    await customer.rest.post(`/api/v1/reservas/${id}/cancelar`, { motivo: 'mudança de planos' });
    expect(await atStep(id, 'COMPENSANDO')).toMatchObject({ status: 'CANCELADA', aguarda: 'PAGAMENTOS' });
    await platform.stripe({ refunds: { mode: 'succeeded' } });
    await expect(customer.rest.get(`/api/v1/reservas/${id}/saga`)).rejects.toMatchObject({ status: 403 });
  }, 300_000);

  it('comes by its charge when Stripe is back', async () => {
    const customer = await platform.newCustomer();
    await platform.stripe({ faults: [{ path: '/v1/checkout/sessions', failure: 'cut', times: 1_000 }] });
    const { id } = await reservar(customer);
    await atStep(id, 'AGUARDANDO_COBRANCA');
    await platform.stripe({ faults: [] });
    await atStep(id, 'AGUARDANDO_PAGAMENTO');
  }, 200_000);

  it('frees a hold at once that runs out before it ever reached Stripe', async () => {
    const customer = await platform.newCustomer();
    await platform.stripe({ faults: [{ path: '/v1/checkout/sessions', failure: 'cut', times: 1_000 }] });
    const { id } = await reservar(customer);
    await atStep(id, 'AGUARDANDO_COBRANCA');
    await platform.expire(id);
    const end = await atStep(id, 'CONCLUIDA');
    expect(end.status).toBe('EXPIRADA');
    await platform.stripe({ faults: [] });
  }, 200_000);

  it('keeps the slot of a hold that runs out while pagamentos is away, and frees it when it is back', async () => {
    const customer = await platform.newCustomer();
    await platform.stack.service('pagamentos').kill();
    const { id } = await reservar(customer);
    await platform.expire(id);
    expect(await atStep(id, 'AGUARDANDO_ENCERRAMENTO')).toMatchObject({ status: 'EXPIRANDO', tentativas: 1 });
    await platform.stack.service('pagamentos').restart();
    expect((await atStep(id, 'CONCLUIDA')).status).toBe('EXPIRADA');
  }, 300_000);
});
