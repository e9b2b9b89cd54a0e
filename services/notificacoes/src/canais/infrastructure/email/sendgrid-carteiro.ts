import type { Carteiro, Entrega } from '../../application/carteiro.ts';
import type { Contato, Mensagem } from '../../domain/mensagem.ts';
import { nomeNoEndereco } from '../../domain/nome.ts';
import { type Dialeto, entregar, type Resposta } from '../http-provedor.ts';
import { cabecalhosDe } from './cabecalhos.ts';

interface Options {
  readonly url: string;
  readonly chave: string;
  readonly remetente: Contato;
  readonly timeoutMs?: number;
}

const DIALETO: Dialeto = {
  ...{ nome: 'SendGrid', provedor: 'sendgrid', recusaANos },
  aceita: ({ status }) => status === 202,
  idDoProvedor: ({ cabecalhos }) => cabecalhos.get('x-message-id') || undefined,
};

/**
 * E-mails over the API of SendGrid (v3 Mail Send). It has no key of idempotency: a message whose answer was lost goes again, and
 * is recognisable by the identity in `custom_args`.
 */
export class SendGridCarteiro implements Carteiro<Mensagem> {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  enviar(mensagem: Mensagem): Promise<Entrega> {
    const { url, chave, remetente, timeoutMs } = this.#options;
    const corpo = corpoDe(mensagem, remetente);
    const pedido = { url: `${url}/v3/mail/send`, autorizacao: `Bearer ${chave}`, corpo };
    return entregar(DIALETO, pedido, timeoutMs);
  }
}

function corpoDe({ id, para, assunto, texto, html, anexos, descadastro }: Mensagem, remetente: Contato) {
  return {
    personalizations: [{ to: [mailbox(para)], custom_args: { notificacao: id } }],
    from: mailbox(remetente),
    subject: assunto,
    // In this order, or it is refused.
    content: [
      { type: 'text/plain', value: texto },
      { type: 'text/html', value: html },
    ],
    ...(anexos.length > 0 && { attachments: anexos.map(anexo) }),
    headers: cabecalhosDe({ descadastro }),
    // Links that sign somebody in lead to us, and whether a letter was opened is nobody's business.
    tracking_settings: {
      click_tracking: { enable: false, enable_text: false },
      open_tracking: { enable: false },
    },
  };
}

/** A media type with parameters is refused; the method of a calendar file stands in the file as well. */
const anexo = ({ nome, tipo, conteudo }: Mensagem['anexos'][number]) => ({
  content: Buffer.from(conteudo, 'utf8').toString('base64'),
  type: tipo.split(';', 1)[0]?.trim() ?? tipo,
  filename: nome,
  disposition: 'attachment',
});

/** A comma or a semicolon in a name would be read as the end of an address. */
function mailbox({ nome, email }: Contato) {
  const name = nomeNoEndereco(nome).replace(/[,;]+/g, ' ').trim();
  return name === '' ? { email } : { email, name };
}

/** A wrong sender is refused as if it were the message's fault, of every message. */
function recusaANos({ json }: Resposta): boolean {
  const { errors } = (json ?? {}) as { errors?: unknown };
  if (!Array.isArray(errors)) return false;
  return errors.some((error) => /^from(?:[.[]|$)/.test(String((error as { field?: unknown } | null)?.field)));
}
