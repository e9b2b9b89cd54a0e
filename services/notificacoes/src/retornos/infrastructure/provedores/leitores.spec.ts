import { createHash, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  byResend,
  bySendGrid,
  byTwilio,
  type SignedEvent,
} from '@plataforma/testing/providers/signed-events';
import { Webhook } from 'standardwebhooks';
import type { LeitorDeRetornos } from '../../application/ports.ts';
import { LeitorResend } from './resend.ts';
import { LeitorSendGrid } from './sendgrid.ts';
import { LeitorTwilio } from './twilio.ts';

const agora = new Date('2026-11-20T13:00:00Z');
const daqui = (ms: number) => new Date(agora.getTime() + ms);
const SEGREDO = Buffer.alloc(24, 3);
const novasChaves = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const CHAVES = novasChaves();
const TWILIO = { url: 'https://api.exemplo.com/api/v1/webhooks/twilio', authToken: 'token de twilio' };

const sendgrid = new LeitorSendGrid([novasChaves().publicKey, CHAVES.publicKey]);
const resend = new LeitorResend([Buffer.alloc(24, 9), SEGREDO]);
const twilio = new LeitorTwilio(TWILIO);

const DO_SENDGRID = {
  ...{ email: 'Ana@exemplo.com', timestamp: Math.floor(agora.getTime() / 1_000) - 60 },
  ...{ event: 'bounce', type: 'bounce', status: '5.1.1', reason: '550 5.1.1 <ana@exemplo.com> unknown' },
  ...{ sg_event_id: 'evt_1', sg_message_id: 'abc.recvd-1', notificacao: 'not_1' },
};
const DO_RESEND = {
  type: 'email.bounced',
  created_at: '2026-11-20T12:59:00.000Z',
  data: {
    ...{ email_id: 're_1', to: ['ana@exemplo.com'], subject: 'Reserva' },
    bounce: { message: '<ana@exemplo.com> unknown', subType: 'General', type: 'Permanent' },
    tags: { notificacao: 'not_1' },
  },
};
const DO_TWILIO = {
  MessageSid: 'SM1',
  MessageStatus: 'undelivered',
  ErrorCode: '30005',
  To: '+5511987654321',
};

type Caso = readonly [string, LeitorDeRetornos, (em?: Date) => SignedEvent];
const CASOS: readonly Caso[] = [
  ['SendGrid', sendgrid, (em = agora) => bySendGrid([DO_SENDGRID], CHAVES.privateKey, em)],
  ['Resend', resend, (em = agora) => byResend(DO_RESEND, SEGREDO, em)],
  ['Twilio', twilio, () => byTwilio(DO_TWILIO, { ...TWILIO, rest: 'not_1' })],
];

it('is Resend played as the library signs that others verify by', () => {
  const { headers, body } = byResend(DO_RESEND, SEGREDO, agora, 'msg_1');
  const signature = new Webhook(SEGREDO.toString('base64')).sign('msg_1', agora, body.toString('utf8'));
  expect(headers['svix-signature']).toBe(signature);
});

/** What was read, in short: `[situacao, descadastra]` of each; or why nothing was. */
function lido(leitor: LeitorDeRetornos, pedido: SignedEvent): unknown {
  const leitura = leitor.ler(pedido, agora);
  return 'recusado' in leitura
    ? leitura.recusado
    : leitura.retornos.map(({ situacao, descadastra }) => [situacao, descadastra]);
}

describe.each(CASOS)('a request of %s', (_, leitor, assinado) => {
  const com = (headers: object): SignedEvent => {
    const pedido = assinado();
    return { ...pedido, headers: { ...pedido.headers, ...headers } };
  };

  it('is read when its signature holds', () => {
    expect(leitor.ler(assinado(), agora)).toMatchObject({ retornos: [{ notificacaoId: 'not_1' }] });
  });

  it('is refused when one byte of it was altered', () => {
    const pedido = assinado();
    const body = Buffer.from(pedido.body);
    body[body.length - 4] = (body[body.length - 4] ?? 0) ^ 1;
    expect(lido(leitor, { ...pedido, body })).toBe('signature');
  });

  it.each(['', 'x', 'v1,', 'v1,AAAA', '='.repeat(10_000), Buffer.alloc(32).toString('base64')])(
    'is refused when it is signed by %j',
    (assinatura) => {
      const [nome] = Object.keys(assinado().headers).filter((um) => um.endsWith('signature'));
      expect(lido(leitor, com({ [nome ?? '']: assinatura }))).toBe('signature');
    },
  );

  it('is refused without a header that it needs, or with one twice', () => {
    for (const nome of Object.keys(assinado().headers).filter((um) => um !== 'content-type'))
      for (const valor of [undefined, ['a', 'b']])
        expect(lido(leitor, com({ [nome]: valor }))).toBe('malformed header');
  });

  it('is refused as another kind of content', () => {
    for (const tipo of [undefined, 'text/plain', 'multipart/form-data'])
      expect(lido(leitor, com({ 'content-type': tipo }))).toBe('content type');
  });

  it('tells no address and no text of its provider', () => {
    const leitura = JSON.stringify(leitor.ler(assinado(), agora));
    expect(leitura).not.toMatch(/exemplo\.com|unknown|5511/i);
  });
});

