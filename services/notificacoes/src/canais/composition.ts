import { ConfigError } from '@plataforma/runtime/config';
import type { Contato, Mensagem } from './domain/mensagem.ts';
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
