import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RestClient } from '@plataforma/dev/demo/rest-client';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform, ReservaRest } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

const PATIENTLY = { timeoutMs: 30_000 };
const HOUR_MS = 3_600_000;

let platform: Platform;
let admin: RestClient;

beforeAll(async () => {
  platform = await sharedPlatform();
  admin = (await platform.admin()).rest;
}, 120_000);

/** Kong leaves zeros out. */
interface Valor {
  readonly centavos: number;
}

interface Pagamento {
  readonly status: string;
  readonly checkoutUrl?: string;
  readonly creditosUsados: Valor;
  readonly valorCartao: Valor;
}

interface Creditos {
  readonly saldo: Valor;
  readonly lotes?: ReadonlyArray<{ readonly restante: Valor; readonly expiraEm: string }>;
}

const creditos = async ({ rest }: Customer) => (await rest.get<Creditos>('/api/v1/creditos')).body;

const centavos = (valor: Valor) => valor.centavos;
const saldo = async (customer: Customer) => centavos((await creditos(customer)).saldo);

const pagamentoDe = async ({ rest }: Customer, { pagamentoId }: ReservaRest) =>
  (await rest.get<Pagamento>(`/api/v1/pagamentos/${pagamentoId}`)).body;

async function partes(customer: Customer, reserva: ReservaRest) {
  const { creditosUsados, valorCartao } = await pagamentoDe(customer, reserva);
  return { creditos: centavos(creditosUsados), cartao: centavos(valorCartao) };
}

const cancelar = (quem: RestClient, { id }: ReservaRest, pedido: object) =>
  quem.post(`/api/v1/reservas/${id}/cancelar`, { motivo: 'imprevisto', ...pedido });

/** A day in the room that goes wrong: the bonus is a tenth of its price, more than an hour costs. */
async function comBonus(): Promise<{ customer: Customer; bonus: number }> {
  const customer = await platform.newCustomer();
  const inicio = new Date(Date.now() + 20 * 24 * HOUR_MS + dias++ * 24 * HOUR_MS);
  inicio.setUTCHours(3, 0, 0, 0);
  const dataFim = new Date(inicio.getTime() + 20 * HOUR_MS).toISOString();
  const pedido = { espacoId: platform.room.id, dataInicio: inicio.toISOString(), dataFim };
  const { body } = await customer.rest.post<ReservaRest>('/api/v1/reservas', pedido);
  await platform.pay(body);
  const reserva = await platform.becomes(customer, body.id, 'CONFIRMADA');
  await cancelar(admin, reserva, { excepcional: 'PROBLEMA_NO_ESPACO' });
  await eventually(async () => expect(await saldo(customer)).toBeGreaterThan(0), PATIENTLY);
  await eventually(
    async () => expect((await platform.ledgerOf(reserva.id))?.refunded).toBe(reserva.valor.centavos),
    PATIENTLY,
  );
  const bonus = await saldo(customer);
  expect(bonus).toBe(Math.round(reserva.valor.centavos / 10));
  return { customer, bonus };
}

let dias = 0;

describe('the bonus credit of a reservation that went wrong', () => {
  it('pays the next booking wholly, then one partly, and what is cancelled comes back as it was paid', async () => {
    const { customer, bonus } = await comBonus();

    const { body: inteira } = await customer.rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot());
    expect(inteira).toMatchObject({ status: 'CONFIRMADA' });
    expect(inteira.checkoutUrl ?? '').toBe('');
    expect(await partes(customer, inteira)).toEqual({ creditos: inteira.valor.centavos, cartao: 0 });
    expect((await pagamentoDe(customer, inteira)).status).toBe('APROVADO');
    expect(await platform.ledgerOf(inteira.id)).toBeUndefined();
    const resto = bonus - inteira.valor.centavos;
    expect(await saldo(customer)).toBe(resto);

    const parcial = await platform.reserve(customer);
    const noCartao = parcial.valor.centavos - resto;
    expect(await partes(customer, parcial)).toEqual({ creditos: resto, cartao: noCartao });
    expect(await saldo(customer)).toBe(0);
    await platform.pay(parcial);
    await platform.becomes(customer, parcial.id, 'CONFIRMADA');
    expect((await platform.ledgerOf(parcial.id))?.captured).toBe(noCartao);

    const previa = await customer.rest.get<object>(`/api/v1/reservas/${parcial.id}/cancelamento`);
    expect(previa.body).toMatchObject({ reembolso: parcial.valor, reembolsoCreditos: { centavos: resto } });
    await cancelar(customer.rest, parcial, {});
    await eventually(
      async () => expect((await pagamentoDe(customer, parcial)).status).toBe('ESTORNADO'),
      PATIENTLY,
    );
    expect((await platform.ledgerOf(parcial.id))?.refunded).toBe(noCartao);
    expect(await saldo(customer)).toBe(resto);

    await cancelar(customer.rest, inteira, {});
    await eventually(async () => expect(await saldo(customer)).toBe(bonus), PATIENTLY);
    expect((await pagamentoDe(customer, inteira)).status).toBe('ESTORNADO');
    const { lotes = [] } = await creditos(customer);
    expect(lotes.reduce((soma, { restante }) => soma + centavos(restante), 0)).toBe(bonus);
  }, 120_000);

  it('is kept when the customer wants to, and comes back when a hold that it was set aside for ends unpaid', async () => {
    const { customer, bonus } = await comBonus();
    const guardada = { ...platform.nextSlot(), guardarCreditos: true };
    const { body: noCartao } = await customer.rest.post<ReservaRest>('/api/v1/reservas', guardada);
    const comCheckout = await platform.becomes(customer, noCartao.id, 'PENDENTE_PAGAMENTO');
    expect(await partes(customer, comCheckout)).toEqual({ creditos: 0, cartao: comCheckout.valor.centavos });
    expect(await saldo(customer)).toBe(bonus);

    const { body: first } = await customer.rest.post<ReservaRest>('/api/v1/reservas', platform.nextSlot());
    expect(first.status).toBe('CONFIRMADA');
    const esperando = await platform.reserve(customer);
    expect(await saldo(customer)).toBe(0);
    await cancelar(customer.rest, esperando, {});
    await eventually(async () => expect(await saldo(customer)).toBe(bonus - first.valor.centavos), PATIENTLY);
    await platform.pay(esperando);
    expect(await platform.ledgerOf(esperando.id)).toBeUndefined();
  }, 120_000);
});
