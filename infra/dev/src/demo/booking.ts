import { randomUUID } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Client } from '@connectrpc/connect';
import type { Plataforma } from '@plataforma/cliente/plataforma';
import { login } from '@plataforma/cliente/session';
import { AuthService } from '@plataforma/contratos/auth/v1/auth_service_pb';
import type { Dinheiro } from '@plataforma/contratos/comum/v1/dinheiro_pb';
import { type Reserva, StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import {
  type CriarReservaRequestSchema,
  ReservasService,
} from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { nameFrom } from '@plataforma/runtime/enum-names';
import { emailTo, type Mailbox } from './mailbox.ts';
import { poll } from './poll.ts';

/** One finished step: what was done, what came of it, and how long it took. */
export type OnStep = (title: string, outcome: string, ms: number) => void;

/** Where a booking is made. */
export interface BookingPlace {
  readonly plataforma: Plataforma;
  readonly espaco: { readonly id: string; readonly nome: string };
  readonly mailbox: Mailbox;
  readonly onStep: OnStep;
}

/** Subject of the message that brings the code. */
export const VERIFICATION_SUBJECT = 'Confirme seu e-mail';

const HOUR_MS = 3_600_000;
const brl = new Intl.NumberFormat('pt-BR', { style: 'currency', currency: 'BRL' });
const money = (valor: Dinheiro | undefined) => brl.format(Number(valor?.centavos ?? 0) / 100);
const statusOf = ({ status }: Reserva) => nameFrom(StatusReserva, status);

/**
 * One whole booking as a program of a customer makes it, by the client: sign-up, login, quote, reservation, payment on the checkout
 * page, confirmation, e-mail. Answers the reservation.
 *
 * @throws Error at the first step that does not end as it should.
 */
export async function bookOnce({ plataforma, espaco, mailbox, onStep }: BookingPlace): Promise<Reserva> {
  const step = async <T>(
    title: string,
    work: () => Promise<T>,
    outcome: (result: T) => string,
  ): Promise<T> => {
    const start = performance.now();
    const result = await work();
    onStep(title, outcome(result), performance.now() - start);
    return result;
  };
  const pessoa = {
    nome: 'Ana Souza',
    email: `ana.${randomUUID().slice(0, 8)}@exemplo.com.br`,
    password: randomUUID(),
  };

  await step(
    'sign-up',
    () => plataforma.client(AuthService).signup(pessoa),
    ({ id }) => `${id} ${pessoa.email}`,
  );
  await step(
    'verification',
    () => verifyEmail(plataforma, mailbox, pessoa.email),
    () => 'the mailed code proves the address',
  );
  const session = await step(
    'login',
    () => login(plataforma, pessoa),
    () => 'access and refresh token',
  );
  const customer = plataforma.as(session).client(ReservasService);
  const { cotacao, pedido } = await step(
    'quote',
    () => firstFreeSlot(customer, { espacoId: espaco.id, extras: [{ codigo: 'PROJETOR', quantidade: 1 }] }),
    ({ cotacao: { id, valor, preco }, inicio }) =>
      `${id} ${espaco.nome}, ${inicio.toISOString()}, ${money(valor)} (${preco.map((linha) => `${linha.descricao} ${money(linha.valor)}`).join(' + ')})`,
  );
  const reserva = await step(
    'reservation',
    () => reserve(customer, { ...pedido, cotacaoId: cotacao.id }),
    (feita) => `${feita.id} ${statusOf(feita)}`,
  );
  const page = await step(
    'checkout page',
    () => openCheckout(reserva),
    ({ url }) => url,
  );
  await step(
    'payment',
    () => pay(page),
    (status) => `${status} paid; the provider sends its signed webhook`,
  );
  const confirmada = await step(
    'confirmation',
    () => confirmation(customer, reserva.id),
    (paga) => `${paga.id} ${statusOf(paga)} by ${paga.pagamentoId}`,
  );
  await step(
    'e-mail',
    () => emailTo(mailbox, pessoa.email, 'Reserva confirmada'),
    ({ subject, attachments = [] }) =>
      `"${subject}" with ${attachments.map((file) => file.filename).join(', ')}`,
  );
  return confirmada;
}

/** Reads the code in the mailbox and gives it back, as the owner of the address does. */
export async function verifyEmail(plataforma: Plataforma, mailbox: Mailbox, address: string): Promise<void> {
  const { text = '' } = await emailTo(mailbox, address, VERIFICATION_SUBJECT);
  const codigo = /^Código: (\S+)/m.exec(text)?.[1] ?? '';
  await plataforma.client(AuthService).verifyEmail({ codigo });
}

/** The calls about reservations, as one customer makes them. */
type Reservas = Client<typeof ReservasService>;
type Pedido = Partial<MessageInitShape<typeof CriarReservaRequestSchema>>;

/** All that may be booked is taken. */
export class NoFreeSlotError extends Error {}

/** Earlier runs may have taken slots of a data folder that is used again: asks day by day until one is free. */
export async function firstFreeSlot(customer: Reservas, what: Pick<Pedido, 'espacoId' | 'extras'>) {
  for (let day = 3; day < 170; day++) {
    for (const hour of [13, 16, 19]) {
      const inicio = new Date(Date.now() + day * 24 * HOUR_MS);
      inicio.setUTCHours(hour, 0, 0, 0);
      const pedido = {
        ...what,
        dataInicio: timestampFromDate(inicio),
        dataFim: timestampFromDate(new Date(inicio.getTime() + 2 * HOUR_MS)),
      };
      const cotacao = await customer.cotarReserva(pedido);
      if (cotacao.disponivel) return { cotacao, pedido, inicio };
    }
  }
  throw new NoFreeSlotError('no free slot in the next 170 days: run "npm run reset"');
}

async function reserve(
  customer: Reservas,
  pedido: MessageInitShape<typeof CriarReservaRequestSchema>,
): Promise<Reserva> {
  const reserva = await customer.criarReserva(pedido);
  if (reserva.checkoutUrl) return reserva;
  // Payments could not be reached at once: the charge follows by itself.
  return poll('The checkout address', async () => {
    const current = await customer.obterReserva({ reservaId: reserva.id });
    return current.checkoutUrl ? current : undefined;
  });
}

/** Reads the page as a browser does and finds where its "pay" button leads. */
async function openCheckout({ checkoutUrl }: Reserva): Promise<{ url: string; payUrl: string }> {
  const page = await fetch(checkoutUrl, { signal: AbortSignal.timeout(10_000) });
  const html = await page.text();
  const action = /<form[^>]*action="([^"]*\/pay)"/.exec(html)?.[1];
  if (!page.ok || action === undefined)
    throw new Error(`The checkout page ${checkoutUrl} has no button to pay (${page.status}).`);
  return { url: checkoutUrl, payUrl: new URL(action, checkoutUrl).href };
}

async function pay({ payUrl }: { payUrl: string }): Promise<number> {
  const answer = await fetch(payUrl, {
    method: 'POST',
    redirect: 'manual',
    signal: AbortSignal.timeout(10_000),
  });
  if (answer.status !== 303) throw new Error(`Paying answered ${answer.status} instead of a redirect.`);
  return answer.status;
}

function confirmation(customer: Reservas, reservaId: string): Promise<Reserva> {
  return poll('The confirmation', async () => {
    const reserva = await customer.obterReserva({ reservaId });
    return reserva.status === StatusReserva.CONFIRMADA ? reserva : undefined;
  });
}
