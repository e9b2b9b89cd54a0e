import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Endereco, Enderecos } from '../application/ports.ts';

/** Identity of the export, end in milliseconds, generation of the sessions, identity of the session. */
const DADOS_BYTES = 16 + 6 + 4 + 16;
const ASSINATURA_BYTES = 32;

/**
 * Addresses that carry what they are for, and a signature over it: nothing is stored, so a copy of the database opens no
 * archive, and a forged address is refused without a look into it.
 */
export class EnderecosAssinados implements Enderecos {
  readonly #key: Buffer;

  /** @param key 32 bytes, for nothing else. */
  constructor(key: Buffer) {
    this.#key = key;
  }

  novo({ exportacaoId, geracao, sessaoId }: Endereco, expiraEm: Date): string {
    const dados = Buffer.alloc(DADOS_BYTES);
    dados.write(exportacaoId.replaceAll('-', ''), 'hex');
    dados.writeUIntBE(expiraEm.getTime(), 16, 6);
    dados.writeUInt32BE(geracao, 22);
    dados.write(sessaoId.replaceAll('-', ''), 26, 'hex');
    return Buffer.concat([dados, this.#assinatura(dados)]).toString('base64url');
  }

  ler(texto: string, em: Date): (Endereco & { readonly expiraEm: Date }) | undefined {
    const bytes = Buffer.from(texto, 'base64url');
    // One text for each address: base64 has others that mean the same bytes.
    if (bytes.length !== DADOS_BYTES + ASSINATURA_BYTES || bytes.toString('base64url') !== texto)
      return undefined;
    const dados = bytes.subarray(0, DADOS_BYTES);
    if (!timingSafeEqual(this.#assinatura(dados), bytes.subarray(DADOS_BYTES))) return undefined;
    if (dados.readUIntBE(16, 6) <= em.getTime()) return undefined;
    return {
      exportacaoId: uuidFrom(dados.toString('hex', 0, 16)),
      sessaoId: uuidFrom(dados.toString('hex', 26)),
      geracao: dados.readUInt32BE(22),
      expiraEm: new Date(dados.readUIntBE(16, 6)),
    };
  }

  #assinatura(dados: Buffer): Buffer {
    return createHmac('sha256', this.#key).update(dados).digest();
  }
}

const uuidFrom = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
