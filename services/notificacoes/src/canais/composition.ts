import type { Background } from '@plataforma/runtime/service';
import type { Carteiro } from './application/carteiro.ts';
import type { Contato } from './domain/mensagem.ts';
import { CanalObservado } from './infrastructure/canal-observado.ts';
import { base, type EmailConfig, needed } from './infrastructure/email/email-config.ts';
import { ResendCarteiro } from './infrastructure/email/resend-carteiro.ts';
import { SendGridCarteiro } from './infrastructure/email/sendgrid-carteiro.ts';
import { SmtpCarteiro } from './infrastructure/email/smtp-carteiro.ts';

interface Deps extends Omit<ConstructorParameters<typeof CanalObservado>[1], 'provedor'> {
  readonly config: EmailConfig & { readonly emailFrom: Contato };
  /** Messages that are under way at the same time. */
  readonly simultaneas: number;
}

/** What a channel is made of. */
interface Canal {
  readonly carteiro: Carteiro;
  /** The connections that are kept between messages. */
  readonly background: readonly Background[];
}

/** E-mail, by the provider that the configuration chooses. */
export function createEmail({ config, simultaneas, logger, metrics }: Deps): Canal {
  const { emailProvider: provedor, emailFrom: remetente } = config;
  const observado = (carteiro: Carteiro) => new CanalObservado(carteiro, { provedor, logger, metrics });
  if (provedor === 'smtp') {
    const url = needed('smtp', 'SMTP_URL', config.smtpUrl);
    const smtp = new SmtpCarteiro({ url, remetente, maxConnections: simultaneas });
    return { carteiro: observado(smtp), background: [connections(smtp)] };
  }
  const carteiro =
    provedor === 'sendgrid'
      ? new SendGridCarteiro({
          url: base(config.sendgridUrl),
          chave: needed('sendgrid', 'SENDGRID_API_KEY', config.sendgridApiKey),
          remetente,
        })
      : new ResendCarteiro({
          url: base(config.resendUrl),
          chave: needed('resend', 'RESEND_API_KEY', config.resendApiKey),
          remetente,
        });
  return { carteiro: observado(carteiro), background: [] };
}

function connections(carteiro: { close(): void }): Background {
  return { name: 'smtp', start: async () => {}, stop: async () => carteiro.close() };
}
