import { createPublicKey, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import type { TipoDeAssinatura } from '../domain/webhook.ts';
import { ChavesDeAssinatura } from './chaves.ts';

const [VELHO, NOVO, OUTRO] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer];
const chaves = new ChavesDeAssinatura([NOVO, VELHO]);
const timestamp = Math.floor(Date.now() / 1_000);
const mensagem = { id: 'evento-1', timestamp, corpo: '{"type":"reserva.criada","data":{"nome":"Ipê"}}' };

const webhook = (assinatura: TipoDeAssinatura, de = chaves, id = 'whk_1') => {
  const { selada: chave, publicada } = de.nova(id, assinatura);
  return { id, assinatura, chave, publicada, chaveAnterior: undefined, chaveAnteriorAte: undefined };
};

const cabecalhos = (assinatura: string) => ({
  'webhook-id': mensagem.id,
  'webhook-timestamp': `${timestamp}`,
  'webhook-signature': assinatura,
});

/** As a receiver checks it who knows the public key only. */
function confere(publicada: string, assinatura: string, { id, timestamp: em, corpo } = mensagem): boolean {
  const x = Buffer.from(publicada.slice('whpk_'.length), 'base64').toString('base64url');
  const key = createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x } });
  return assinatura
    .split(' ')
    .map((uma) => uma.split(','))
    .some(
      ([versao, texto = '']) =>
        versao === 'v1a' &&
        verify(null, Buffer.from(`${id}.${em}.${corpo}`), key, Buffer.from(texto, 'base64')),
    );
}

describe('a signature with a shared secret', () => {
  it('is taken by the public library, which knows the secret as it was told', () => {
    const um = webhook('HMAC');
    expect(um.publicada).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const assinatura = chaves.assinar(um, mensagem);
    expect(assinatura).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/);
    const receptor = new Webhook(um.publicada);
    expect(receptor.verify(mensagem.corpo, cabecalhos(assinatura))).toEqual(JSON.parse(mensagem.corpo));
    expect(() => receptor.verify(`${mensagem.corpo} `, cabecalhos(assinatura))).toThrow();
    expect(new Webhook(um.publicada).sign(mensagem.id, new Date(timestamp * 1_000), mensagem.corpo)).toBe(
      assinatura,
    );
  });
});

describe('a signature with a key pair', () => {
  it('is verified by the public key, which is all that is told', () => {
    const um = webhook('ED25519');
    expect(um.publicada).toMatch(/^whpk_[A-Za-z0-9+/]{43}=$/);
    const assinatura = chaves.assinar(um, mensagem);
    expect(assinatura).toMatch(/^v1a,[A-Za-z0-9+/]{86}==$/);
    expect(confere(um.publicada, assinatura)).toBe(true);
    expect(confere(um.publicada, assinatura, { ...mensagem, corpo: '{}' })).toBe(false);
    expect(confere(um.publicada, assinatura, { ...mensagem, id: 'evento-2' })).toBe(false);
    expect(confere(webhook('ED25519').publicada, assinatura)).toBe(false);
  });
});

describe('a new key', () => {
  it.each(['HMAC', 'ED25519'] as const)('signs beside the one before while that holds: %s', (tipo) => {
    const antes = webhook(tipo);
    const depois = chaves.nova('whk_1', tipo);
    const trocado = { ...antes, chave: depois.selada, chaveAnterior: antes.chave };
    const ate = (ms: number) => ({ ...trocado, chaveAnteriorAte: new Date(timestamp * 1_000 + ms) });
    const juntas = chaves.assinar(ate(1_000), mensagem);
    expect(juntas.split(' ')).toHaveLength(2);
    expect(chaves.assinar(ate(0), mensagem).split(' ')).toHaveLength(1);
    if (tipo === 'ED25519') return expect(confere(antes.publicada, juntas)).toBe(true);
    for (const { publicada } of [antes, depois])
      new Webhook(publicada).verify(mensagem.corpo, cabecalhos(juntas));
  });
});

describe('a key that is sealed anew', () => {
  it.each(['HMAC', 'ED25519'] as const)('is the same, and needs the key before no more: %s', (tipo) => {
    const um = webhook(tipo, new ChavesDeAssinatura([VELHO]));
    const chave = chaves.reselar(um.chave, um.id);
    const depois = new ChavesDeAssinatura([NOVO]);
    expect(depois.publicada({ ...um, chave })).toBe(um.publicada);
    expect(() => depois.reselar(um.chave, um.id)).toThrow('opens under none');
    expect(() => depois.reselar(chave, 'whk_2')).toThrow('whk_2 opens under none');
  });

  it('tells by a name which key has sealed it, and nothing of that key', () => {
    const nomes = [[NOVO], [NOVO, VELHO], [VELHO]].map((selos) => new ChavesDeAssinatura(selos).selo);
    expect(nomes[0]).toBe(nomes[1]);
    expect(nomes[0]).not.toBe(nomes[2]);
    for (const nome of nomes) expect(nome).toMatch(/^[0-9a-f]{16}$/);
  });
});

describe('a stored key', () => {
  it('is told again to a call that comes again', () => {
    for (const tipo of ['HMAC', 'ED25519'] as const) {
      const um = webhook(tipo);
      expect(chaves.publicada(um)).toBe(um.publicada);
    }
  });

  it('opens after the key that seals was replaced, for its webhook alone, and under no other key', () => {
    const um = webhook('HMAC', new ChavesDeAssinatura([VELHO]));
    expect(chaves.publicada(um)).toBe(um.publicada);
    expect(() => chaves.publicada({ ...um, id: 'whk_2' })).toThrow('whk_2 opens under none');
    expect(() => new ChavesDeAssinatura([OUTRO]).publicada(um)).toThrow('opens under none');
    expect(um.chave.includes(Buffer.from(um.publicada.slice(6), 'base64'))).toBe(false);
  });
});
