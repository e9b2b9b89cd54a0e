import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** A message as the server got it. */
export interface Received {
  readonly to: readonly string[];
  readonly raw: string;
}

/** A refusal in the words of SMTP. */
interface Refusal {
  readonly code: number;
  readonly at: 'RCPT' | 'DATA';
}

/** A real SMTP server that keeps what it accepts, and refuses or stalls when told to. */
export class SmtpInbox {
  readonly received: Received[] = [];
  /** Answers to the next messages, first to last; then everything is accepted. */
  readonly refusals: Refusal[] = [];
  /** Messages are accepted only after it resolves. */
  hold: Promise<void> = Promise.resolve();
  /** Messages that are here whole and have no answer yet. */
  held = 0;
  #server: SMTPServer | undefined;
  #port = 0;

  get url(): string {
    return `smtp://127.0.0.1:${this.#port}`;
  }

  /** `Message-ID` of every message, the part before the `@`. */
  get ids(): string[] {
    return this.received.map(({ raw }) => /^message-id: <([^@]+)@/im.exec(raw)?.[1] ?? '');
  }

  /** Again on the same port after `stop`. */
  async start(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      onRcptTo: (_address, _session, done) => done(this.#refusal('RCPT')),
      onData: (stream, session, done) => {
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk));
        stream.on('end', () => void this.#receive(Buffer.concat(chunks), session).then(done));
      },
    });
    server.on('error', () => undefined);
    await new Promise<void>((resolve, reject) => {
      server.server.once('error', reject);
      server.listen(this.#port, '127.0.0.1', resolve);
    });
    const address = server.server.address();
    if (address !== null && typeof address === 'object') this.#port = address.port;
    this.#server = server;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    await new Promise<void>((resolve) => server.close(resolve));
  }

  async #receive(raw: Buffer, session: SMTPServerSession): Promise<Error | undefined> {
    this.held += 1;
    await this.hold;
    this.held -= 1;
    const refusal = this.#refusal('DATA');
    if (refusal) return refusal;
    const to = session.envelope.rcptTo.map(({ address }) => address);
    this.received.push({ to, raw: raw.toString('latin1') });
    return undefined;
  }

  #refusal(at: Refusal['at']): Error | undefined {
    if (this.refusals[0]?.at !== at) return undefined;
    const code = this.refusals.shift()?.code;
    return Object.assign(new Error('4.7.1 <ana@exemplo.com> not now'), { responseCode: code });
  }
}
