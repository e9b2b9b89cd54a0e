import { describe, expect, it } from '@jest/globals';
import { cotaDe } from './limite-diario.ts';

describe('the share of an address', () => {
  const daVerificacao = (email: string) => cotaDe('BOAS_VINDAS', email);

  it('is one for all spellings of a mailbox that somebody signs up with', () => {
    const variantes = ['ana+1@exemplo.com', 'ana+2+3@exemplo.com', 'Ana+X@Exemplo.com'].map(daVerificacao);
    expect(new Set(variantes).size).toBe(1);
    const doGoogle = ['a.na@gmail.com', 'an.a+1@gmail.com', 'ana+@googlemail.com'].map(daVerificacao);
    expect(new Set(doGoogle).size).toBe(1);
  });

  it('is not taken by those from the address as it is', () => {
    expect(daVerificacao('ana@exemplo.com')).toBe('ana@exemplo.com');
    expect(daVerificacao('ana@gmail.com')).not.toBe(daVerificacao('a.na@gmail.com'));
    expect(daVerificacao('ana.maria@exemplo.com')).toBe('ana.maria@exemplo.com');
    expect(daVerificacao('+ana@exemplo.com')).toBe('+ana@exemplo.com');
  });

  it('is that of the very address once it is verified', () => {
    expect(cotaDe('LEMBRETE_RESERVA', 'ana+1@exemplo.com')).toBe('ana+1@exemplo.com');
  });
});
