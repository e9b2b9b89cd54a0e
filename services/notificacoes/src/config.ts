import { type ConfigOf, type Field, flag, hexKeys, secret, text } from '@plataforma/runtime/config';
import { commonFields } from '@plataforma/runtime/service-config';
import type { Contato } from './canais/domain/mensagem.ts';
import { emailFields } from './canais/infrastructure/email/email-config.ts';
import { pushFields } from './canais/infrastructure/push/push-config.ts';
import { smsFields } from './canais/infrastructure/sms/sms-config.ts';
import { historicoFields } from './historico/infrastructure/historico-config.ts';
import { descadastroFields } from './preferencias/infrastructure/descadastro-config.ts';
import { retornosFields } from './retornos/infrastructure/retornos-config.ts';
import { telefonesFields } from './telefones/infrastructure/telefones-config.ts';

const MAILBOX =
  /^(?:(?<nome>[^<>@"\p{Cc}]*?)\s*<(?<entre>[^\s<>@]+@[^\s<>@]+)>|(?<so>[^\s<>@]+@[^\s<>@]+))$/u;

/** Who a message comes from: `Name <address>` or an address alone. */
const mailbox = (name: string): Field<Contato> => ({
  name,
  optional: false,
  fallback: undefined,
  parse(text) {
    const { nome = '', entre, so } = MAILBOX.exec(text)?.groups ?? {};
    const email = entre ?? so;
    if (email === undefined) throw new Error('needs an address such as "Plataforma <reservas@exemplo.com>"');
    return { nome, email };
  },
});

/** What notificacoes reads from its environment. */
export const fields = {
  ...commonFields,
  /** `host:port` of the gRPC listener of auth, which has the keys of what events say about people. */
  authAddress: text('AUTH_GRPC_ADDRESS'),
  /** Proves to auth that this is notificacoes. */
  serviceSecret: secret('SERVICE_SECRET'),
  ...emailFields,
  /** Its domain also names messages and calendar entries: keep it. */
  emailFrom: mailbox('EMAIL_FROM'),
  ...pushFields,
  ...retornosFields,
  ...descadastroFields,
  ...smsFields,
  ...telefonesFields,
  ...historicoFields,
  /** Seal the keys that sign outgoing webhooks: the first one new ones, all of them open. */
  webhookKeys: hexKeys('WEBHOOK_KEYS', { minBytes: 32 }),
  /** Whether webhooks may go to this machine, also by `http`: for development. */
  webhookAllowLoopback: flag('WEBHOOK_ALLOW_LOOPBACK', { default: false }),
};

export type NotificacoesConfig = ConfigOf<typeof fields>;
