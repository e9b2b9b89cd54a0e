import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { type KeyedStandIn, PROVIDER_KEY } from '@plataforma/testing/providers/keyed-stand-in';
import type { Answer, Fault } from '@plataforma/testing/providers/stand-in';
import { TWILIO_ACCOUNT, TwilioStandIn, twilioError } from '@plataforma/testing/providers/twilio';
import { VONAGE_ACCOUNT, VonageStandIn, vonageError } from '@plataforma/testing/providers/vonage';
import type { Carteiro } from '../../src/canais/application/carteiro.ts';
import type { MensagemSms } from '../../src/canais/domain/mensagem.ts';
import { CarteiroComReserva } from '../../src/canais/infrastructure/carteiro-com-reserva.ts';
import { TwilioCarteiro } from '../../src/canais/infrastructure/sms/twilio-carteiro.ts';
import { VonageCarteiro } from '../../src/canais/infrastructure/sms/vonage-carteiro.ts';

const AGORA = Date.parse('2026-11-20T13:00:00Z');
const TIMEOUT_MS = 500;
/** A busy machine is no failure. */
const DEVAGAR_MS = 10_000;
const SERVICO = `MG${'a'.repeat(32)}`;
const MENSAGEM: MensagemSms = {
  ...{ id: 'not_1', para: '+5511987654321', texto: 'Reserva confirmada & paga: R$ 250,00 + 10%' },
  validoAte: new Date(AGORA + 3_600_500),
};

let twilio: TwilioStandIn;
let vonage: VonageStandIn;

beforeEach(async () => {
  [twilio, vonage] = [new TwilioStandIn(), new VonageStandIn()];
  await Promise.all([twilio.start(), vonage.start()]);
});

afterEach(() => Promise.all([twilio.stop(), vonage.stop()]));

const porTwilio = (outras: Partial<ConstructorParameters<typeof TwilioCarteiro>[0]> = {}) =>
  new TwilioCarteiro({
    ...{
      url: twilio.url,
      contaSid: TWILIO_ACCOUNT,
      usuario: TWILIO_ACCOUNT,
      senha: PROVIDER_KEY,
      remetente: '+15005550006',
    },
    ...{ avisos: undefined, timeoutMs: DEVAGAR_MS, agora: () => AGORA, ...outras },
  });
const porVonage = (timeoutMs = DEVAGAR_MS) =>
  new VonageCarteiro({
    ...{ url: vonage.url, chave: VONAGE_ACCOUNT, segredo: PROVIDER_KEY, remetente: 'Plataforma' },
    ...{ timeoutMs, agora: () => AGORA },
  });

/** What became of a message: what the provider calls it, or kind, text and what it says of the number. */
async function enviar(carteiro: Carteiro<MensagemSms>, mensagem = MENSAGEM): Promise<unknown> {
  const enviada = await carteiro.enviar(mensagem);
  if (!enviada.isFailure) return enviada.value;
  const { tipo, message, depoisDeMs, sobreODestino } = enviada.error;
  return [tipo, message, ...(depoisDeMs > 0 ? [depoisDeMs] : []), ...(sobreODestino ? [sobreODestino] : [])];
}

