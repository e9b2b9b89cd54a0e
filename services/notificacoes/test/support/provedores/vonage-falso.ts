import { ApiFalsa, type Pedido, type RespostaFalsa } from './api-falsa.ts';
import { objeto, texto } from './forma.ts';

/** What is read of a message here; see the documentation of the SMS API for all there may be. */
export interface CorpoVonage {
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly type: string;
  readonly 'client-ref': string;
  readonly ttl?: string;
}

export const CHAVE_VONAGE = 'abcd1234';

const CORPO = objeto({
  from: texto(/^(?:[1-9]\d{6,14}|[A-Za-z0-9]{1,11})$/),
  to: texto(/^[1-9]\d{6,14}$/),
  text: texto(),
  type: texto(/^(?:text|unicode)$/),
  'client-ref': texto(/^.{1,100}$/),
  'ttl?': texto(/^\d{5,9}$/),
});

export const erroVonage = (status: string): RespostaFalsa => ({
  status: 200,
  corpo: {
    'message-count': '1',
    messages: [{ to: '5511987654321', status, 'error-text': 'about +5511987654321' }],
  },
});

/** Vonage as it documents itself: a form under Basic, always 200, with a status for each part. */
export class VonageFalso extends ApiFalsa {
  readonly received: CorpoVonage[];

  constructor() {
    const received: CorpoVonage[] = [];
    super({
      caminho: '/sms/json',
      tipo: 'application/x-www-form-urlencoded',
      autorizacao: (chave) => `Basic ${Buffer.from(`${CHAVE_VONAGE}:${chave}`).toString('base64')}`,
      semChave: erroVonage('4'),
      conferir: ({ corpo }: Pedido) => (CORPO(corpo, '') === undefined ? undefined : erroVonage('3')),
      aceitar({ corpo }: Pedido) {
        const { to } = corpo as CorpoVonage;
        received.push(corpo as CorpoVonage);
        const id = `0A0000000${received.length}`;
        return {
          status: 200,
          corpo: {
            'message-count': '1',
            messages: [{ to, 'message-id': id, status: '0', network: '72405' }],
          },
        };
      },
    });
    this.received = received;
  }
}
