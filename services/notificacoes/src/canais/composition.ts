import { ConfigError } from '@plataforma/runtime/config';
import type { Background } from '@plataforma/runtime/service';
import type { Carteiro } from './application/carteiro.ts';
import type { Contato } from './domain/mensagem.ts';
import { CanalObservado } from './infrastructure/canal-observado.ts';
import { CarteiroComReserva } from './infrastructure/carteiro-com-reserva.ts';
import { base, type EmailConfig, needed, type ProvedorDeEmail } from './infrastructure/email/email-config.ts';
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

/** E-mail, by the provider that the configuration chooses, and by another one where it names one. */
export function createEmail(deps: Deps): Canal {
  const { emailProvider: nome, emailFallbackProvider: outro } = deps.config;
  if (outro === undefined) return canalDe(nome, deps);
  if (outro === nome) throw new ConfigError(['EMAIL_FALLBACK_PROVIDER is the same as EMAIL_PROVIDER']);
  const [primeiro, reserva] = [canalDe(nome, deps), canalDe(outro, deps)];
  const carteiro = new CarteiroComReserva({
    ...{ primeiro: primeiro.carteiro, reserva: reserva.carteiro },
    aoMudar: (estado) =>
      deps.logger.warn({ provedor: nome, reserva: outro, estado }, 'breaker of e-mail changed'),
  });
  const background = [...primeiro.background, ...reserva.background, closing('email', carteiro)];
  return { carteiro, background };
}

function canalDe(provedor: ProvedorDeEmail, deps: Deps): Canal {
  const { config, simultaneas, logger, metrics } = deps;
  const { emailFrom: remetente } = config;
  const observado = (carteiro: Carteiro) => new CanalObservado(carteiro, { provedor, logger, metrics });
  if (provedor === 'smtp') {
    const url = needed('smtp', 'SMTP_URL', config.smtpUrl);
    const smtp = new SmtpCarteiro({ url, remetente, maxConnections: simultaneas });
    return { carteiro: observado(smtp), background: [closing('smtp', smtp)] };
  }
  return { carteiro: observado(porApi(provedor, config)), background: [] };
}

function porApi(provedor: Exclude<ProvedorDeEmail, 'smtp'>, config: Deps['config']): Carteiro {
  const { emailFrom: remetente } = config;
  if (provedor === 'sendgrid') {
    const chave = needed('sendgrid', 'SENDGRID_API_KEY', config.sendgridApiKey);
    return new SendGridCarteiro({ url: base(config.sendgridUrl), chave, remetente });
  }
  const chave = needed('resend', 'RESEND_API_KEY', config.resendApiKey);
  return new ResendCarteiro({ url: base(config.resendUrl), chave, remetente });
}

const closing = (name: string, what: { close(): void }): Background => ({
  name,
  start: async () => {},
  stop: async () => what.close(),
});
