import { poll } from './poll.ts';

/** An e-mail, as far as the demo looks. */
export interface Email {
  readonly subject: string;
  readonly text?: string;
  readonly attachments?: ReadonlyArray<{ readonly filename?: string }>;
}

/** Where the e-mails of a stack end. */
export interface Mailbox {
  /** Of what is sent by SMTP: maildev. */
  readonly inboxUrl: string;
  /** Of what other providers are stood in for: the page of messages. */
  readonly messagesUrl: string;
}

/** A message, as the page of messages has it. */
interface Shown {
  readonly channel: string;
  readonly to: string;
  readonly title: string;
  readonly text: string;
  readonly files: readonly string[];
}

/** The e-mail to an address whose subject begins so, as soon as it has come. @throws Error when it does not */
export function emailTo(mailbox: Mailbox, address: string, subject: string): Promise<Email> {
  return poll(`The e-mail "${subject}"`, async () => {
    const emails = await Promise.all([inInbox(mailbox, address), shown(mailbox, address)]);
    return emails.flat().find((one) => one.subject.startsWith(subject));
  });
}

const inInbox = ({ inboxUrl }: Mailbox, address: string) =>
  listAt<Email>(`${inboxUrl}/api/email?to.address=${encodeURIComponent(address)}`);

async function shown({ messagesUrl }: Mailbox, address: string): Promise<Email[]> {
  const messages = await listAt<Shown>(`${messagesUrl}/messages`);
  return messages
    .filter(({ channel, to }) => channel === 'EMAIL' && to === address)
    .map(({ title: subject, text, files }) => ({
      ...{ subject, text, attachments: files.map((filename) => ({ filename })) },
    }));
}

async function listAt<T>(url: string): Promise<T[]> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) });
  return (await response.json()) as T[];
}
