import { ConfigError, type ConfigOf, oneOf, optional, secret, url } from '@plataforma/runtime/config';

const HTTP = ['https', 'http'];
const PROVIDERS = ['smtp', 'sendgrid', 'resend'] as const;

/** What carries e-mails. */
export type ProvedorDeEmail = (typeof PROVIDERS)[number];

/** What the room reads from the environment. */
export const emailFields = {
  emailProvider: oneOf('EMAIL_PROVIDER', PROVIDERS, { default: 'smtp' }),
  /** Takes what the first one does not take because of itself. */
  emailFallbackProvider: optional(oneOf('EMAIL_FALLBACK_PROVIDER', PROVIDERS)),
  /** `smtp://user:password@host:port`, or `smtps://` for TLS from the first byte. */
  smtpUrl: optional(url('SMTP_URL', ['smtp', 'smtps'])),
  sendgridApiKey: optional(secret('SENDGRID_API_KEY')),
  sendgridUrl: url('SENDGRID_URL', HTTP, { default: 'https://api.sendgrid.com' }),
  resendApiKey: optional(secret('RESEND_API_KEY')),
  resendUrl: url('RESEND_URL', HTTP, { default: 'https://api.resend.com' }),
};

export type EmailConfig = ConfigOf<typeof emailFields>;

/** @throws ConfigError when what the provider that is chosen needs is not there. */
export function needed(provider: ProvedorDeEmail, variable: string, value: string | undefined): string {
  if (value !== undefined) return value;
  throw new ConfigError([`${variable} is missing, which e-mail by ${provider} needs`]);
}

/** Paths are put behind it. */
export const base = (address: string): string => address.replace(/\/+$/, '');