describe('TwilioCarteiro', () => {
  it('hands a message over as Twilio documents it, and keeps its name for it', async () => {
    const idDoProvedor = expect.stringMatching(/^SM[0-9a-f]{32}$/);
    expect(await enviar(porTwilio())).toEqual({ provedor: 'twilio', idDoProvedor });
    expect(twilio.received).toEqual([
      { To: '+5511987654321', From: '+15005550006', Body: MENSAGEM.texto, ValidityPeriod: '3600' },
    ]);
  });

  it('sends by a Messaging Service, and says where to tell what becomes of it', async () => {
    const avisos = 'https://api.exemplo.com/twilio';
    await enviar(porTwilio({ remetente: SERVICO, avisos }), { ...MENSAGEM, validoAte: undefined });
    expect(twilio.received).toEqual([
      {
        To: '+5511987654321',
        MessagingServiceSid: SERVICO,
        Body: MENSAGEM.texto,
        StatusCallback: `${avisos}/not_1`,
      },
    ]);
  });

  it('signs in with a key of the account', async () => {
    await twilio.stop();
    twilio = new TwilioStandIn({ user: 'SK1' });
    await twilio.start();
    expect(await enviar(porTwilio())).toEqual(['CREDENCIAIS', 'Twilio HTTP 401 20003']);
    expect(await enviar(porTwilio({ usuario: 'SK1' }))).toMatchObject({ provedor: 'twilio' });
  });

  it.each([
    [-5_000, '1'],
    [999, '1'],
    [60_000, '60'],
    [36_000_000, '36000'],
    [86_400_000, '36000'],
  ])('lets a message that is of use for %i ms wait for %s s', async (ms, segundos) => {
    await enviar(porTwilio(), { ...MENSAGEM, validoAte: new Date(AGORA + ms) });
    expect(twilio.received[0]?.ValidityPeriod).toBe(segundos);
  });

  it.each<[string, Answer, unknown]>([
    ['the key is refused', twilioError(401, 20003), ['CREDENCIAIS', 'Twilio HTTP 401 20003']],
    ['the account may not', twilioError(403, 20403), ['CREDENCIAIS', 'Twilio HTTP 403 20403']],
    ['our number is not ours', twilioError(400, 21606), ['CREDENCIAIS', 'Twilio HTTP 400 21606']],
    [
      'our Messaging Service has no number',
      twilioError(400, 21704),
      ['CREDENCIAIS', 'Twilio HTTP 400 21704'],
    ],
    ['where to tell is no address', twilioError(400, 21609), ['CREDENCIAIS', 'Twilio HTTP 400 21609']],
    ...([21408, 21608, 21612, 21657, 21703] as const).map((codigo): [string, Answer, unknown] => [
      `it does not go there for us (${codigo})`,
      twilioError(400, codigo),
      ['PERMANENTE', `Twilio HTTP 400 ${codigo}`, 'FORA_DE_ALCANCE'],
    ]),
    [
      'the country is not switched on, under another status',
      twilioError(403, 21408),
      ['PERMANENTE', 'Twilio HTTP 403 21408', 'FORA_DE_ALCANCE'],
    ],
    [
      'it is a number of a service',
      twilioError(400, 21268),
      ['PERMANENTE', 'Twilio HTTP 400 21268', 'INEXISTENTE'],
    ],
    ['it is a short code', twilioError(400, 21265), ['PERMANENTE', 'Twilio HTTP 400 21265', 'INEXISTENTE']],
    ['it suspects the number for now', twilioError(400, 30450), ['TEMPORARIA', 'Twilio HTTP 400 30450']],
    ['we have had our share of a day', twilioError(400, 63038), ['INDISPONIVEL', 'Twilio HTTP 400 63038']],
    ['it is being maintained', twilioError(400, 21730), ['INDISPONIVEL', 'Twilio HTTP 400 21730']],
    ['the number is none', twilioError(400, 21211), ['PERMANENTE', 'Twilio HTTP 400 21211', 'INEXISTENTE']],
    ['it is no mobile', twilioError(400, 21614), ['PERMANENTE', 'Twilio HTTP 400 21614', 'INEXISTENTE']],
    ['it is a landline', twilioError(400, 21635), ['PERMANENTE', 'Twilio HTTP 400 21635', 'INEXISTENTE']],
    ['they answered STOP', twilioError(400, 21610), ['PERMANENTE', 'Twilio HTTP 400 21610', 'RECUSADO']],
    ['the text is too long', twilioError(400, 21617), ['PERMANENTE', 'Twilio HTTP 400 21617']],
    [
      'it is too much at once',
      twilioError(429, 20429, { headers: { 'retry-after': '7' } }),
      ['INDISPONIVEL', 'Twilio HTTP 429 20429', 7_000],
    ],
    ['our queue there is full', twilioError(400, 21611), ['INDISPONIVEL', 'Twilio HTTP 400 21611']],
    ['it has a pause', { status: 503 }, ['INDISPONIVEL', 'Twilio HTTP 503']],
    ['it fails behind the door', twilioError(500, 20500), ['INCERTA', 'Twilio HTTP 500 20500']],
    ['it is not asked for in time', { status: 504 }, ['INCERTA', 'Twilio HTTP 504']],
    ['the address is another one', { status: 404 }, ['INDISPONIVEL', 'Twilio HTTP 404']],
    ['somebody else answers', { status: 200, body: {} }, ['INDISPONIVEL', 'Twilio HTTP 200']],
    [
      'it takes the message and sends it nowhere',
      { status: 201, body: { sid: `SM${'1'.repeat(32)}`, status: 'failed', error_code: 30006 } },
      ['PERMANENTE', 'Twilio HTTP 201 30006', 'INEXISTENTE'],
    ],
  ])('says what it is, and no number, when %s', async (_, tropeco, falha) => {
    twilio.faults.push(tropeco);
    expect(await enviar(porTwilio())).toEqual(falha);
    expect(twilio.received).toEqual([]);
  });
});

