import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { byResend } from '@plataforma/testing/providers/signed-events';
import { TWILIO_ACCOUNT } from '@plataforma/testing/providers/twilio';
import { VONAGE_ACCOUNT } from '@plataforma/testing/providers/vonage';
import { freePort } from '@plataforma/testing/servers/ports';
import type { Mensagem } from '../../../../services/notificacoes/src/canais/domain/mensagem.ts';
import { ResendCarteiro } from '../../../../services/notificacoes/src/canais/infrastructure/email/resend-carteiro.ts';
import { SendGridCarteiro } from '../../../../services/notificacoes/src/canais/infrastructure/email/sendgrid-carteiro.ts';
import { TwilioCarteiro } from '../../../../services/notificacoes/src/canais/infrastructure/sms/twilio-carteiro.ts';
import { VonageCarteiro } from '../../../../services/notificacoes/src/canais/infrastructure/sms/vonage-carteiro.ts';
import type { LeitorDeRetornos } from '../../../../services/notificacoes/src/retornos/application/ports.ts';
import { LeitorResend } from '../../../../services/notificacoes/src/retornos/infrastructure/provedores/resend.ts';
import { LeitorSendGrid } from '../../../../services/notificacoes/src/retornos/infrastructure/provedores/sendgrid.ts';
import { LeitorTwilio } from '../../../../services/notificacoes/src/retornos/infrastructure/provedores/twilio.ts';
import { tell } from './outcome.ts';
import { Providers } from './providers.ts';

/** What the platform was told, as its own HTTP listener hands it on. */
const told: Array<{ path: string; headers: IncomingHttpHeaders; body: Buffer }> = [];
const KEY = 'chave-dos-substitutos';
const TOKEN = 'assina-o-que-foi-feito';
const SECRET = Buffer.alloc(24, 7);
const REMETENTE = { nome: 'Plataforma', email: 'reservas@plataforma.local' };
const ofSendGrid = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });

let platform: Server;
let webhooks: string;
let providers: Providers;

beforeAll(async () => {
  platform = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    told.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) });
    response.end();
  }).listen(0, '127.0.0.1');
  await once(platform, 'listening');
  webhooks = `http://127.0.0.1:${(platform.address() as AddressInfo).port}`;
  const port = await freePort();
  providers = new Providers({
    ...{ port, key: KEY, eventsUrl: webhooks, twilioAuthToken: KEY, twilioWebhookToken: TOKEN },
    sendGridWebhookKey: ofSendGrid.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
    resendWebhookSecret: `whsec_${SECRET.toString('base64')}`,
    fcmPublicKey: generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey.export({
      ...{ type: 'spki', format: 'pem' },
    }) as string,
    webPushPublicKey: '',
  });
  await providers.start(port);
});
beforeEach(() => {
  told.length = 0;
  providers.received.length = 0;
});
afterAll(async () => {
  await providers.stop();
  platform.closeAllConnections();
  platform.close();
});

/** What the service reads in all that it was told, in the order in which it came. */
function read(leitor: LeitorDeRetornos, rest = '') {
  return told.map(({ headers, body }) => {
    const leitura = leitor.ler({ headers, rest, body }, new Date());
    if ('recusado' in leitura) return leitura.recusado;
    return leitura.retornos.map(({ notificacaoId, situacao }) => `${notificacaoId} ${situacao}`).join();
  });
}

