import { createECDH, createPrivateKey, type KeyObject } from 'node:crypto';
import { SignJWT } from 'jose';

/** The key that says to push services who we are (RFC 8292), as `web-push generate-vapid-keys` and others write it. */
export interface ChaveVapid {
  /** 32 bytes in base64url. */
  readonly privada: string;
  /** Point of P-256, uncompressed, in base64url: what browsers subscribe with. */
  readonly publica: string;
}

/** Push services take none that ends later than in 24 hours; some have clocks that differ. */
const VALE_MS = 12 * 3_600_000;
const ANTES_MS = 3_600_000;
/** More origins than there are push services; their addresses may be of many shards. */
const MAXIMO_ORIGENS = 200;

/** @throws Error that repeats nothing of it, when it is no key */
export function lerChaveVapid(privada: string): ChaveVapid {
  const bytes = Buffer.from(privada, 'base64url');
  const ecdh = createECDH('prime256v1');
  try {
    if (bytes.length !== 32) throw new Error('of another length');
    ecdh.setPrivateKey(bytes);
  } catch {
    throw new Error('needs 32 bytes in base64url that are a private key of P-256');
  }
  return { privada: bytes.toString('base64url'), publica: ecdh.getPublicKey('base64url') };
}

interface Assinado {
  readonly cabecalho: Promise<string>;
  readonly ate: number;
}

/** Signs for push services: one token for each of them, which is used for hours. */
export class AssinaturasVapid {
  readonly #privada: KeyObject;
  readonly #publica: string;
  /** `mailto:` or `https:`: whom an operator of a push service can ask. */
  readonly #contato: string;
  readonly #porOrigem = new Map<string, Assinado>();

  constructor(chave: ChaveVapid, contato: string) {
    this.#privada = chavePrivada(chave);
    this.#publica = chave.publica;
    this.#contato = contato;
  }

  /** The header `authorization` of requests to this origin. */
  autorizacao(origem: string, agora: Date): Promise<string> {
    const pronto = this.#porOrigem.get(origem);
    if (pronto !== undefined && pronto.ate - ANTES_MS > agora.getTime()) return pronto.cabecalho;
    const ate = agora.getTime() + VALE_MS;
    const cabecalho = this.#assinar(origem, ate);
    this.#porOrigem.delete(origem);
    this.#porOrigem.set(origem, { cabecalho, ate });
    const [maisVelha] = this.#porOrigem.keys();
    if (this.#porOrigem.size > MAXIMO_ORIGENS && maisVelha !== undefined) this.#porOrigem.delete(maisVelha);
    return cabecalho;
  }

  async #assinar(origem: string, ate: number): Promise<string> {
    const token = await new SignJWT()
      .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
      .setAudience(origem)
      .setExpirationTime(Math.floor(ate / 1_000))
      .setSubject(this.#contato)
      .sign(this.#privada);
    return `vapid t=${token}, k=${this.#publica}`;
  }
}

function chavePrivada({ privada: d, publica }: ChaveVapid): KeyObject {
  const ponto = Buffer.from(publica, 'base64url');
  const x = ponto.subarray(1, 33).toString('base64url');
  const y = ponto.subarray(33).toString('base64url');
  return createPrivateKey({ key: { kty: 'EC', crv: 'P-256', d, x, y }, format: 'jwk' });
}
