import { Result } from '@plataforma/domain/result';
import { createTransport } from 'nodemailer';
import type { Carteiro, Entrega } from '../../application/carteiro.ts';
import type { Contato, Mensagem } from '../../domain/mensagem.ts';
import { nomeNoEndereco } from '../../domain/nome.ts';
import { cabecalhosDe } from './cabecalhos.ts';
import { falhaDeEnvioFrom } from './smtp-falha.ts';

interface Options {
  readonly url: string;
  readonly remetente: Contato;
  readonly maxConnections: number;
}

/** Until the server has greeted. */
const CONNECT_TIMEOUT_MS = 10_000;
const SILENCE_TIMEOUT_MS = 20_000;
/** Also for a server that keeps talking without getting anywhere. Well below the lease of a message. */
const TOTAL_TIMEOUT_MS = 45_000;

/** E-mails over SMTP. */
export class SmtpCarteiro implements Carteiro<Mensagem> {
  readonly #transport: ReturnType<typeof pooledTransport>;
  readonly #composer = createTransport({ streamTransport: true, buffer: true, newline: 'windows' });
  readonly #remetente: Contato;
  readonly #dominio: string;

  constructor(options: Options) {
    const { email } = options.remetente;
    this.#transport = pooledTransport(options);
    this.#remetente = options.remetente;
    this.#dominio = email.slice(email.lastIndexOf('@') + 1);
  }

  async enviar(mensagem: Mensagem): Promise<Entrega> {
    const expired = new AbortController();
    const timer = setTimeout(() => expired.abort(), TOTAL_TIMEOUT_MS);
    try {
      const { message, envelope } = await this.#composer.sendMail(this.#compose(mensagem));
      // In one piece: written as it is made, a message is dozens of small packets.
      await this.#transport.sendMail({ raw: message, envelope, signal: expired.signal });
      return Result.ok({ provedor: 'smtp' });
    } catch (error) {
      return Result.fail(falhaDeEnvioFrom(error));
    } finally {
      clearTimeout(timer);
    }
  }

  #compose({ id, para, assunto, html, texto, anexos, descadastro }: Mensagem) {
    return {
      messageId: `<${id}@${this.#dominio}>`,
      from: mailbox(this.#remetente),
      to: mailbox(para),
      subject: assunto,
      text: texto,
      html,
      // Said here, since else each letter is looked at four times to find it out.
      textEncoding: codificacaoDe(texto),
      headers: cabecalhosDe({ descadastro }),
      attachments: anexos.map(({ nome, tipo, conteudo }) => ({
        filename: nome,
        contentType: tipo,
        content: conteudo,
      })),
      disableFileAccess: true,
      disableUrlAccess: true,
    };
  }

  /** Closes idle connections at once and busy ones after their message. */
  close(): void {
    this.#transport.close();
  }
}

/** Whichever is shorter: a byte beyond ASCII is three characters in the one, and each is four thirds in the other. */
const codificacaoDe = (texto: string): 'quoted-printable' | 'base64' =>
  Buffer.byteLength(texto) < texto.length * 1.1 ? 'quoted-printable' : 'base64';

const mailbox = ({ nome, email }: Contato) => ({ name: nomeNoEndereco(nome), address: email });

function pooledTransport({ url, maxConnections }: Options) {
  const { protocol, username } = new URL(url);
  return createTransport({
    url,
    pool: true,
    maxConnections,
    // Trying again is the queue's business, which counts and remembers.
    maxRequeues: 0,
    connectionTimeout: CONNECT_TIMEOUT_MS,
    socketTimeout: SILENCE_TIMEOUT_MS,
    // A password never goes over the wire in clear, whatever the server pretends not to support.
    requireTLS: protocol === 'smtp:' && username !== '',
  });
}
