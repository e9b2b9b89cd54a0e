import { beforeAll, describe, expect, it } from '@jest/globals';
import type { RestClient } from '@plataforma/dev/demo/rest-client';
import { eventually } from '@plataforma/testing/eventually';
import type { Customer, Platform } from '../platform/platform.ts';
import { sharedPlatform } from '../platform/shared-platform.ts';

interface Dinheiro {
  readonly centavos: number;
}

interface Previa {
  readonly reembolso?: Dinheiro;
  readonly jaDevolvido?: Dinheiro;
}

let platform: Platform;
let admin: RestClient;

beforeAll(async () => {
  platform = await sharedPlatform();
  admin = (await platform.admin()).rest;
}, 120_000);

const cents = (valor?: Dinheiro) => valor?.centavos ?? 0;

/** Text of the e-mail of this subject, once it is there. */
async function email(customer: Customer, subject: string): Promise<string> {
  let html = '';
  await eventually(
    async () => {
      const found = (await platform.emailsTo(customer.email)).find((one) => one.subject.startsWith(subject));
      expect(found).toBeDefined();
      html = found?.html ?? '';
    },
    { timeoutMs: 30_000 },
  );
  return html.replace(/<[^>]*>/g, ' ').replace(/&nbsp;|\u00a0/g, ' ');
}

const refunded = async (reservaId: string) => (await platform.ledgerOf(reservaId))?.refunded ?? 0;

/** Brazilian reais as the e-mails write them. */
const reais = (valor: number) =>
  new Intl.NumberFormat('pt-BR', { style: 'currency', currency: 'BRL' })
    .format(valor / 100)
    .replace('\u00a0', ' ');

describe('a refund', () => {
  it.each([
    ['nothing when all went back the moment before', undefined],
    ['the rest when a part went back the moment before', 33_33],
  ])(
    'is promised, answered, mailed and moved alike: %s',
    async (_, before) => {
      const customer = await platform.newCustomer();
      const reserva = await platform.paid(customer);
      const preco = cents(reserva.valor);
      const devolvido = before ?? preco;
      const valor = before === undefined ? {} : { valor: { centavos: before, moeda: 'BRL' } };
      await admin.post(`/api/v1/pagamentos/${reserva.pagamentoId}/estornos`, {
        motivo: 'cortesia',
        ...valor,
      });
      const path = `/api/v1/reservas/${reserva.id}`;
      const { body: previa } = await customer.rest.get<Previa>(`${path}/cancelamento`);
      const { body: answer } = await customer.rest.post<Previa>(`${path}/cancelar`, { motivo: 'x' });
      const left = preco - devolvido;
      expect([cents(previa.jaDevolvido), cents(previa.reembolso), cents(answer.reembolso)]).toEqual([
        devolvido,
        left,
        left,
      ]);
      const text = await email(customer, 'Reserva cancelada');
      expect(text).toContain(left === 0 ? 'Não há valor a devolver' : reais(left));
      expect(text).not.toContain(reais(preco));
      await eventually(async () => expect(await refunded(reserva.id)).toBe(preco), { timeoutMs: 30_000 });
    },
    90_000,
  );
});
