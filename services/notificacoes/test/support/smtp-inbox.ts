import { SMTPServer, type SMTPServerSession } from 'smtp-server';

/** A message as the server got it. */
export interface Recebida {
  readonly para: readonly string[];
  readonly bruta: string;
}

/** A refusal in the words of SMTP. */
interface Recusa {
  readonly codigo: number;
  readonly em: 'RCPT' | 'DATA';
}

/** A real SMTP server that keeps what it accepts, and refuses or stalls when told to. */
export class SmtpInbox {
  readonly recebidas: Recebida[] = [];
  /** Answers to the next messages, first to last; then everything is accepted. */
  readonly recusas: Recusa[] = [];
  /** Messages are accepted only after it resolves. */
  espera: Promise<void> = Promise.resolve();
  /** Messages that are here whole and have no answer yet. */
  emEspera = 0;
  #server: SMTPServer | undefined;
  #port = 0;

  get url(): string {
    return `smtp://127.0.0.1:${this.#port}`;
  }

  /** `Message-ID` of every message, the part before the `@`. */
  get ids(): string[] {
    return this.recebidas.map(({ bruta }) => /^message-id: <([^@]+)@/im.exec(bruta)?.[1] ?? '');
  }

  /** Again on the same port after `stop`. */
  async start(): Promise<void> {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      disableReverseLookup: true,
      onRcptTo: (_address, _session, done) => done(this.#refusal('RCPT')),
      onData: (stream, session, done) => {
        const pedacos: Buffer[] = [];
        stream.on('data', (pedaco: Buffer) => pedacos.push(pedaco));
        stream.on('end', () => void this.#receive(Buffer.concat(pedacos), session).then(done));
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

  async #receive(bruta: Buffer, session: SMTPServerSession): Promise<Error | undefined> {
    this.emEspera += 1;
    await this.espera;
    this.emEspera -= 1;
    const refusal = this.#refusal('DATA');
    if (refusal) return refusal;
    const para = session.envelope.rcptTo.map(({ address }) => address);
    this.recebidas.push({ para, bruta: bruta.toString('latin1') });
    return undefined;
  }

  #refusal(em: Recusa['em']): Error | undefined {
    if (this.recusas[0]?.em !== em) return undefined;
    const codigo = this.recusas.shift()?.codigo;
    return Object.assign(new Error('4.7.1 <ana@exemplo.com> not now'), { responseCode: codigo });
  }
}
