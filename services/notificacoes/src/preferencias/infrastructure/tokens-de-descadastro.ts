import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from 'node:crypto';
import type { Alvo, TokensDeDescadastro } from '../application/descadastro.ts';
import { CANAIS, GRUPOS, type Grupo } from '../domain/grade.ts';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Longer than any that is made here. */
const FORMA = /^[\w-]{40,240}$/;
const ALVO = /^(?<clienteId>\w{1,40})\/(?<grupo>[A-Z_]+)\/(?<canal>[A-Z]+)\/(?<endereco>[\w-]{43})$/;

interface Chaves {
  readonly cifra: Buffer;
  readonly nonce: Buffer;
}

/**
 * The target itself, encrypted: no row is needed to read a link, however old, and an address says nothing about anybody. The
 * nonce is made of the target, so that the same one is the same token; another target has another one.
 */
export class TokensCifrados implements TokensDeDescadastro {
  readonly #chaves: readonly [Chaves, ...Chaves[]];

  /** @param chaves 32 bytes or more each, the first one for new tokens; all of them open. */
  constructor(chaves: readonly Buffer[]) {
    const [atual, ...anteriores] = chaves.map((chave) => ({
      cifra: derivada(chave, 'notificacoes/descadastro/cifra/v1'),
      nonce: derivada(chave, 'notificacoes/descadastro/nonce/v1'),
    }));
    if (!atual) throw new Error('links that end messages need a key');
    this.#chaves = [atual, ...anteriores];
  }

  token({ clienteId, grupo, canal }: Alvo, email: string): string {
    const [{ cifra, nonce: chaveDoNonce }] = this.#chaves;
    const texto = `${clienteId}/${grupo}/${canal}/${digestoDe(email).toString('base64url')}`;
    const nonce = createHmac('sha256', chaveDoNonce).update(texto).digest().subarray(0, NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', cifra, nonce);
    const corpo = Buffer.concat([cipher.update(texto), cipher.final()]);
    return Buffer.concat([nonce, cipher.getAuthTag(), corpo]).toString('base64url');
  }

  alvo(token: string): (Alvo & { digesto: Buffer }) | undefined {
    if (!FORMA.test(token)) return undefined;
    const bytes = Buffer.from(token, 'base64url');
    // One spelling each.
    if (bytes.toString('base64url') !== token) return undefined;
    for (const { cifra } of this.#chaves) {
      const texto = aberto(bytes, cifra);
      if (texto !== undefined) return alvoFrom(texto);
    }
    return undefined;
  }
}

/** As the table of contacts compares addresses. */
const digestoDe = (email: string) => createHash('sha256').update(email.toLowerCase()).digest();

const derivada = (chave: Buffer, uso: string) => Buffer.from(hkdfSync('sha256', chave, '', uso, 32));

function aberto(bytes: Buffer, cifra: Buffer): string | undefined {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', cifra, nonce, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  try {
    const corpo = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
    return Buffer.concat([corpo, decipher.final()]).toString();
  } catch {
    // Authenticated encryption, compared in constant time: it was made under another key, or by nobody.
    return undefined;
  }
}

/** A group or channel that there is no more is nobody's choice. */
function alvoFrom(texto: string): (Alvo & { digesto: Buffer }) | undefined {
  const { clienteId = '', grupo = '', canal, endereco = '' } = ALVO.exec(texto)?.groups ?? {};
  const conhecido = CANAIS.find((um) => um === canal);
  if (!conhecido || !Object.hasOwn(GRUPOS, grupo)) return undefined;
  const digesto = Buffer.from(endereco, 'base64url');
  return { clienteId, grupo: grupo as Grupo, canal: conhecido, digesto };
}
