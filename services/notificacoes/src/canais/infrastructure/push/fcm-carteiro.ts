import type { Carteiro, Entrega } from '../../application/carteiro.ts';
import { type AparelhoFcm, type PushPara, textosDe, ttlDe } from '../../domain/push.ts';
import { type Dialeto, entregar, type Resposta } from '../http-provedor.ts';
import { type ContaDeServico, TokensDaConta } from './conta-de-servico.ts';

interface Options {
  readonly url: string;
  readonly conta: ContaDeServico;
  readonly timeoutMs?: number;
  readonly agora?: () => Date;
}

const TIMEOUT_MS = 10_000;

/** The app is gone from the device, or its token is of another project, or is none at all. */
const PERDIDOS: ReadonlySet<string> = new Set(['UNREGISTERED', 'SENDER_ID_MISMATCH', 'INVALID_ARGUMENT']);

const DIALETO: Dialeto = {
  ...{ nome: 'FCM', provedor: 'fcm', recusaANos: () => false },
  aceita: (resposta) => resposta.status === 200 && nomeDe(resposta) !== undefined,
  idDoProvedor: nomeDe,
  codigoDe: codigoFcm,
  tipoDe: (resposta) => (perdido(resposta) ? 'PERMANENTE' : undefined),
  sobreODestino: (resposta) => (perdido(resposta) ? 'INEXISTENTE' : undefined),
};

/**
 * Messages to apps over Firebase Cloud Messaging (HTTP v1). It has no key of idempotency: one that comes twice is shown once, since
 * the second takes the place of the first on the screen.
 */
export class FcmCarteiro implements Carteiro<PushPara<AparelhoFcm>> {
  readonly #url: string;
  readonly #tokens: TokensDaConta;
  readonly #timeoutMs: number;
  readonly #agora: () => Date;

  constructor({ url, conta, timeoutMs = TIMEOUT_MS, agora = () => new Date() }: Options) {
    this.#url = `${url}/v1/projects/${encodeURIComponent(conta.project_id)}/messages:send`;
    this.#tokens = new TokensDaConta(conta, () => agora().getTime());
    this.#timeoutMs = timeoutMs;
    this.#agora = agora;
  }

  async enviar(mensagem: PushPara<AparelhoFcm>): Promise<Entrega> {
    const corpo = corpoDe(mensagem, this.#agora());
    const token = await this.#tokens.token();
    if (token.isFailure) return token;
    const pedido = { url: this.#url, autorizacao: `Bearer ${token.value}`, corpo };
    const entrega = await entregar(DIALETO, pedido, this.#timeoutMs);
    // It may have been taken back before its end: the next attempt has a new one.
    if (entrega.isFailure && entrega.error.tipo === 'CREDENCIAIS') this.#tokens.esquecer(token.value);
    return entrega;
  }
}

/**
 * No `collapse_key`: FCM keeps no more than four of them for a device that is out of reach, and the fifth message would be lost. The
 * `tag` is what makes one notification of two on its screen.
 */
function corpoDe(mensagem: PushPara<AparelhoFcm>, agora: Date) {
  const { id, aparelho, urgente } = mensagem;
  const { titulo, corpo, caminho } = textosDe(mensagem);
  const ttl = ttlDe(mensagem, agora);
  const ate = Math.floor(agora.getTime() / 1_000) + ttl;
  return {
    message: {
      token: aparelho.token,
      notification: { title: titulo, body: corpo },
      data: { id, ...(caminho !== undefined && { caminho }) },
      android: { priority: urgente ? 'HIGH' : 'NORMAL', ttl: `${ttl}s`, notification: { tag: id } },
      apns: {
        headers: {
          'apns-collapse-id': id,
          'apns-expiration': `${ate}`,
          'apns-priority': urgente ? '10' : '5',
        },
        payload: { aps: { sound: 'default' } },
      },
      webpush: {
        headers: { TTL: `${ttl}`, Urgency: urgente ? 'high' : 'normal' },
        notification: { tag: id },
      },
    },
  };
}

function nomeDe({ json }: Resposta): string | undefined {
  const { name } = (json ?? {}) as { name?: unknown };
  return typeof name === 'string' ? name : undefined;
}

const FCM_ERROR = 'type.googleapis.com/google.firebase.fcm.v1.FcmError';

/**
 * `FcmError.errorCode`. A member that is wrong comes as `google.rpc.BadRequest` instead, so INVALID_ARGUMENT as a code of FCM's own
 * is about the token.
 */
function codigoFcm({ json }: Resposta): string | undefined {
  const { error } = (json ?? {}) as { error?: { details?: unknown } };
  const details: unknown[] = Array.isArray(error?.details) ? error.details : [];
  const proprio = details.find((detail) => (detail as { '@type'?: unknown } | null)?.['@type'] === FCM_ERROR);
  const { errorCode } = (proprio ?? {}) as { errorCode?: unknown };
  return typeof errorCode === 'string' && /^\w{1,40}$/.test(errorCode) ? errorCode : undefined;
}

const perdido = (resposta: Resposta) =>
  [400, 403, 404].includes(resposta.status) && PERDIDOS.has(codigoFcm(resposta) ?? '');
