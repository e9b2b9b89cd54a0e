import { type ConfigOf, type Field, flag, list, optional, url } from '@plataforma/runtime/config';
import { type ContaDeServico, lerContaDeServico } from './conta-de-servico.ts';
import { PUSH_SERVICES } from './endpoint.ts';
import { type ChaveVapid, lerChaveVapid } from './vapid.ts';

const parsed = <T>(name: string, parse: (text: string) => T): Field<T> => ({
  ...{ name, parse, optional: false, fallback: undefined },
});

/** Some push services take no blanks in it, and no angle brackets. */
const CONTATO = /^(?:mailto:[^\s<>@]+@[^\s<>@]+|https:\/\/[^\s<>]+)$/;

function contato(texto: string): string {
  if (!CONTATO.test(texto)) throw new Error('needs mailto: and an address, or an https:// URL');
  return texto;
}

/** What the room reads from the environment of push messages. Without keys there are none. */
export const pushFields = {
  /** The file of credentials of a service account that may send, or its path. */
  fcmServiceAccount: optional<ContaDeServico>(parsed('PUSH_FCM_SERVICE_ACCOUNT', lerContaDeServico)),
  fcmUrl: url('PUSH_FCM_URL', ['https', 'http'], { default: 'https://fcm.googleapis.com' }),
  /** Signs for push services. Browsers subscribe with its public half: another one loses all subscriptions. */
  vapidPrivateKey: optional<ChaveVapid>(parsed('WEB_PUSH_VAPID_PRIVATE_KEY', lerChaveVapid)),
  /** Whom an operator of a push service can ask. */
  webPushSubject: optional(parsed('WEB_PUSH_SUBJECT', contato)),
  webPushHosts: list('WEB_PUSH_HOSTS', { default: PUSH_SERVICES }),
  /** Whether this machine may be a push service, also by `http`: for development. */
  webPushAllowLoopback: flag('WEB_PUSH_ALLOW_LOOPBACK', { default: false }),
};

export type PushConfig = ConfigOf<typeof pushFields>;
