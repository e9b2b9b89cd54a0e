import { ApiFalsa, type Pedido, type RespostaFalsa } from './api-falsa.ts';
import { BASE64, cabecalhos, ENDERECO, exato, lista, objeto, sequencia, texto } from './forma.ts';

/** What is read of a message here; see the documentation of v3 Mail Send for all there may be. */
export interface CorpoSendGrid {
  readonly personalizations: readonly {
    readonly to: readonly { readonly email: string; readonly name?: string }[];
    readonly custom_args: Readonly<Record<string, string>>;
  }[];
  readonly from: { readonly email: string; readonly name?: string };
  readonly subject: string;
  readonly content: readonly { readonly type: string; readonly value: string }[];
  readonly attachments?: readonly Readonly<Record<'content' | 'type' | 'filename' | 'disposition', string>>[];
  readonly headers: Readonly<Record<string, string>>;
}

const RESERVED =
  /^(?:x-sg-id|x-sg-eid|received|dkim-signature|content-type|content-transfer-encoding|to|from|subject|reply-to|cc|bcc)$/i;
const pessoa = objeto({ email: texto(ENDERECO), 'name?': texto(/^[^,;\p{Cc}]+$/u) });
const ligado = exato(false);

const CORPO = objeto({
  personalizations: lista(
    objeto({ to: lista(pessoa), 'custom_args?': objeto({ notificacao: texto(/^not_\w+$/) }) }),
  ),
  from: pessoa,
  subject: texto(/^[^\r\n]+$/),
  // Plain text first, and no parameters.
  content: sequencia(
    objeto({ type: exato('text/plain'), value: texto() }),
    objeto({ type: exato('text/html'), value: texto() }),
  ),
  'attachments?': lista(
    objeto({
      content: texto(BASE64),
      type: texto(/^[^;,\r\n]+$/),
      filename: texto(/^[^\r\n;]+$/),
      disposition: texto(/^(?:attachment|inline)$/),
    }),
  ),
  'headers?': cabecalhos(RESERVED),
  'tracking_settings?': objeto({
    click_tracking: objeto({ enable: ligado, enable_text: ligado }),
    open_tracking: objeto({ enable: ligado }),
  }),
});

interface Erro {
  readonly field?: string;
  readonly message?: string;
  readonly cabecalhos?: Readonly<Record<string, string>>;
}

export const erroSendGrid = (
  status: number,
  { field, message = 'no', cabecalhos: extras = {} }: Erro = {},
): RespostaFalsa => ({
  status,
  cabecalhos: extras,
  corpo: { errors: [{ message, field: field ?? null, help: null }] },
});

/** SendGrid v3 as it documents itself: 202 without a body for what it takes, no idempotency. */
export class SendGridFalso extends ApiFalsa {
  readonly received: CorpoSendGrid[];

  constructor() {
    const received: CorpoSendGrid[] = [];
    super({
      caminho: '/v3/mail/send',
      semChave: erroSendGrid(401, {
        message: 'The provided authorization grant is invalid, expired, or revoked',
      }),
      conferir: ({ corpo }: Pedido) => {
        const errado = CORPO(corpo, '');
        return errado === undefined ? undefined : erroSendGrid(400, { field: errado });
      },
      aceitar: ({ corpo }: Pedido) => {
        received.push(corpo as CorpoSendGrid);
        return { status: 202, cabecalhos: { 'x-message-id': `sg_${received.length}` } };
      },
    });
    this.received = received;
  }

  get ids(): string[] {
    return this.received.map(({ personalizations: [primeira] }) => primeira?.custom_args.notificacao ?? '');
  }
}
