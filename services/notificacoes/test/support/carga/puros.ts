import { createTransport } from 'nodemailer';
import { createModelos } from '../../../src/modelos/infrastructure/modelos.ts';
import { CARTAS, escrever } from '../cartas.ts';
import { remetente } from '../samples.ts';

/** What is sent again and again, as it is after its template: that a reservation waits for its payment. */
function carta() {
  const [primeira] = CARTAS;
  if (primeira === undefined) throw new Error('there is no letter');
  return escrever(createModelos(remetente), primeira, 'Ana Maria Souza');
}

/** So many at a time until all are sent. */
async function repetir(quantas: number, juntas: number, enviar: (n: number) => Promise<void>): Promise<void> {
  let n = 0;
  const via = async () => {
    while (n < quantas) await enviar(n++);
  };
  await Promise.all(Array.from({ length: juntas }, via));
}

/** What is done with each that is sent. */
type Anotar = (n: number) => Promise<void>;

/** The library by which we send over SMTP, and nothing else: no template, no history, no database but for what is noted of each. */
export async function enviarPorNodemailer(
  url: string,
  quantas: number,
  juntas: number,
  anotar: Anotar,
): Promise<void> {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: juntas,
    maxMessages: Number.MAX_SAFE_INTEGER,
  });
  const { assunto, texto, html, anexos } = carta();
  await repetir(quantas, juntas, async (n) => {
    await transport.sendMail({
      messageId: `<not_${n}@exemplo.com>`,
      from: { name: remetente.nome, address: remetente.email },
      to: { name: 'Ana Maria Souza', address: `cli${n}@exemplo.com` },
      ...{ subject: assunto, text: texto, html },
      headers: { 'Auto-Submitted': 'auto-generated' },
      attachments: anexos.map(({ nome, tipo, conteudo }) => ({
        ...{ filename: nome, contentType: tipo, content: conteudo },
      })),
    });
    await anotar(n);
  });
  transport.close();
}

/** Node's client with the request that an API of e-mails takes, and nothing else. */
export async function enviarPorFetch(
  url: string,
  quantas: number,
  juntas: number,
  anotar: Anotar,
): Promise<void> {
  const { assunto, texto, html, anexos } = carta();
  await repetir(quantas, juntas, async (n) => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: 'Bearer re_bench' },
      body: JSON.stringify({
        from: remetente.email,
        to: [`cli${n}@exemplo.com`],
        ...{ subject: assunto, text: texto, html },
        attachments: anexos.map(({ nome, tipo, conteudo }) => ({
          ...{ filename: nome, content_type: tipo, content: Buffer.from(conteudo).toString('base64') },
        })),
        headers: { 'Auto-Submitted': 'auto-generated' },
      }),
    });
    await response.json();
    await anotar(n);
  });
}
