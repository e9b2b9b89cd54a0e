import { ApiFalsa, type Pedido, type RespostaFalsa } from './api-falsa.ts';
import { objeto, texto } from './forma.ts';

/** What is read of a message here; see the documentation of the Messages resource for all there may be. */
export interface CorpoTwilio {
  readonly To: string;
  readonly Body: string;
  readonly From?: string;
  readonly MessagingServiceSid?: string;
  readonly StatusCallback?: string;
  readonly ValidityPeriod?: string;
}

/** Of an account that does not exist. */
export const CONTA = `AC${'0'.repeat(31)}1`;

const CORPO = objeto({
  To: texto(/^\+[1-9]\d{6,14}$/),
  Body: texto(/^.{1,1600}$/su),
  'From?': texto(/^\+[1-9]\d{6,14}$/),
  'MessagingServiceSid?': texto(/^MG[0-9a-f]{32}$/i),
  'StatusCallback?': texto(/^https?:\/\//),
  // From one second to ten hours.
  'ValidityPeriod?': texto(/^(?:[1-9]\d{0,3}|[12]\d{4}|3[0-5]\d{3}|36000)$/),
});

/** By the name of the field. */
const CODIGOS: Readonly<Record<string, number>> = {
  To: 21211,
  Body: 21617,
  From: 21212,
  ValidityPeriod: 21624,
};

export const erroTwilio = (
  status: number,
  code: number,
  { cabecalhos = {} }: { cabecalhos?: Readonly<Record<string, string>> } = {},
): RespostaFalsa => ({
  status,
  cabecalhos,
  corpo: {
    ...{ code, message: `The number +5511987654321 (${code})`, status },
    more_info: `https://www.twilio.com/docs/errors/${code}`,
  },
});

/** Twilio as it documents itself: a form under Basic, 201 with a `sid`, no idempotency. */
export class TwilioFalso extends ApiFalsa {
  readonly received: CorpoTwilio[];

  constructor(usuario = CONTA) {
    const received: CorpoTwilio[] = [];
    super({
      caminho: `/2010-04-01/Accounts/${CONTA}/Messages.json`,
      tipo: 'application/x-www-form-urlencoded',
      autorizacao: (chave) => `Basic ${Buffer.from(`${usuario}:${chave}`).toString('base64')}`,
      semChave: erroTwilio(401, 20003),
      conferir({ corpo }: Pedido) {
        const errado = CORPO(corpo, '');
        if (errado !== undefined) return erroTwilio(400, CODIGOS[errado] ?? 20001);
        const { From, MessagingServiceSid } = corpo as CorpoTwilio;
        if (From === undefined && MessagingServiceSid === undefined) return erroTwilio(400, 21603);
        return undefined;
      },
      aceitar({ corpo }: Pedido) {
        received.push(corpo as CorpoTwilio);
        const sid = `SM${String(received.length).padStart(32, '0')}`;
        return { status: 201, corpo: { sid, status: 'queued', error_code: null, num_segments: '1' } };
      },
    });
    this.received = received;
  }
}
