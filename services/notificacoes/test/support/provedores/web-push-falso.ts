import { createECDH, createPublicKey, randomBytes, randomUUID } from 'node:crypto';
import { jwtVerify } from 'jose';
import type { AparelhoWebPush } from '../../../src/canais/domain/push.ts';
import type { RespostaFalsa } from './api-falsa.ts';
import { decifrar } from './decifrar.ts';
import { type PedidoCru, ServidorFalso } from './servidor-falso.ts';

/** A message as a browser has read it. */
export interface RecebidaWebPush {
  readonly inscricao: string;
  readonly claro: Readonly<Record<string, unknown>>;
  readonly topic: string | undefined;
  readonly ttl: number;
  readonly urgency: string | undefined;
  /** Of the encrypted body. */
  readonly bytes: number;
}

interface Inscricao {
  readonly privada: Buffer;
  readonly auth: Buffer;
  readonly chavePublica: string;
}

const DIA_S = 24 * 3_600;
const nada = (status: number): RespostaFalsa => ({ status });

/** A push service (RFC 8030, 8292) with the browsers behind it, which read what comes (RFC 8291). */
export class WebPushFalso extends ServidorFalso {
  readonly received: RecebidaWebPush[] = [];
  /** The `authorization` of every request. */
  readonly autorizacoes: string[] = [];
  readonly #inscricoes = new Map<string, Inscricao>();

  /** A browser subscribes with this public key. */
  inscrever(chavePublica: string): AparelhoWebPush & { readonly id: string } {
    const ecdh = createECDH('prime256v1');
    const p256dh = ecdh.generateKeys('base64url');
    const auth = randomBytes(16);
    const id = randomUUID();
    this.#inscricoes.set(id, { privada: ecdh.getPrivateKey(), auth, chavePublica });
    const endpoint = `${this.url}/push/${id}`;
    return { id, tipo: 'WEB_PUSH', endpoint, p256dh, auth: auth.toString('base64url'), chavePublica };
  }

  /** A browser wants no more. */
  desinscrever(id: string): void {
    this.#inscricoes.delete(id);
  }

  /** What a browser that was out of reach gets when it is back: of one topic the last one. */
  guardadas(id: string): RecebidaWebPush[] {
    const dela = this.received.filter(({ inscricao }) => inscricao === id);
    return [...new Map(dela.map((uma) => [uma.topic ?? randomUUID(), uma])).values()];
  }

  protected async responder({ metodo, caminho, cabecalhos, bytes }: PedidoCru): Promise<RespostaFalsa> {
    const id = /^\/push\/([\w-]+)$/.exec(caminho)?.[1] ?? '';
    if (metodo !== 'POST') return nada(405);
    const { authorization = '', ttl, topic, urgency } = cabecalhos;
    this.autorizacoes.push(authorization);
    const chave = await this.#chaveDe(authorization);
    if (chave === undefined) return nada(401);
    const inscricao = this.#inscricoes.get(id);
    if (inscricao === undefined) return nada(410);
    if (chave !== inscricao.chavePublica) return nada(403);
    if (typeof ttl !== 'string' || !/^\d+$/.test(ttl)) return nada(400);
    if (topic !== undefined && !/^[\w-]{1,32}$/.test(String(topic))) return nada(400);
    if (urgency !== undefined && !/^(?:very-low|low|normal|high)$/.test(String(urgency))) return nada(400);
    if (bytes.length > 4_096) return nada(413);
    if (cabecalhos['content-encoding'] !== 'aes128gcm') return nada(415);
    const claro = JSON.parse(decifrar(bytes, inscricao.privada, inscricao.auth).toString('utf8'));
    const recebida = { inscricao: id, claro, ttl: Number(ttl), bytes: bytes.length };
    this.received.push({ ...recebida, topic: textOf(topic), urgency: textOf(urgency) });
    return { status: 201, cabecalhos: { location: `${this.url}/m/${this.received.length}` } };
  }

  /** The key that has signed, if it has signed for here, and for no longer than a day. */
  async #chaveDe(autorizacao: string): Promise<string | undefined> {
    const { t = '', k = '' } = /^vapid t=(?<t>[\w.-]+), k=(?<k>[\w-]+)$/.exec(autorizacao)?.groups ?? {};
    const ponto = Buffer.from(k, 'base64url');
    if (ponto.length !== 65) return undefined;
    try {
      const x = ponto.subarray(1, 33).toString('base64url');
      const y = ponto.subarray(33).toString('base64url');
      const chave = createPublicKey({ key: { kty: 'EC', crv: 'P-256', x, y }, format: 'jwk' });
      const { payload } = await jwtVerify(t, chave, { algorithms: ['ES256'], audience: this.url });
      const { exp = Number.POSITIVE_INFINITY, sub = '' } = payload;
      const cedo = exp <= Date.now() / 1_000 + DIA_S;
      return cedo && /^(?:mailto:[^\s<>@]+@[^\s<>@]+|https:\/\/\S+)$/.test(sub) ? k : undefined;
    } catch {
      return undefined;
    }
  }
}

const textOf = (header: string | string[] | undefined) => header?.toString();