describe('what becomes of a letter', () => {
  const letter = (email: string): Mensagem => ({
    ...{
      id: 'not_1',
      para: { nome: 'Ana', email },
      assunto: 'Reserva',
      texto: 'Sala Ipê',
      html: '<p>Sala Ipê</p>',
    },
    anexos: [{ nome: 'reserva.ics', tipo: 'text/calendar; charset=utf-8', conteudo: 'BEGIN:VCALENDAR' }],
  });
  const byThem = [
    [
      'SendGrid',
      () => new SendGridCarteiro({ url: providers.url, chave: KEY, remetente: REMETENTE }),
      new LeitorSendGrid([ofSendGrid.publicKey]),
    ],
    [
      'Resend',
      () => new ResendCarteiro({ url: providers.url, chave: KEY, remetente: REMETENTE }),
      new LeitorResend([SECRET]),
    ],
  ] as const;

  it.each(byThem)(
    'is told by %s as the beginning of its address says, and it is shown',
    async (_, carteiro, leitor) => {
      for (const [to, situacao] of [
        ['ana@exemplo.com', 'ENTREGUE'],
        ['bounced@exemplo.com', 'DEVOLVIDA'],
        ['complained+ana@exemplo.com', 'RECLAMADA'],
      ] as const) {
        told.length = 0;
        expect((await carteiro().enviar(letter(to))).isFailure).toBe(false);
        await eventually(() => expect(read(leitor)).toEqual([`not_1 ${situacao}`]));
      }
      expect(providers.received).toMatchObject([
        {
          channel: 'EMAIL',
          to: 'ana@exemplo.com',
          title: 'Reserva',
          text: 'Sala Ipê',
          files: ['reserva.ics'],
        },
        { to: 'bounced@exemplo.com' },
        { to: 'complained+ana@exemplo.com' },
      ]);
    },
  );
});

it('takes letters without what the platform puts into them, as the documentation allows', async () => {
  const post = (path: string, body: object) =>
    fetch(`${providers.url}${path}`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
        'idempotency-key': 'uma',
      },
      body: JSON.stringify({ subject: 'Oi', ...body }),
    });
  const [from, to] = [{ email: 'reservas@plataforma.local' }, { email: 'ana@exemplo.com' }];
  const content = ['plain', 'html'].map((kind) => ({ type: `text/${kind}`, value: 'Oi' }));
  const bySendGrid = await post('/v3/mail/send', { personalizations: [{ to: [to] }], from, content });
  const byResend = await post('/emails', { from: from.email, to: [to.email], html: 'Oi', text: 'Oi' });
  expect([bySendGrid.status, byResend.status]).toEqual([202, 200]);
  expect(providers.received).toHaveLength(2);
  await eventually(() => expect(told.map(({ path }) => path).sort()).toEqual(['/resend', '/sendgrid']));
});

describe('what becomes of an SMS', () => {
  const sms = { id: 'not_1', texto: 'Sala Ipê', validoAte: undefined };

  it.each([
    ['+5511987654321', 'ENTREGUE'],
    ['+5511987650000', 'NAO_ENTREGUE'],
  ])('to %s is told where the message says: that it was sent, then its end', async (para, situacao) => {
    const carteiro = new TwilioCarteiro({
      ...{ url: providers.url, contaSid: TWILIO_ACCOUNT, usuario: TWILIO_ACCOUNT, senha: KEY },
      ...{ remetente: '+15005550006', avisos: `${webhooks}/twilio`, agora: Date.now },
    });
    expect((await carteiro.enviar({ ...sms, para })).isFailure).toBe(false);
    const leitor = new LeitorTwilio({ url: `${webhooks}/twilio`, authToken: TOKEN });
    await eventually(() => expect(read(leitor, 'not_1')).toEqual(['', `not_1 ${situacao}`]));
    expect(told.map(({ path }) => path)).toEqual(['/twilio/not_1', '/twilio/not_1']);
  });

  it('by the other vendor is shown, and nothing is told', async () => {
    const carteiro = new VonageCarteiro({
      ...{ url: providers.url, chave: VONAGE_ACCOUNT, segredo: KEY, remetente: 'Plataforma' },
      agora: Date.now,
    });
    expect((await carteiro.enviar({ ...sms, para: '+5511987654321' })).isFailure).toBe(false);
    expect(providers.received).toMatchObject([{ channel: 'SMS', to: '+5511987654321', text: 'Sala Ipê' }]);
  });

  it.each([
    ['this machine', () => webhooks, 1],
    ['no other one', () => 'http://exemplo.invalid', 0],
  ])('is told to %s', async (_, url, times) => {
    let made = 0;
    await tell(url(), (at) => {
      made += 1;
      return byResend({}, SECRET, at);
    });
    expect([made, told.length]).toEqual([times, times]);
  });
});
