import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { lerIdiomas } from '../../modelos/infrastructure/idiomas/idiomas.ts';
import { type Alvo, alvoDe } from '../application/descadastro.ts';
import { CANAIS, ehObrigatoria, GRUPOS, type Grupo, MODELOS } from '../domain/grade.ts';
import { perguntar } from '../presentation/descadastro-paginas.ts';
import { TokensCifrados } from './tokens-de-descadastro.ts';

const [UMA, OUTRA] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
const tokens = new TokensCifrados([UMA]);
const EMAIL = 'ana@exemplo.com';
const ALVO: Alvo = { clienteId: 'cli_7Yt2Kp4m', grupo: 'LEMBRETES', canal: 'EMAIL' };

const alvo = fc.record({
  clienteId: fc.stringMatching(/^cli_[A-Za-z0-9]{1,16}$/),
  grupo: fc.constantFrom(...(Object.keys(GRUPOS) as Grupo[])),
  canal: fc.constantFrom(...CANAIS),
});

describe('a token of a link that ends messages', () => {
  it('gives back what it was made of, is the same each time, and another for anything else', () => {
    fc.assert(
      fc.property(alvo, alvo, (um, outro) => {
        expect(tokens.alvo(tokens.token(um, EMAIL))).toMatchObject(um);
        const iguais = JSON.stringify(um) === JSON.stringify(outro);
        expect(tokens.token(um, EMAIL) === tokens.token(outro, EMAIL)).toBe(iguais);
        expect(tokens.token(um, EMAIL)).not.toBe(tokens.token(um, `x${EMAIL}`));
        expect(tokens.token(um, EMAIL)).toBe(tokens.token(um, EMAIL.toUpperCase()));
      }),
    );
  });

  it('says nothing to who has it, and fits into an address and a header', () => {
    const token = tokens.token(ALVO, EMAIL);
    expect(token).toMatch(/^[\w-]{40,200}$/);
    const aberto = Buffer.from(token, 'base64url').toString('latin1');
    expect(`${token}${aberto}`).not.toMatch(/cli_|7Yt2|LEMBRETES|EMAIL|ana@/);
  });

  it('cannot be made by changing another one, in any bit or spelling', () => {
    const token = tokens.token(ALVO, EMAIL);
    const bytes = Buffer.from(token, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const outro = Buffer.from(bytes);
      outro[bit >> 3] = (outro[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(tokens.alvo(outro.toString('base64url'))).toBeUndefined();
    }
    const fim = token.at(-1) ?? '';
    const parecidos = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_']
      .filter((letra) => letra !== fim)
      .map((letra) => token.slice(0, -1) + letra);
    for (const ruim of [...parecidos, `${token}A`, token.slice(1), '', 'x'.repeat(64), 'á'.repeat(64)])
      expect(tokens.alvo(ruim)).toBeUndefined();
  });

  it('opens while its key is there, whichever is the first', () => {
    const antigo = tokens.token(ALVO, EMAIL);
    expect(new TokensCifrados([OUTRA, UMA]).alvo(antigo)).toMatchObject(ALVO);
    expect(new TokensCifrados([OUTRA]).alvo(antigo)).toBeUndefined();
    expect(() => new TokensCifrados([])).toThrow('need a key');
  });
});

describe('alvoDe', () => {
  const mensagem = (modelo: keyof typeof MODELOS) =>
    ({ clienteId: 'cli_1', modelo, canal: 'EMAIL' }) as const;

  it('is there for what a person may end with one click, and has a name that they know', () => {
    const modelos = Object.keys(MODELOS) as (keyof typeof MODELOS)[];
    const comLink = modelos.filter((modelo) => alvoDe(mensagem(modelo)) !== undefined);
    expect(comLink).toContain('LEMBRETE_RESERVA');
    for (const modelo of comLink) {
      const fim = alvoDe(mensagem(modelo)) as Alvo;
      expect(ehObrigatoria(fim.grupo, fim.canal)).toBe(false);
      const pagina = perguntar(fim, lerIdiomas().padrao).body;
      expect(pagina).toMatch(/mais receber [^.]+ por e-mail\./);
    }
  });

  it.each(['RESERVA_CONFIRMADA', 'ESTORNO_CONCLUIDO', 'AVISO_DE_SEGURANCA', 'REDEFINICAO_SENHA'] as const)(
    'is not there for %s',
    (modelo) => {
      expect(alvoDe(mensagem(modelo))).toBeUndefined();
    },
  );
});