describe('VonageCarteiro', () => {
  it('hands a message over as Vonage documents it, and keeps its name for it', async () => {
    expect(await enviar(porVonage())).toEqual({
      provedor: 'vonage',
      idDoProvedor: expect.stringMatching(/./),
    });
    expect(vonage.received).toEqual([
      {
        ...{ from: 'Plataforma', to: '5511987654321', text: MENSAGEM.texto, type: 'text' },
        ...{ 'client-ref': 'not_1', ttl: '3600500' },
      },
    ]);
  });

  it('says so when the letters need it', async () => {
    await enviar(porVonage(), { ...MENSAGEM, texto: '会議室', validoAte: undefined });
    expect(vonage.received).toMatchObject([{ text: '会議室', type: 'unicode' }]);
  });

  it.each<[string, Answer, unknown]>([
    ['it is too much at once', vonageError('1'), ['INDISPONIVEL', 'Vonage HTTP 200 1']],
    ['the key is refused', vonageError('4'), ['CREDENCIAIS', 'Vonage HTTP 200 4']],
    ['there is no credit', vonageError('9'), ['CREDENCIAIS', 'Vonage HTTP 200 9']],
    ['it fails behind the door', vonageError('5'), ['INCERTA', 'Vonage HTTP 200 5']],
    ['the message is none', vonageError('6'), ['PERMANENTE', 'Vonage HTTP 200 6']],
    ['the number is barred', vonageError('7'), ['PERMANENTE', 'Vonage HTTP 200 7', 'RECUSADO']],
    [
      'it does not go there from our number',
      vonageError('15'),
      ['PERMANENTE', 'Vonage HTTP 200 15', 'FORA_DE_ALCANCE'],
    ],
    [
      'the number is none of those it may try',
      vonageError('29'),
      ['PERMANENTE', 'Vonage HTTP 200 29', 'FORA_DE_ALCANCE'],
    ],
    ['the number is given up', vonageError('33'), ['PERMANENTE', 'Vonage HTTP 200 33', 'INEXISTENTE']],
    ['somebody else answers', { status: 200, body: {} }, ['INDISPONIVEL', 'Vonage HTTP 200']],
    ['it has an outage', { status: 502 }, ['INCERTA', 'Vonage HTTP 502']],
    [
      'one part of it is not taken',
      { status: 200, body: { messages: [{ status: '0', 'message-id': 'a' }, { status: '9' }] } },
      ['CREDENCIAIS', 'Vonage HTTP 200 9'],
    ],
  ])('says what it is, and no number, when %s', async (_, tropeco, falha) => {
    vonage.faults.push(tropeco);
    expect(await enviar(porVonage())).toEqual(falha);
    expect(vonage.received).toEqual([]);
  });
});

describe.each<[string, () => [KeyedStandIn<unknown>, Carteiro<MensagemSms>]]>([
  ['Twilio', () => [twilio, porTwilio({ timeoutMs: TIMEOUT_MS })]],
  ['Vonage', () => [vonage, porVonage(TIMEOUT_MS)]],
])('%s, when the network fails', (nome, preparar) => {
  it.each<[Fault, string, string | RegExp]>([
    ['SILENCE', 'INCERTA', 'TimeoutError'],
    ['CUT', 'INCERTA', /^\w+ (?:UND_ERR_SOCKET|ECONNRESET)$/],
    ['CUT_AFTER', 'INCERTA', /^\w+ (?:UND_ERR_SOCKET|ECONNRESET)$/],
    ['ENDLESS', 'INCERTA', 'HTTP 500'],
    [{ status: 307, headers: { location: 'http://127.0.0.1:1/' } }, 'INDISPONIVEL', 'HTTP 307'],
  ])('does not know after %j, within its time, and asks once', async (tropeco, tipo, motivo) => {
    const [api, carteiro] = preparar();
    api.faults.push(tropeco);
    const antes = performance.now();
    const texto = motivo instanceof RegExp ? expect.stringMatching(motivo) : `${nome} ${motivo}`;
    expect(await enviar(carteiro)).toEqual([tipo, texto]);
    expect(performance.now() - antes).toBeLessThan(TIMEOUT_MS + 2_000);
    expect(api.requests).toBe(1);
  });

  it('is away when nobody listens: nothing was sent', async () => {
    const [api, carteiro] = preparar();
    await api.stop();
    expect(await enviar(carteiro)).toEqual(['INDISPONIVEL', `${nome} ECONNREFUSED`]);
  });
});

describe('SMS with a second provider', () => {
  let carteiro: CarteiroComReserva<MensagemSms>;

  beforeEach(() => {
    const opcoes = {
      nome: 'sms',
      primeiro: porTwilio(),
      reserva: porVonage(),
      aoMudar() {},
      resetMs: 60_000,
    };
    carteiro = new CarteiroComReserva(opcoes);
  });

  afterEach(() => carteiro.close());

  it('hands it what the first one surely has not', async () => {
    twilio.faults.push(twilioError(429, 20429));
    expect(await enviar(carteiro)).toMatchObject({ provedor: 'vonage' });
  });

  it('hands it what the first one does not carry to that number, and keeps the first one for all others', async () => {
    for (const _ of [1, 2, 3, 4]) {
      twilio.faults.push(twilioError(400, 21408));
      expect(await enviar(carteiro)).toMatchObject({ provedor: 'vonage' });
    }
    expect(await enviar(carteiro)).toMatchObject({ provedor: 'twilio' });
  });

  it('hands it nothing that the first one may have taken, and all else once the first one is not trusted any more', async () => {
    twilio.faults.push('CUT_AFTER', { status: 504 }, { status: 500 });
    for (const _ of [1, 2, 3]) expect(await enviar(carteiro)).toMatchObject({ 0: 'INCERTA' });
    expect([twilio.received.length, vonage.received.length]).toEqual([1, 0]);
    await eventually(async () => expect(await enviar(carteiro)).toMatchObject({ provedor: 'vonage' }));
  });
});
