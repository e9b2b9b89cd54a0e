import { randomUUID } from 'node:crypto';
import { byTwilio } from '@plataforma/testing/providers/signed-events';
import { TWILIO_ACCOUNT, type TwilioMessage } from '@plataforma/testing/providers/twilio';
import { tell } from './outcome.ts';

/** Numbers that are remembered. */
const MOST = 500;

/** The words that Twilio handles by itself (help.twilio.com, 223134027): nothing more goes to who has answered one of the first. */
const STOP = new Set(['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT', 'REVOKE', 'OPTOUT']);
const START = new Set(['START', 'YES', 'UNSTOP']);

/** The telephones of people, whose owners answer what was sent there. */
export class Telephones {
  readonly #authToken: string | undefined;
  readonly #reached = new Map<string, TwilioMessage>();
  readonly #stopped = new Set<string>();

  /** @param authToken signs what people answer; without it nothing is told */
  constructor(authToken: string | undefined) {
    this.#authToken = authToken;
  }

  /** Whether its owner has answered STOP. */
  stopped(number: string): boolean {
    return this.#stopped.has(number);
  }

  reached(message: TwilioMessage): void {
    this.#reached.delete(message.To);
    this.#reached.set(message.To, message);
    for (const oldest of this.#reached.keys()) {
      if (this.#reached.size <= MOST) break;
      this.#reached.delete(oldest);
      this.#stopped.delete(oldest);
    }
  }

  /**
   * Tells what was answered, as Twilio does, to the address beside that of the callbacks of the last message there. False for a number that was sent
   * nothing.
   */
  async answer(number: string, text: string): Promise<boolean> {
    const { StatusCallback: callback, From, MessagingServiceSid } = this.#reached.get(number) ?? {};
    const authToken = this.#authToken;
    if (callback === undefined || authToken === undefined) return false;
    const word = text.trim().toUpperCase();
    if (STOP.has(word)) this.#stopped.add(number);
    if (START.has(word)) this.#stopped.delete(number);
    const sid = `SM${randomUUID().replaceAll('-', '')}`;
    const fields = {
      ...{ AccountSid: TWILIO_ACCOUNT, ApiVersion: '2010-04-01', MessageSid: sid, SmsSid: sid },
      ...{ From: number, To: From ?? MessagingServiceSid ?? '', Body: text, NumMedia: '0', NumSegments: '1' },
    };
    const url = new URL('respostas', callback).href;
    await tell(url, () => byTwilio(fields, { url, authToken, rest: '' }));
    return true;
  }
}
