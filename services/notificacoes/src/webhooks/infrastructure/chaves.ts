import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  randomBytes,
  sign,
} from 'node:crypto';
import type { ChaveNova, Chaves, ChavesSeladas } from '../application/ports.ts';
import type { TipoDeAssinatura } from '../domain/webhook.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Between 24 and 64, says the specification. */
const HMAC_BYTES = 32;
const ED25519_BYTES = 32;

interface ComChaves extends ChavesSeladas {
  readonly id: string;
  readonly assinatura: TipoDeAssinatura;
}

/** What is signed. */
export interface Assinavel {
  readonly id: string;
  /** Whole seconds. */
  readonly timestamp: number;
  readonly corpo: string;
}

/**
 * Keys that sign requests (Standard Webhooks 1.0.0): each webhook has its own. They are stored under AES-256-GCM, bound to
 * their webhook; the first of the keys that seal seals, all of them open.
 */
export class ChavesDeAssinatura implements Chaves {
  readonly selo: string;
  readonly #selos: readonly Buffer[];

  /** @param selos at least one, 32 bytes or more each */
  constructor(selos: readonly Buffer[]) {
    this.#selos = selos.map((selo) => Buffer.from(hkdfSync('sha256', selo, '', 'webhooks/chaves', 32)));
    const [primeira = Buffer.alloc(0)] = selos;
    this.selo = Buffer.from(hkdfSync('sha256', primeira, '', 'webhooks/selo', 8)).toString('hex');
  }

  nova(webhookId: string, assinatura: TipoDeAssinatura): ChaveNova {
    const aberta =
      assinatura === 'HMAC'
        ? randomBytes(HMAC_BYTES)
        : generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' });
    return { selada: this.#selar(aberta, webhookId), publicada: publicar(aberta, assinatura) };
  }

  publicada({ id, assinatura, chave }: Pick<ComChaves, 'id' | 'assinatura' | 'chave'>): string {
    return publicar(this.#abrir(chave, id), assinatura);
  }

  reselar(selada: Buffer, webhookId: string): Buffer {
    return this.#selar(this.#abrir(selada, webhookId), webhookId);
  }

  /** The header `webhook-signature`: one signature by each key that holds. */
  assinar(webhook: ComChaves, { id, timestamp, corpo }: Assinavel): string {
    const { chave, chaveAnterior, chaveAnteriorAte } = webhook;
    const vale =
      chaveAnterior && chaveAnteriorAte && chaveAnteriorAte.getTime() > timestamp * 1_000
        ? [chaveAnterior]
        : [];
    const conteudo = Buffer.from(`${id}.${timestamp}.${corpo}`);
    return [chave, ...vale]
      .map((selada) => assinado(this.#abrir(selada, webhook.id), webhook.assinatura, conteudo))
      .join(' ');
  }

  #selar(aberta: Buffer, contexto: string): Buffer {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#selos[0] as Buffer, nonce).setAAD(
      Buffer.from(contexto),
    );
    const corpo = Buffer.concat([cipher.update(aberta), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), corpo]);
  }

  /** @throws Error when no key opens it. */
  #abrir(selada: Buffer, contexto: string): Buffer {
    let causa: unknown;
    for (const selo of this.#selos) {
      try {
        return abrirCom(selo, selada, contexto);
      } catch (error) {
        // Authenticated encryption: it was sealed under another one of them.
        causa = error;
      }
    }
    throw new Error(`the key of ${contexto} opens under none of WEBHOOK_KEYS`, { cause: causa });
  }
}

function abrirCom(selo: Buffer, selada: Buffer, contexto: string): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', selo, selada.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(contexto))
    .setAuthTag(selada.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  return Buffer.concat([decipher.update(selada.subarray(NONCE_BYTES + TAG_BYTES)), decipher.final()]);
}

function publicar(aberta: Buffer, assinatura: TipoDeAssinatura): string {
  if (assinatura === 'HMAC') return `whsec_${aberta.toString('base64')}`;
  // The raw key is the end of its DER.
  const spki = createPublicKey(privada(aberta)).export({ format: 'der', type: 'spki' });
  return `whpk_${spki.subarray(-ED25519_BYTES).toString('base64')}`;
}

function assinado(aberta: Buffer, assinatura: TipoDeAssinatura, conteudo: Buffer): string {
  if (assinatura === 'HMAC') return `v1,${createHmac('sha256', aberta).update(conteudo).digest('base64')}`;
  return `v1a,${sign(null, conteudo, privada(aberta)).toString('base64')}`;
}

const privada = (der: Buffer) => createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
