import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { jwtVerify } from 'jose';
import {
  type ContaDeServico,
  lerContaDeServico,
} from '../../../src/canais/infrastructure/push/conta-de-servico.ts';
import type { RespostaFalsa } from './api-falsa.ts';
import { exato, objeto, texto } from './forma.ts';
import { type PedidoCru, ServidorFalso } from './servidor-falso.ts';

/** What is read of a message here; see the reference of projects.messages for all there may be. */
export interface MensagemFcm {
  readonly token: string;
  readonly notification: { readonly title: string; readonly body: string };
  readonly data: Readonly<Record<string, string>>;
  readonly android: { readonly priority: string; readonly ttl: string };
  readonly apns: { readonly headers: Readonly<Record<string, string>> };
}

const PROJETO = 'plataforma-teste';
const EMAIL = 'push@plataforma-teste.iam.gserviceaccount.com';
const TIPO = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
const ESCOPO = 'https://www.googleapis.com/auth/firebase.messaging';
const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';
const segundos = texto(/^\d+$/);
const linha = texto(/^[^\p{Cc}]+$/u);

const CORPO = objeto({
  message: objeto({
    token: texto(),
    notification: objeto({ title: linha, body: linha }),
    // Every value is a text.
    data: objeto({ id: linha, 'caminho?': texto(/^\//) }),
    android: objeto({
      priority: texto(/^(?:NORMAL|HIGH)$/),
      ttl: texto(/^\d+s$/),
      notification: objeto({ tag: linha }),
    }),
    apns: objeto({
      headers: objeto({
        'apns-collapse-id': texto(/^.{1,64}$/),
        'apns-expiration': segundos,
        'apns-priority': texto(/^(?:10|5)$/),
      }),
      payload: objeto({ aps: objeto({ sound: exato('default') }) }),
    }),
    webpush: objeto({
      headers: objeto({ TTL: segundos, Urgency: texto(/^(?:very-low|low|normal|high)$/) }),
      notification: objeto({ tag: linha }),
    }),
  }),
});

/** A failure as Google writes it; `errorCode` when it is one of FCM's own. */
export function erroFcm(
  status: number,
  errorCode?: string,
  cabecalhos: Readonly<Record<string, string>> = {},
): RespostaFalsa {
  const details = errorCode === undefined ? [] : [{ '@type': FCM_ERROR, errorCode }];
  return { status, cabecalhos, corpo: { error: { code: status, message: 'no', status: 'X', details } } };
}

/** A member of the request is not as it must be. */
const campoErrado = (field: string): RespostaFalsa => ({
  status: 400,
  corpo: {
    error: {
      ...{ code: 400, message: 'no', status: 'INVALID_ARGUMENT' },
      details: [{ '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field }] }],
    },
  },
});

/** FCM HTTP v1 and the token endpoint of Google, as they document themselves. */
export class FcmFalso extends ServidorFalso {
  readonly received: MensagemFcm[] = [];
  /** Tokens of devices that have the app. */
  readonly aparelhos = new Set<string>();
  /** Access tokens that were given out. */
  readonly emitidos: string[] = [];
  /** What the next requests for an access token are answered. */
  readonly tropecosDoToken: RespostaFalsa[] = [];
  /** Seconds that an access token is said to live. */
  vale = 3_599;
  readonly #chaves = generateKeyPairSync('rsa', { modulusLength: 2_048 });
  readonly #vivos = new Set<string>();

  /** The file of credentials. */
  get credenciais(): string {
    return JSON.stringify({
      type: 'service_account',
      ...{ project_id: PROJETO, client_email: EMAIL, private_key_id: 'k1', token_uri: `${this.url}/token` },
      private_key: this.#chaves.privateKey.export({ type: 'pkcs8', format: 'pem' }),
    });
  }

  get conta(): ContaDeServico {
    return lerContaDeServico(this.credenciais);
  }

  /** Access tokens that were given out are taken no more. */
  revogar(): void {
    this.#vivos.clear();
  }

  protected override tropeca({ caminho }: PedidoCru): boolean {
    return caminho !== '/token';
  }

  protected async responder(pedido: PedidoCru): Promise<RespostaFalsa> {
    if (pedido.metodo !== 'POST') return erroFcm(405);
    if (pedido.caminho === '/token') return this.tropecosDoToken.shift() ?? this.#token(pedido);
    if (pedido.caminho !== `/v1/projects/${PROJETO}/messages:send`) return erroFcm(404);
    const { authorization = '', 'content-type': tipo } = pedido.cabecalhos;
    if (!this.#vivos.has(authorization.replace(/^Bearer /, ''))) return erroFcm(401);
    if (tipo !== 'application/json' || pedido.bytes.length > 8_192) return erroFcm(400);
    return this.#mensagem(JSON.parse(pedido.bytes.toString('utf8')));
  }

  async #token({ cabecalhos, bytes }: PedidoCru): Promise<RespostaFalsa> {
    const form = new URLSearchParams(bytes.toString('utf8'));
    if (!cabecalhos['content-type']?.startsWith('application/x-www-form-urlencoded'))
      return { status: 400, corpo: { error: 'invalid_request' } };
    if (form.get('grant_type') !== TIPO) return { status: 400, corpo: { error: 'unsupported_grant_type' } };
    try {
      const { payload, protectedHeader } = await jwtVerify(
        form.get('assertion') ?? '',
        this.#chaves.publicKey,
        {
          algorithms: ['RS256'],
          issuer: EMAIL,
          audience: `${this.url}/token`,
          requiredClaims: ['iat', 'exp'],
        },
      );
      const { scope, iat = 0, exp = 0 } = payload;
      if (scope !== ESCOPO || exp - iat > 3_600 || protectedHeader.kid !== 'k1') throw new Error('claims');
    } catch {
      return { status: 400, corpo: { error: 'invalid_grant' } };
    }
    const access_token = `ya29.${randomUUID()}`;
    this.#vivos.add(access_token);
    this.emitidos.push(access_token);
    return { status: 200, corpo: { access_token, expires_in: this.vale, token_type: 'Bearer' } };
  }

  #mensagem(corpo: unknown): RespostaFalsa {
    const errado = CORPO(corpo, '');
    if (errado !== undefined) return campoErrado(errado);
    const { message } = corpo as { message: MensagemFcm };
    const { notification, data } = message;
    if (Buffer.byteLength(JSON.stringify({ notification, data })) > 4_096) return campoErrado('message');
    if (!/^[\w:-]+$/.test(message.token)) return erroFcm(400, 'INVALID_ARGUMENT');
    if (!this.aparelhos.has(message.token)) return erroFcm(404, 'UNREGISTERED');
    this.received.push(message);
    return { status: 200, corpo: { name: `projects/${PROJETO}/messages/0:${this.received.length}` } };
  }
}
