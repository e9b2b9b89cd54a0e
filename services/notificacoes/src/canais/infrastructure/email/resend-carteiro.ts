import { hash } from 'node:crypto';
import type { Carteiro, Entrega } from '../../application/carteiro.ts';
import type { Contato, Mensagem } from '../../domain/mensagem.ts';
import { type Dialeto, entregar, type Resposta } from '../http-provedor.ts';
import { cabecalhosDe } from './cabecalhos.ts';

interface Options {
  readonly url: string;
  readonly chave: string;
  readonly remetente: Contato;
  readonly timeoutMs?: number;
}

const DIALETO: Dialeto = {
  ...{ nome: 'Resend', provedor: 'resend', recusaANos },
  // Without an identity somebody else has answered.
  aceita: (resposta) => resposta.status === 200 && idDe(resposta) !== undefined,
  idDoProvedor: idDe,
};

/** Refusals of these names come as 400 and 422 too, and would be answered to every message. */
const OURS = new Set(['missing_api_key', 'invalid_api_key', 'restricted_api_key', 'invalid_from_address']);

/** E-mails over the API of Resend. What is sent again within a day is recognised there and not delivered twice. */
export class ResendCarteiro implements Carteiro<Mensagem> {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  enviar(mensagem: Mensagem): Promise<Entrega> {
    const { url, chave, remetente, timeoutMs } = this.#options;
    // Written once: it is its own mark.
    const corpo = JSON.stringify(corpoDe(mensagem, remetente));
    const cabecalhos = { 'idempotency-key': chaveDe(mensagem.id, corpo) };
    const autorizacao = `Bearer ${chave}`;
    return entregar(DIALETO, { url: `${url}/emails`, autorizacao, corpo, cabecalhos }, timeoutMs);
  }
}

function corpoDe(
  { id, para, assunto, texto, html, anexos, descadastro }: Mensagem,
  { nome, email }: Contato,
) {
  return {
    from: nome === '' ? email : `${nome} <${email}>`,
    // Without the name, which here would be written into a header: what people call themselves is no syntax.
    to: [para.email],
    subject: assunto,
    text: texto,
    html,
    ...(anexos.length > 0 && { attachments: anexos.map(anexo) }),
    headers: cabecalhosDe({ descadastro }),
    tags: [{ name: 'notificacao', value: id }],
  };
}

const anexo = ({ nome, tipo, conteudo }: Mensagem['anexos'][number]) => ({
  content: Buffer.from(conteudo, 'utf8').toString('base64'),
  filename: nome,
  content_type: tipo,
});

/**
 * Identity of the message and of what it says: a digest that has grown since it was tried is another letter under the same
 * notification, and the same key with another content is refused.
 */
function chaveDe(id: string, corpo: string): string {
  return `${id}/${hash('sha256', corpo).slice(0, 32)}`;
}

function idDe({ json }: Resposta): string | undefined {
  const { id } = (json ?? {}) as { id?: unknown };
  return typeof id === 'string' ? id : undefined;
}

function recusaANos({ json }: Resposta): boolean {
  const { name, message } = (json ?? {}) as { name?: unknown; message?: unknown };
  return OURS.has(String(name)) || /^API key is invalid/i.test(String(message));
}
