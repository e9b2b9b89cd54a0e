import { describe, expect, it } from '@jest/globals';
import { loadConfig } from '@plataforma/runtime/config';
import { createMetrics } from '@plataforma/runtime/metrics';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { pino } from 'pino';
import { createEmail, createSms } from './composition.ts';
import { emailFields } from './infrastructure/email/email-config.ts';
import { smsFields } from './infrastructure/sms/sms-config.ts';

const emailFrom = { nome: '', email: 'reservas@exemplo.com' };

function criar(env: Record<string, string>) {
  const deps = { simultaneas: 1, logger: pino({ level: 'silent' }), metrics: createMetrics('notificacoes') };
  return createEmail({ ...deps, config: { ...loadConfig(env, emailFields), emailFrom } });
}

describe('createEmail', () => {
  it.each([
    [{}, 'SMTP_URL is missing, which e-mail by smtp needs'],
    [{ EMAIL_PROVIDER: 'sendgrid' }, 'SENDGRID_API_KEY is missing, which e-mail by sendgrid needs'],
    [
      { EMAIL_PROVIDER: 'resend', SENDGRID_API_KEY: 'SG.0123456789abcdef' },
      'RESEND_API_KEY is missing, which e-mail by resend needs',
    ],
    [
      { SMTP_URL: 'smtp://127.0.0.1:1', EMAIL_FALLBACK_PROVIDER: 'sendgrid' },
      'SENDGRID_API_KEY is missing, which e-mail by sendgrid needs',
    ],
    [{ EMAIL_FALLBACK_PROVIDER: 'smtp' }, 'EMAIL_FALLBACK_PROVIDER is the same as EMAIL_PROVIDER'],
  ])('says of %j what is missing', (env, problema) => {
    expect(() => criar(env as Record<string, string>)).toThrow(problema);
  });

  it('knows no other provider', () => {
    expect(() => criar({ EMAIL_PROVIDER: 'pombo' })).toThrow(
      'EMAIL_PROVIDER needs one of smtp, sendgrid, resend',
    );
  });

  it.each([
    [{ SMTP_URL: 'smtp://127.0.0.1:1' }, ['smtp']],
    [{ EMAIL_PROVIDER: 'sendgrid', SENDGRID_API_KEY: 'SG.0123456789abcdef' }, []],
    [{ EMAIL_PROVIDER: 'resend', RESEND_API_KEY: 're_0123456789abcdef' }, []],
    [
      {
        ...{ EMAIL_PROVIDER: 'resend', RESEND_API_KEY: 're_0123456789abcdef' },
        ...{ EMAIL_FALLBACK_PROVIDER: 'smtp', SMTP_URL: 'smtp://127.0.0.1:1' },
      },
      ['smtp', 'email'],
    ],
  ])('keeps for %j the connections that there are', async (env, nomes) => {
    const { background } = criar(env as unknown as Record<string, string>);
    expect(background.map(({ name }) => name)).toEqual(nomes);
    for (const { stop } of background) await stop();
  });
});

describe('createSms', () => {
  const criarSms = (env: Record<string, string>) =>
    createSms({
      config: loadConfig(env, smsFields),
      clock: new FixedClock('2026-11-20T13:00:00Z'),
      logger: pino({ level: 'silent' }),
      metrics: createMetrics('notificacoes'),
    });
  const twilio = {
    ...{ TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`, TWILIO_AUTH_TOKEN: '0123456789abcdef' },
    TWILIO_FROM: '+15005550006',
  };

  it('makes no channel of none', () => {
    expect(criarSms({})).toBeUndefined();
  });

  it.each([
    [{ SMS_PROVIDER: 'twilio' }, 'TWILIO_ACCOUNT_SID is missing, which SMS by twilio needs'],
    [
      { ...twilio, SMS_PROVIDER: 'twilio', TWILIO_FROM: '11987654321' },
      'TWILIO_FROM is not as twilio has them',
    ],
    [
      { ...twilio, SMS_PROVIDER: 'twilio', SMS_FALLBACK_PROVIDER: 'vonage' },
      'VONAGE_API_KEY is missing, which SMS by vonage needs',
    ],
    [
      { ...twilio, SMS_PROVIDER: 'twilio', SMS_FALLBACK_PROVIDER: 'twilio' },
      'SMS_FALLBACK_PROVIDER is the same as SMS_PROVIDER',
    ],
  ])('says of %j what is missing', (env, problema) => {
    expect(() => criarSms(env)).toThrow(problema);
  });
});