describe.each(CASOS.slice(0, 2))('the time of a request of %s', (_, leitor, assinado) => {
  it.each([-300_000, 0, 300_000])('is believed %i ms from now', (ms) => {
    expect(lido(leitor, assinado(daqui(ms)))).toHaveLength(1);
  });

  it.each([-301_000, 301_000])('is not believed %i ms from now', (ms) => {
    expect(lido(leitor, assinado(daqui(ms)))).toBe('time stamp');
  });
});

describe('what SendGrid tells', () => {
  const dito = (mudanca: object) =>
    lido(sendgrid, bySendGrid([{ ...DO_SENDGRID, ...mudanca }], CHAVES.privateKey, agora));

  it.each([
    ['delivered', { event: 'delivered' }, ['ENTREGUE', false]],
    ['deferred', { event: 'deferred' }, ['ATRASADA', false]],
    ['bounced', {}, ['DEVOLVIDA', false]],
    ['blocked', { type: 'blocked' }, ['NAO_ENTREGUE', false]],
    [
      'dropped, for it came back before',
      { event: 'dropped', reason: 'Bounced Address' },
      ['DEVOLVIDA', false],
    ],
    ['dropped, for it is no address', { event: 'dropped', reason: 'Invalid' }, ['DEVOLVIDA', false]],
    [
      'dropped, for its reader complained',
      { event: 'dropped', reason: 'Spam Reporting Address' },
      ['NAO_ENTREGUE', true],
    ],
    [
      'dropped, for its reader unsubscribed',
      { event: 'dropped', reason: 'Unsubscribed Address' },
      ['NAO_ENTREGUE', true],
    ],
    ['dropped for another reason', { event: 'dropped', reason: 'constructor' }, ['NAO_ENTREGUE', false]],
    ['a complaint', { event: 'spamreport' }, ['RECLAMADA', true]],
    ['an unsubscription', { event: 'unsubscribe' }, ['DESCADASTRADA', true]],
    ['an unsubscription from a group', { event: 'group_unsubscribe' }, ['DESCADASTRADA', true]],
  ])('is read: %s', (_, mudanca, esperado) => {
    expect(dito(mudanca)).toEqual([esperado]);
  });

  it.each([
    ['opened', { event: 'open' }],
    ['of a message of others', { notificacao: undefined }],
    ['of no message of ours', { notificacao: "not_1' or 1=1" }],
    ['with an endless identity', { notificacao: `not_${'a'.repeat(50)}` }],
    ['without a name of its own', { sg_event_id: '' }],
    ['with an endless name', { sg_event_id: 'a'.repeat(201) }],
    ['with a name that cannot be stored', { sg_event_id: 'a\0b' }],
  ])('does not matter: %s', (_, mudanca) => {
    expect(dito(mudanca)).toEqual([]);
  });

  it('is counted when it does not matter', () => {
    const pedido = bySendGrid([DO_SENDGRID, null, 1, 'a', [], {}], CHAVES.privateKey, agora);
    expect(sendgrid.ler(pedido, agora)).toMatchObject({ retornos: [{}], ignorados: 5 });
  });

  it.each([[{}], ['a'], [null]])('is refused when it is %j and no list', (corpo) => {
    expect(lido(sendgrid, bySendGrid(corpo, CHAVES.privateKey, agora))).toBe('not a list of events');
  });

  it('happened when it says so, and not in the future', () => {
    const em = (timestamp: unknown) => {
      const leitura = sendgrid.ler(
        bySendGrid([{ ...DO_SENDGRID, timestamp }], CHAVES.privateKey, agora),
        agora,
      );
      return 'retornos' in leitura && leitura.retornos[0]?.ocorridoEm;
    };
    expect(em(agora.getTime() / 1_000 - 60)).toEqual(daqui(-60_000));
    for (const errado of [agora.getTime() / 1_000 + 60, 1e300, -1, 'ontem', null])
      expect(em(errado)).toEqual(agora);
  });

  it('names codes only', () => {
    expect(sendgrid.ler(bySendGrid([DO_SENDGRID], CHAVES.privateKey, agora), agora)).toMatchObject({
      retornos: [{ detalhe: 'SendGrid bounce 5.1.1' }],
    });
  });
});

