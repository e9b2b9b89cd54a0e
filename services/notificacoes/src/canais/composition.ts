import type { Clock } from '@plataforma/domain/clock';
import { ConfigError } from '@plataforma/runtime/config';
import type { Contato, Mensagem, MensagemSms } from './domain/mensagem.ts';
import {
  type CanalMontado,
  closing,
  montarCanal,
  type Provedor,
  type Vigias,
} from './infrastructure/canal.ts';
import { base, type EmailConfig, needed, type ProvedorDeEmail } from './infrastructure/email/email-config.ts';
import { ResendCarteiro } from './infrastructure/email/resend-carteiro.ts';
import { SendGridCarteiro } from './infrastructure/email/sendgrid-carteiro.ts';
import { SmtpCarteiro } from './infrastructure/email/smtp-carteiro.ts';
import { neededForSms, type ProvedorDeSms, type SmsConfig } from './infrastructure/sms/sms-config.ts';
import { TwilioCarteiro } from './infrastructure/sms/twilio-carteiro.ts';
import { VonageCarteiro } from './infrastructure/sms/vonage-carteiro.ts';

interface Deps extends Vigias {
  readonly config: EmailConfig & { readonly emailFrom: Contato };
  /** Messages that are under way at the same time. */
  readonly simultaneas: number;
}

/** E-mail, by the provider that the configuration chooses, and by another one where it names one. */
export function createEmail(deps: Deps): CanalMontado<Mensagem> {
  const { emailProvider: nome, emailFallbackProvider: outro } = deps.config;
  if (outro === undefined) return montarCanal('EMAIL', deps, [provedorDe(nome, deps)]);
  if (outro === nome) throw new ConfigError(['EMAIL_FALLBACK_PROVIDER is the same as EMAIL_PROVIDER']);
  return montarCanal('EMAIL', deps, [provedorDe(nome, deps), provedorDe(outro, deps)]);
}

function provedorDe(nome: ProvedorDeEmail, { config, simultaneas }: Deps): Provedor<Mensagem> {
  const { emailFrom: remetente } = config;
  if (nome === 'smtp') {
    const url = needed('smtp', 'SMTP_URL', config.smtpUrl);
    const smtp = new SmtpCarteiro({ url, remetente, maxConnections: simultaneas });
    return { nome, carteiro: smtp, background: [closing('smtp', smtp)] };
  }
  if (nome === 'sendgrid') {
    const chave = needed('sendgrid', 'SENDGRID_API_KEY', config.sendgridApiKey);
    const carteiro = new SendGridCarteiro({ url: base(config.sendgridUrl), chave, remetente });
    return { nome, carteiro, background: [] };
  }
  const chave = needed('resend', 'RESEND_API_KEY', config.resendApiKey);
  return {
    nome,
    carteiro: new ResendCarteiro({ url: base(config.resendUrl), chave, remetente }),
    background: [],
  };
}

interface SmsDeps extends Vigias {
  readonly config: SmsConfig & { readonly twilioWebhookUrl?: string | undefined };
  readonly clock: Clock;
}

/** SMS, by the provider that the configuration chooses; undefined where it chooses none. */
export function createSms(deps: SmsDeps): CanalMontado<MensagemSms> | undefined {
  const { smsProvider: nome, smsFallbackProvider: outro } = deps.config;
  if (nome === 'none') return undefined;
  if (outro === undefined) return montarCanal('SMS', deps, [smsPor(nome, deps)]);
  if (outro === nome) throw new ConfigError(['SMS_FALLBACK_PROVIDER is the same as SMS_PROVIDER']);
  return montarCanal('SMS', deps, [smsPor(nome, deps), smsPor(outro, deps)]);
}

function smsPor(nome: ProvedorDeSms, { config, clock }: SmsDeps): Provedor<MensagemSms> {
  const agora = () => clock.now().getTime();
  const carteiro = nome === 'twilio' ? porTwilio(config, agora) : porVonage(config, agora);
  return { nome, carteiro, background: [] };
}

function porTwilio(config: SmsDeps['config'], agora: () => number): TwilioCarteiro {
  const contaSid = neededForSms('twilio', 'TWILIO_ACCOUNT_SID', config.twilioAccountSid);
  return new TwilioCarteiro({
    ...{ url: base(config.twilioUrl), contaSid, usuario: config.twilioApiKeySid ?? contaSid },
    senha: neededForSms('twilio', 'TWILIO_AUTH_TOKEN', config.twilioAuthToken),
    remetente: neededForSms('twilio', 'TWILIO_FROM', config.twilioFrom),
    ...{ avisos: config.twilioWebhookUrl && base(config.twilioWebhookUrl), agora },
  });
}

function porVonage(config: SmsConfig, agora: () => number): VonageCarteiro {
  return new VonageCarteiro({
    url: base(config.vonageUrl),
    chave: neededForSms('vonage', 'VONAGE_API_KEY', config.vonageApiKey),
    segredo: neededForSms('vonage', 'VONAGE_API_SECRET', config.vonageApiSecret),
    remetente: neededForSms('vonage', 'VONAGE_FROM', config.vonageFrom),
    agora,
  });
}
