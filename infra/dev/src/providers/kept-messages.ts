/** A message as a provider was given it. */
export interface KeptMessage {
  readonly channel: 'SMS' | 'PUSH';
  readonly at: string;
  readonly from: string;
  readonly to: string;
  /** Empty for an SMS. */
  readonly title: string;
  readonly text: string;
  /** What an SMS is charged as; 1 for a push message. */
  readonly parts: number;
}

const MOST = 500;

/** The last 500 messages, newest first. */
export class KeptMessages {
  #messages: readonly KeptMessage[] = [];

  get all(): readonly KeptMessage[] {
    return this.#messages;
  }

  add(message: KeptMessage): void {
    this.#messages = [message, ...this.#messages].slice(0, MOST);
  }

  clear(): void {
    this.#messages = [];
  }
}

/** Of the alphabet of GSM 03.38, and those that count twice. */
const GSM =
  /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà^{}\\[~\]|€\f]*$/u;
const TWICE = /[\^{}\\[~\]|€\f]/gu;

/** How many parts an SMS has, as providers count them: 160 characters in one and 153 in each of several; in Unicode 70 and 67. */
export function partsOf(text: string): number {
  const gsm = GSM.test(text);
  const length = gsm ? text.length + (text.match(TWICE)?.length ?? 0) : text.length;
  const [one, each] = gsm ? [160, 153] : [70, 67];
  return length <= one ? 1 : Math.ceil(length / each);
}
