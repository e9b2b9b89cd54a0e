import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { Webhook } from 'standardwebhooks';

/** A request of a provider, signed as that provider documents it. */
export interface Assinado {
  readonly headers: Readonly<Record<string, string>>;
  readonly rest: string;
  readonly body: Buffer;
}

/** The keys of a SendGrid account. */
export function chavesSendGrid(): { privada: KeyObject; publica: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
  return { privada: privateKey, publica: publicKey };
}

const segundos = (em: Date) => Math.floor(em.getTime() / 1_000).toString();

export function porSendGrid(eventos: unknown, privada: KeyObject, em: Date): Assinado {
  // It ends its list with a line break, which is signed as well.
  const body = Buffer.from(`${JSON.stringify(eventos)}\r\n`);
  const horario = segundos(em);
  const assinatura = sign('sha256', Buffer.concat([Buffer.from(horario), body]), privada);
  return {
    headers: {
      'content-type': 'application/json',
      'x-twilio-email-event-webhook-signature': assinatura.toString('base64'),
      'x-twilio-email-event-webhook-timestamp': horario,
    },
    rest: '',
    body,
  };
}

/** By the library that others verify with. */
export function porResend(evento: unknown, segredo: Buffer, em: Date, id = 'msg_1'): Assinado {
  const texto = JSON.stringify(evento);
  return {
    headers: {
      'content-type': 'application/json',
      'svix-id': id,
      'svix-timestamp': segundos(em),
      'svix-signature': new Webhook(segredo.toString('base64')).sign(id, em, texto),
    },
    rest: '',
    body: Buffer.from(texto),
  };
}

interface DoTwilio {
  readonly url: string;
  readonly authToken: string;
  /** Of the message, at the end of the address. */
  readonly rest: string;
}

export function porTwilio(
  parametros: Readonly<Record<string, string>>,
  { url, authToken, rest }: DoTwilio,
): Assinado {
  const assinados = Object.entries(parametros)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([nome, valor]) => nome + valor)
    .join('');
  const assinatura = createHmac('sha1', authToken).update(`${url}/${rest}${assinados}`).digest('base64');
  return {
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-twilio-signature': assinatura },
    rest,
    body: Buffer.from(new URLSearchParams(parametros).toString()),
  };
}