describe('what Resend tells', () => {
  const dito = (type: string, data: object = {}) =>
    lido(resend, byResend({ ...DO_RESEND, type, data: { ...DO_RESEND.data, ...data } }, SEGREDO, agora));

  it.each([
    ['email.delivered', {}, ['ENTREGUE', false]],
    ['email.delivery_delayed', {}, ['ATRASADA', false]],
    ['email.bounced', {}, ['DEVOLVIDA', false]],
    ['email.bounced', { bounce: { type: 'Transient' } }, ['NAO_ENTREGUE', false]],
    ['email.bounced', { bounce: { type: 'Undetermined' } }, ['NAO_ENTREGUE', false]],
    ['email.bounced', { bounce: null }, ['NAO_ENTREGUE', false]],
    ['email.failed', {}, ['NAO_ENTREGUE', false]],
    ['email.suppressed', {}, ['DEVOLVIDA', false]],
    ['email.complained', {}, ['RECLAMADA', true]],
    ['email.complained', { tags: [{ name: 'notificacao', value: 'not_1' }] }, ['RECLAMADA', true]],
  ])('is read: %s %j', (type, data, esperado) => {
    expect(dito(type, data)).toEqual([esperado]);
  });

  it.each([
    ['email.opened', {}],
    ['email.sent', {}],
    ['constructor', {}],
    ['email.delivered', { tags: undefined }],
    ['email.delivered', { tags: [] }],
    ['email.delivered', { tags: { notificacao: 'res_1' } }],
  ])('does not matter: %s %j', (type, data) => {
    expect(dito(type, data)).toEqual([]);
  });

  it('is read by either of two keys while they change, and by the right signature of several', () => {
    const pedido = byResend(DO_RESEND, SEGREDO, agora);
    const varias = ['v1a,AAAA', 'v1,AAAA', pedido.headers['svix-signature']].join(' ');
    const headers = { ...pedido.headers, 'svix-signature': varias };
    expect(lido(resend, { ...pedido, headers })).toHaveLength(1);
    expect(lido(new LeitorResend([Buffer.alloc(24, 9)]), pedido)).toBe('signature');
  });
});

describe('what Twilio tells', () => {
  const dito = (mudanca: object, rest = 'not_1') =>
    lido(twilio, byTwilio({ ...DO_TWILIO, ...mudanca }, { ...TWILIO, rest }));

  it.each([
    [{ MessageStatus: 'delivered', ErrorCode: '' }, ['ENTREGUE', false]],
    [{}, ['NAO_ENTREGUE', false]],
    [{ MessageStatus: 'failed', ErrorCode: '30007' }, ['NAO_ENTREGUE', false]],
    [{ MessageStatus: 'failed', ErrorCode: '21610' }, ['NAO_ENTREGUE', true]],
  ])('is read: %j', (mudanca, esperado) => {
    expect(dito(mudanca)).toEqual([esperado]);
  });

  it('names the number where it decides something about it, by its digest, and nowhere else', () => {
    const endereco = (mudanca: object) => {
      const leitura = twilio.ler(byTwilio({ ...DO_TWILIO, ...mudanca }, { ...TWILIO, rest: 'not_1' }), agora);
      return 'retornos' in leitura && leitura.retornos[0]?.endereco?.toString('hex');
    };
    const digesto = createHash('sha256').update('+5511987654321').digest('hex');
    expect(endereco({ MessageStatus: 'failed', ErrorCode: '21610' })).toBe(digesto);
    expect(endereco({})).toBeUndefined();
  });

  it('does not matter while the message is on its way, or is not of ours', () => {
    expect(dito({ MessageStatus: 'sent' })).toEqual([]);
    expect(dito({}, 'res_1')).toEqual([]);
  });

  it('is about the message that the signed address names, and no other', () => {
    const pedido = byTwilio(DO_TWILIO, { ...TWILIO, rest: 'not_1' });
    expect(lido(twilio, { ...pedido, rest: 'not_2' })).toBe('signature');
  });

  it('is the same event when the same state is told again', () => {
    const nome = (mudanca: object) => {
      const pedido = byTwilio({ ...DO_TWILIO, ...mudanca }, { ...TWILIO, rest: 'not_1' });
      const leitura = twilio.ler(pedido, agora);
      return 'retornos' in leitura && leitura.retornos[0]?.eventoId;
    };
    expect([nome({}), nome({ RawDlrDoneDate: '2611201300' }), nome({ MessageStatus: 'delivered' })]).toEqual([
      ...['SM1/undelivered', 'SM1/undelivered', 'SM1/delivered'],
    ]);
  });

  it('is refused with more parameters than anybody sends', () => {
    const body = Buffer.from('a=1&'.repeat(201));
    expect(lido(twilio, { ...byTwilio({}, { ...TWILIO, rest: 'not_1' }), body })).toBe('too many parameters');
  });
});
