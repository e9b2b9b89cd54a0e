import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type KeyedStandIn, PROVIDER_KEY } from '@plataforma/testing/providers/keyed-stand-in';
import { ResendStandIn, resendError } from '@plataforma/testing/providers/resend';
import { SendGridStandIn, sendGridError } from '@plataforma/testing/providers/sendgrid';
import type { Answer, Fault } from '@plataforma/testing/providers/stand-in';
import type { Carteiro } from '../../src/canais/application/carteiro.ts';
import type { Mensagem } from '../../src/canais/domain/mensagem.ts';
import { ResendCarteiro } from '../../src/canais/infrastructure/email/resend-carteiro.ts';
import { SendGridCarteiro } from '../../src/canais/infrastructure/email/sendgrid-carteiro.ts';

const ICS = 'BEGIN:VCALENDAR\r\nSUMMARY:Sala Ipê\r\nEND:VCALENDAR\r\n';
const MENSAGEM = {
  id: 'not_1',
  para: { nome: 'Ana, a "Rã"; <b>\r\nBcc: x@exemplo.com', email: 'ana@exemplo.com' },
  assunto: 'Reserva confirmada: Sala Ipê',
  html: '<p>Sala Ipê</p>',
  texto: 'Sala Ipê',
  anexos: [{ nome: 'reserva.ics', tipo: 'text/calendar; charset=utf-8; method=PUBLISH', conteudo: ICS }],
};
const REMETENTE = { nome: 'Plataforma de Reservas', email: 'reservas@exemplo.com' };
const TIMEOUT_MS = 400;

let sendgrid: SendGridStandIn;
let resend: ResendStandIn;

beforeEach(async () => {
  sendgrid = new SendGridStandIn();
  resend = new ResendStandIn();
  await Promise.all([sendgrid.start(), resend.start()]);
});

afterEach(() => Promise.all([sendgrid.stop(), resend.stop()]));

const porSendGrid = () =>
  new SendGridCarteiro({
    url: sendgrid.url,
    chave: PROVIDER_KEY,
    remetente: REMETENTE,
    timeoutMs: TIMEOUT_MS,
  });
const porResend = () =>
  new ResendCarteiro({ url: resend.url, chave: PROVIDER_KEY, remetente: REMETENTE, timeoutMs: TIMEOUT_MS });

/** What became of a message: `sent`, or kind, text and wait of the failure. */
async function enviar(carteiro: Carteiro<Mensagem>, mensagem: Mensagem = MENSAGEM): Promise<unknown> {
  const enviada = await carteiro.enviar(mensagem);
  if (!enviada.isFailure) return 'sent';
  const { tipo, message, depoisDeMs } = enviada.error;
  return depoisDeMs === 0 ? [tipo, message] : [tipo, message, depoisDeMs];
}

it.each([
  ['sendgrid', porSendGrid],
  ['resend', porResend],
])('tells what %s calls a message that it has taken', async (provedor, carteiro) => {
  const idDoProvedor = expect.stringMatching(/^[0-9a-f-]{36}$/);
  expect(await carteiro().enviar(MENSAGEM)).toMatchObject({ value: { provedor, idDoProvedor } });
});

