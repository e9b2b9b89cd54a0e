import { ApiFalsa, type Pedido, type RespostaFalsa } from './api-falsa.ts';
import { BASE64, cabecalhos, ENDERECO, lista, objeto, texto } from './forma.ts';

/** What is read of a message here; see the documentation of POST /emails for all there may be. */
export interface CorpoResend {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly attachments?: readonly Readonly<Record<'content' | 'filename' | 'content_type', string>>[];
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: readonly { readonly name: string; readonly value: string }[];
}

const CORPO = objeto({
  from: texto(/^(?:[^<>@"\p{Cc}]+ <[^\s<>@",;]+@[^\s<>@",;]+>|[^\s<>@",;]+@[^\s<>@",;]+)$/u),
  to: lista(texto(ENDERECO), { max: 50 }),
  subject: texto(/^[^\r\n]+$/),
  html: texto(),
  text: texto(),
  'attachments?': lista(objeto({ content: texto(BASE64), filename: texto(), content_type: texto() })),
  'headers?': cabecalhos(/^(?:to|from|subject|content-type)$/i),
  'tags?': lista(objeto({ name: texto(/^[\w-]{1,256}$/), value: texto(/^[\w-]{1,256}$/) })),
});

export const erroResend = (
  status: number,
  name: string,
  { message = 'no', cabecalhos: extras = {} }: { message?: string; cabecalhos?: Record<string, string> } = {},
): RespostaFalsa => ({ status, cabecalhos: extras, corpo: { statusCode: status, name, message } });

/** Resend as it documents itself: 200 with an identity, and what comes again under its key is not delivered again. */
export class ResendFalso extends ApiFalsa {
  readonly received: CorpoResend[];
  /** The keys of all that was delivered. */
  readonly keys: string[];

  constructor() {
    const received: CorpoResend[] = [];
    const keys: string[] = [];
    const known = new Map<string, { id: string; corpo: string }>();
    super({
      caminho: '/emails',
      semChave: erroResend(401, 'validation_error', { message: 'API key is invalid' }),
      conferir: ({ cabecalhos: { 'idempotency-key': key }, corpo }: Pedido) => {
        if (typeof key !== 'string' || key.length < 1 || key.length > 256)
          return erroResend(400, 'invalid_idempotency_key');
        const antes = known.get(key);
        if (antes !== undefined && antes.corpo !== JSON.stringify(corpo))
          return erroResend(409, 'invalid_idempotent_request');
        const errado = CORPO(corpo, '');
        return errado === undefined ? undefined : erroResend(422, 'validation_error', { message: errado });
      },
      aceitar: ({ cabecalhos: { 'idempotency-key': key }, corpo }: Pedido) => {
        const antes = known.get(String(key));
        if (antes !== undefined) return { status: 200, corpo: { id: antes.id } };
        received.push(corpo as CorpoResend);
        keys.push(String(key));
        const id = `re_${received.length}`;
        known.set(String(key), { id, corpo: JSON.stringify(corpo) });
        return { status: 200, corpo: { id } };
      },
    });
    this.received = received;
    this.keys = keys;
  }

  get ids(): string[] {
    return this.received.map(({ tags: [etiqueta] }) => etiqueta?.value ?? '');
  }
}
