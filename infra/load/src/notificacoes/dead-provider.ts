import { middle, round } from '../stats.ts';
import { dropSms, writeDue } from './messages.ts';
import type { NotificacoesAlone } from './notificacoes-alone.ts';
import { sendByService } from './sending.ts';

/** E-mails a second without and with a provider of SMS that takes requests and never answers. */
export interface DeadProvider {
  readonly pairs: ReadonlyArray<{ readonly without: number; readonly beside: number }>;
  /** Of the medians. */
  readonly ratio: number;
}

/** More than are ever in hand. */
const HANGING_SMS = 200;

/** Both are configured alike. Nothing is due by SMS without, and more than the lane can hold beside. */
const SMS = {
  SMS_PROVIDER: 'twilio',
  TWILIO_ACCOUNT_SID: `AC${'0'.repeat(32)}`,
  TWILIO_AUTH_TOKEN: '0'.repeat(32),
  TWILIO_FROM: '+15005550006',
};

/** How much slower e-mails leave while the provider of another channel hangs: pairs of runs, in turns first. */
export async function benchDeadProvider(
  alone: NotificacoesAlone,
  { messages, pairs }: { messages: number; pairs: number },
): Promise<DeadProvider> {
  const env = { ...SMS, TWILIO_URL: alone.httpUrl };
  const results: Array<{ without: number; beside: number }> = [];
  const send = async (name: string) => (await sendByService(alone, 'http', messages, name, env)).perSecond;
  const beside = async (name: string) => {
    await writeDue(alone.sql, HANGING_SMS, `${name}s`, 'SMS');
    try {
      const perSecond = await send(name);
      if ((await alone.taken()).sms === 0) throw new Error('no SMS has hung');
      return perSecond;
    } finally {
      await dropSms(alone.sql);
    }
  };
  for (let n = 0; n < pairs; n++) {
    const first = n % 2 === 0 ? await send(`w${n}`) : undefined;
    const second = await beside(`b${n}`);
    const pair = { without: first ?? (await send(`w${n}`)), beside: second };
    console.error(`dead: ${pair.beside}/s beside a dead provider, ${pair.without}/s without`);
    results.push(pair);
  }
  const [of, by] = [middle(results, ({ without }) => without), middle(results, ({ beside }) => beside)];
  return { pairs: results, ratio: round(by.beside / of.without, 2) };
}