it('tells both where messages are ended with one click, and only where there is such an address', async () => {
  const descadastro = 'https://api.exemplo.com/api/v1/notificacoes/descadastro/abc';
  for (const carteiro of [porSendGrid(), porResend()]) {
    expect(await enviar(carteiro, { ...MENSAGEM, descadastro })).toBe('sent');
    expect(await enviar(carteiro)).toBe('sent');
  }
  const comLink = {
    'Auto-Submitted': 'auto-generated',
    'List-Unsubscribe': `<${descadastro}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
  for (const { received } of [sendgrid, resend])
    expect(received.map(({ headers }) => headers)).toEqual([comLink, { 'Auto-Submitted': 'auto-generated' }]);
});

describe('SendGridCarteiro', () => {
  it('hands a message over as SendGrid documents it', async () => {
    expect(await enviar(porSendGrid())).toBe('sent');
    expect(sendgrid.received).toEqual([
      {
        personalizations: [
          {
            to: [{ email: 'ana@exemplo.com', name: 'Ana  a "Rã"  <b> Bcc: x@exemplo.com' }],
            custom_args: { notificacao: 'not_1' },
          },
        ],
        from: { email: 'reservas@exemplo.com', name: 'Plataforma de Reservas' },
        subject: 'Reserva confirmada: Sala Ipê',
        content: [
          { type: 'text/plain', value: 'Sala Ipê' },
          { type: 'text/html', value: '<p>Sala Ipê</p>' },
        ],
        attachments: [
          {
            content: Buffer.from(ICS).toString('base64'),
            ...{ type: 'text/calendar', filename: 'reserva.ics', disposition: 'attachment' },
          },
        ],
        headers: { 'Auto-Submitted': 'auto-generated' },
        tracking_settings: {
          click_tracking: { enable: false, enable_text: false },
          open_tracking: { enable: false },
        },
      },
    ]);
  });

  it('leaves out what there is not: attachments, names', async () => {
    const mensagem = { ...MENSAGEM, para: { nome: '', email: 'ana@exemplo.com' }, anexos: [] };
    expect(await enviar(porSendGrid(), mensagem)).toBe('sent');
    expect(sendgrid.received[0]).not.toHaveProperty('attachments');
    expect(sendgrid.received[0]?.personalizations[0]?.to).toEqual([{ email: 'ana@exemplo.com' }]);
  });

  it('says credentials when its key is not valid any more', async () => {
    sendgrid.key = 'another key';
    expect(await enviar(porSendGrid())).toEqual(['CREDENCIAIS', 'SendGrid HTTP 401']);
  });

  it.each<[string, Answer, unknown[]]>([
    [
      'the sender is not verified',
      sendGridError(403, { field: 'from' }),
      ['CREDENCIAIS', 'SendGrid HTTP 403'],
    ],
    ['the sender is none', sendGridError(400, { field: 'from.email' }), ['CREDENCIAIS', 'SendGrid HTTP 400']],
    [
      'the address is none, which it repeats',
      sendGridError(400, { field: 'personalizations.0.to.0.email', message: 'ana@exemplo.com' }),
      ['PERMANENTE', 'SendGrid HTTP 400'],
    ],
    ['the message is too large', sendGridError(413), ['PERMANENTE', 'SendGrid HTTP 413']],
    ['the error is no JSON of its kind', { status: 400, body: [null] }, ['PERMANENTE', 'SendGrid HTTP 400']],
    [
      'there were too many',
      sendGridError(429, { headers: { 'retry-after': '7' } }),
      ['INDISPONIVEL', 'SendGrid HTTP 429', 7_000],
    ],
    ['it has an outage', sendGridError(500), ['INDISPONIVEL', 'SendGrid HTTP 500']],
    ['the address of the API is another', { status: 404 }, ['INDISPONIVEL', 'SendGrid HTTP 404']],
    ['somebody else answers', { status: 200, body: {} }, ['INDISPONIVEL', 'SendGrid HTTP 200']],
  ])('says what it is when %s', async (_, tropeco, falha) => {
    sendgrid.faults.push(tropeco);
    expect(await enviar(porSendGrid())).toEqual(falha);
    expect(sendgrid.received).toEqual([]);
  });
});

describe('ResendCarteiro', () => {
  it('hands a message over as Resend documents it', async () => {
    expect(await enviar(porResend())).toBe('sent');
    expect(resend.received).toEqual([
      {
        from: 'Plataforma de Reservas <reservas@exemplo.com>',
        to: ['ana@exemplo.com'],
        subject: 'Reserva confirmada: Sala Ipê',
        text: 'Sala Ipê',
        html: '<p>Sala Ipê</p>',
        attachments: [
          {
            content: Buffer.from(ICS).toString('base64'),
            ...{ filename: 'reserva.ics', content_type: 'text/calendar; charset=utf-8; method=PUBLISH' },
          },
        ],
        headers: { 'Auto-Submitted': 'auto-generated' },
        tags: [{ name: 'notificacao', value: 'not_1' }],
      },
    ]);
    expect(resend.keys).toEqual([expect.stringMatching(/^not_1\/[0-9a-f]{32}$/)]);
  });

  it('is delivered once when the answer to the first attempt is lost', async () => {
    resend.faults.push('CUT_AFTER');
    expect(await enviar(porResend())).toEqual(['INDISPONIVEL', expect.stringMatching(/^Resend \w+$/)]);
    expect(await enviar(porResend())).toBe('sent');
    expect(resend.received).toHaveLength(1);
  });

  it('is another letter when it says something else under the same notification', async () => {
    expect(await enviar(porResend())).toBe('sent');
    expect(await enviar(porResend(), { ...MENSAGEM, texto: 'Sala Ipê e Sala Jatobá' })).toBe('sent');
    expect(resend.received).toHaveLength(2);
  });

  it('says credentials when its key is not valid any more', async () => {
    resend.key = 'another key';
    expect(await enviar(porResend())).toEqual(['CREDENCIAIS', 'Resend HTTP 401']);
  });

  it.each<[string, Answer, unknown[]]>([
    [
      'its key is no key',
      resendError(400, 'validation_error', { message: 'API key is invalid' }),
      ['CREDENCIAIS', 'Resend HTTP 400'],
    ],
    ['its domain is not verified', resendError(403, 'validation_error'), ['CREDENCIAIS', 'Resend HTTP 403']],
    ['the sender is none', resendError(422, 'invalid_from_address'), ['CREDENCIAIS', 'Resend HTTP 422']],
    [
      'the address is none',
      resendError(422, 'validation_error', { message: 'ana@exemplo.com' }),
      ['PERMANENTE', 'Resend HTTP 422'],
    ],
    [
      'the same is under way',
      resendError(409, 'concurrent_idempotent_requests'),
      ['INDISPONIVEL', 'Resend HTTP 409'],
    ],
    [
      'there were too many',
      resendError(429, 'rate_limit_exceeded', { headers: { 'retry-after': '2' } }),
      ['INDISPONIVEL', 'Resend HTTP 429', 2_000],
    ],
    ['the day is full', resendError(429, 'daily_quota_exceeded'), ['INDISPONIVEL', 'Resend HTTP 429']],
    ['it has an outage', resendError(500, 'application_error'), ['INDISPONIVEL', 'Resend HTTP 500']],
    ['somebody else answers', { status: 200, body: {} }, ['INDISPONIVEL', 'Resend HTTP 200']],
  ])('says what it is when %s', async (_, tropeco, falha) => {
    resend.faults.push(tropeco);
    expect(await enviar(porResend())).toEqual(falha);
    expect(resend.received).toEqual([]);
  });
});

describe.each<[string, () => [KeyedStandIn<unknown>, Carteiro<Mensagem>]]>([
  ['SendGrid', () => [sendgrid, porSendGrid()]],
  ['Resend', () => [resend, porResend()]],
])('%s, when the network fails', (nome, preparar) => {
  it.each<[Fault, string | RegExp]>([
    ['SILENCE', 'TimeoutError'],
    ['CUT', /^\w+ (?:UND_ERR_SOCKET|ECONNRESET)$/],
    ['ENDLESS', 'HTTP 500'],
    [{ status: 307, headers: { location: 'http://127.0.0.1:1/' } }, 'HTTP 307'],
  ])('is away after %j, within its time', async (tropeco, motivo) => {
    const [api, carteiro] = preparar();
    api.faults.push(tropeco);
    const antes = performance.now();
    expect(await enviar(carteiro)).toEqual([
      'INDISPONIVEL',
      motivo instanceof RegExp ? expect.stringMatching(motivo) : `${nome} ${motivo}`,
    ]);
    expect(performance.now() - antes).toBeLessThan(TIMEOUT_MS + 2_000);
    expect(api.requests).toBe(1);
  });

  it('is away when nobody listens', async () => {
    const [api, carteiro] = preparar();
    await api.stop();
    expect(await enviar(carteiro)).toEqual(['INDISPONIVEL', `${nome} ECONNREFUSED`]);
  });
});
