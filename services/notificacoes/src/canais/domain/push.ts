import { umaLinha } from './nome.ts';

/** What a device shows. */
export interface MensagemPush {
  /** Identity of the notification: a device shows one that comes again in the place of the one before. */
  readonly id: string;
  readonly titulo: string;
  readonly corpo: string;
  /** Where a touch on it leads, a path of the web site or app; left out when nowhere in particular. */
  readonly caminho?: string | undefined;
  /** Whether a device that sleeps is woken for it. */
  readonly urgente: boolean;
  /** How long a device that is out of reach is waited for; undefined: as long as the service does. */
  readonly validoAte: Date | undefined;
}

/** A device that Firebase Cloud Messaging reaches. */
export interface AparelhoFcm {
  readonly tipo: 'FCM';
  readonly token: string;
}

/** A browser that a push service reaches (RFC 8030), with the keys that messages to it are encrypted by (RFC 8291). */
export interface AparelhoWebPush {
  readonly tipo: 'WEB_PUSH';
  readonly endpoint: string;
  /** Point of P-256, uncompressed: 65 bytes in base64url. */
  readonly p256dh: string;
  /** 16 bytes in base64url. */
  readonly auth: string;
  /** Public key that it was made for: it takes messages that are signed by that one alone. */
  readonly chavePublica: string;
}

/** Where a message can be shown. */
export type Aparelho = AparelhoFcm | AparelhoWebPush;

/** A message to one device. */
export type PushPara<A extends Aparelho = Aparelho> = MensagemPush & { readonly aparelho: A };

/** Four bytes a character at most: with the path and the identity well below the 3,993 bytes of Web Push and the 4,096 of FCM. */
const MAX_TITULO = 100;
const MAX_CORPO = 400;
const CAMINHO = /^\/[\x21-\x7e]{0,400}$/;

/** FCM keeps nothing longer than four weeks, and push services mostly less. */
const MAX_TTL_S = 28 * 24 * 3_600;

/** The texts of a message as devices can show them: each one line, which is short whatever people call things. */
export function textosDe({ titulo, corpo, caminho = '' }: MensagemPush): {
  readonly titulo: string;
  readonly corpo: string;
  readonly caminho: string | undefined;
} {
  return {
    titulo: umaLinha(titulo, MAX_TITULO),
    corpo: umaLinha(corpo, MAX_CORPO),
    caminho: CAMINHO.test(caminho) ? caminho : undefined,
  };
}

/** Seconds until the message is no news any more. */
export function ttlDe({ validoAte }: Pick<MensagemPush, 'validoAte'>, agora: Date): number {
  if (validoAte === undefined) return MAX_TTL_S;
  const segundos = Math.floor((validoAte.getTime() - agora.getTime()) / 1_000);
  return Math.min(Math.max(segundos, 0), MAX_TTL_S);
}
