import { randomUUID } from 'node:crypto';
import { emailTo, type Mailbox } from './mailbox.ts';
import { poll } from './poll.ts';
import type { RestClient } from './rest-client.ts';

/** Money as the REST API shows it. */
interface Valor {
  readonly centavos: number;
  readonly moeda: string;
}

interface Cotacao {
  readonly id: string;
  readonly valor: Valor;
  readonly disponivel?: boolean;
  readonly preco: ReadonlyArray<{ readonly descricao: string; readonly valor: Valor }>;
}

interface Reserva {
  readonly id: string;
  readonly status: string;
  readonly valor: Valor;
  readonly checkoutUrl?: string;
  readonly pagamentoId?: string;
}

/** One finished step: what was done, what came of it, and how long it took. */
export type OnStep = (title: string, outcome: string, ms: number) => void;

/** Where a booking is made. */
export interface BookingPlace {
  readonly rest: RestClient;
  readonly espaco: { readonly id: string; readonly nome: string };
  readonly mailbox: Mailbox;
  readonly onStep: OnStep;
}

/** Subject of the message that brings the code. */
export const VERIFICATION_SUBJECT = 'Confirme seu e-mail';

const HOUR_MS = 3_600_000;
const brl = new Intl.NumberFormat('pt-BR', { style: 'currency', currency: 'BRL' });
const money = ({ centavos }: Valor) => brl.format(centavos / 100);

/**
 * One whole booking as a customer makes it, over REST: sign-up, login, quote, reservation, payment on the checkout
 * page, confirmation, e-mail. Answers the reservation.
 *
 * @throws Error at the first step that does not end as it should.
 */
export async function bookOnce({ rest, espaco, mailbox, onStep }: BookingPlace): Promise<Reserva> {
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
    () => rest.post<{ id: string }>('/api/v1/auth/signup', pessoa),
    ({ status, body }) => `${status} ${body.id} ${pessoa.email}`,
  );
  await step(
    'verification',
    () => verifyEmail(rest, mailbox, pessoa.email),
    () => 'the mailed code proves the address',
  );
  const customer = await step(
    'login',
    () => login(rest, pessoa),
    () => 'access and refresh token',
  );
  const { cotacao, pedido } = await step(
    'quote',
    () => firstFreeSlot(customer, espaco.id),
    ({ cotacao: { id, valor, preco }, pedido: { dataInicio } }) =>
      `${id} ${espaco.nome}, ${dataInicio}, ${money(valor)} (${preco.map((linha) => `${linha.descricao} ${money(linha.valor)}`).join(' + ')})`,
  );
  const reserva = await step(
    'reservation',
    () => reserve(customer, { ...pedido, cotacaoId: cotacao.id }),
    ({ id, status }) => `${id} ${status}`,
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
    ({ id, status, pagamentoId }) => `${id} ${status} by ${pagamentoId}`,
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
export async function verifyEmail(rest: RestClient, mailbox: Mailbox, address: string): Promise<void> {
  const { text = '' } = await emailTo(mailbox, address, VERIFICATION_SUBJECT);
  const codigo = /^Código: (\S+)/m.exec(text)?.[1];
  await rest.post('/api/v1/auth/email/verify', { codigo });
}

async function login(rest: RestClient, pessoa: { email: string; password: string }): Promise<RestClient> {
  const { email, password } = pessoa;
  const { body } = await rest.post<{ accessToken: string }>('/api/v1/auth/login', { email, password });
  return rest.as(body.accessToken);
}

/** Earlier runs may have taken slots of a data folder that is used again: asks day by day until one is free. */
async function firstFreeSlot(customer: RestClient, espacoId: string) {
  for (let day = 3; day < 170; day++) {
    for (const hour of [13, 16, 19]) {
      const start = new Date(Date.now() + day * 24 * HOUR_MS);
      start.setUTCHours(hour, 0, 0, 0);
      const pedido = {
        espacoId,
        dataInicio: start.toISOString(),
        dataFim: new Date(start.getTime() + 2 * HOUR_MS).toISOString(),
        extras: [{ codigo: 'PROJETOR', quantidade: 1 }],
      };
      const { body: cotacao } = await customer.post<Cotacao>('/api/v1/reservas/cotacao', pedido);
      if (cotacao.disponivel) return { cotacao, pedido };
    }
  }
  throw new Error('No free slot in the next 170 days: run "npm run reset".');
}

async function reserve(customer: RestClient, pedido: object): Promise<Reserva> {
  const { body } = await customer.post<Reserva>('/api/v1/reservas', pedido);
  if (body.checkoutUrl) return body;
  // Payments could not be reached at once: the charge follows by itself.
  return poll('The checkout address', async () => {
    const { body: current } = await customer.get<Reserva>(`/api/v1/reservas/${body.id}`);
    return current.checkoutUrl ? current : undefined;
  });
}

/** Reads the page as a browser does and finds where its "pay" button leads. */
async function openCheckout({ checkoutUrl = '' }: Reserva): Promise<{ url: string; payUrl: string }> {
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

function confirmation(customer: RestClient, reservaId: string): Promise<Reserva> {
  return poll('The confirmation', async () => {
    const { body } = await customer.get<Reserva>(`/api/v1/reservas/${reservaId}`);
    return body.status === 'CONFIRMADA' ? body : undefined;
  });
}
