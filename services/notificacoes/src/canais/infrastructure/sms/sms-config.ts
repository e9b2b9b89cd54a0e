import { ConfigError, type ConfigOf, oneOf, optional, secret, text, url } from '@plataforma/runtime/config';

const HTTP = ['https', 'http'];
const PROVIDERS = ['twilio', 'vonage'] as const;

/** What carries SMS. */
export type ProvedorDeSms = (typeof PROVIDERS)[number];

/** What the room reads from the environment for SMS. */
export const smsFields = {
  /** Nothing goes by SMS with `none`. */
  smsProvider: oneOf('SMS_PROVIDER', ['none', ...PROVIDERS], { default: 'none' }),
  /** Takes what the first one does not take because of itself. */
  smsFallbackProvider: optional(oneOf('SMS_FALLBACK_PROVIDER', PROVIDERS)),
  twilioAccountSid: optional(text('TWILIO_ACCOUNT_SID')),
  /** Of an API key, whose secret `TWILIO_AUTH_TOKEN` is then; without it that is the token of the account. */
  twilioApiKeySid: optional(text('TWILIO_API_KEY_SID')),
  twilioAuthToken: optional(secret('TWILIO_AUTH_TOKEN')),
  /** Number in E.164, or `MG...` of a Messaging Service. */
  twilioFrom: optional(text('TWILIO_FROM')),
  twilioUrl: url('TWILIO_URL', HTTP, { default: 'https://api.twilio.com' }),
  vonageApiKey: optional(text('VONAGE_API_KEY')),
  vonageApiSecret: optional(secret('VONAGE_API_SECRET')),
  vonageFrom: optional(text('VONAGE_FROM')),
  vonageUrl: url('VONAGE_URL', HTTP, { default: 'https://rest.nexmo.com' }),
};

export type SmsConfig = ConfigOf<typeof smsFields>;

const FORMAS = {
  TWILIO_ACCOUNT_SID: /^AC[0-9a-f]{32}$/i,
  TWILIO_AUTH_TOKEN: /^\S{16,}$/,
  TWILIO_FROM: /^(?:\+[1-9]\d{6,14}|MG[0-9a-f]{32})$/i,
  VONAGE_API_KEY: /^\w{8}$/,
  VONAGE_API_SECRET: /^\S{6,}$/,
  VONAGE_FROM: /^(?:[1-9]\d{6,14}|[A-Za-z0-9]{1,11})$/,
} as const;

/** @throws ConfigError when what the provider that is chosen needs is not there, or cannot be it. */
export function neededForSms(
  provider: ProvedorDeSms,
  variable: keyof typeof FORMAS,
  value: string | undefined,
): string {
  if (value === undefined) throw new ConfigError([`${variable} is missing, which SMS by ${provider} needs`]);
  if (!FORMAS[variable].test(value)) throw new ConfigError([`${variable} is not as ${provider} has them`]);
  return value;
}
