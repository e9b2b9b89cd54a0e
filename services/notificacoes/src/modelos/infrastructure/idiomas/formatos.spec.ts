import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { lerIdiomas } from './idiomas.ts';

const { periodo, inicioCurto, dinheiro } = lerIdiomas().padrao;

const SP = 'America/Sao_Paulo';

describe('a period', () => {
  it('names the day once when it starts and ends on it, in the zone of the space', () => {
    const texto = periodo(new Date('2026-11-25T01:30:00Z'), new Date('2026-11-25T02:30:00Z'), SP);
    expect(texto).toBe('terça-feira, 24 de novembro de 2026, das 22:30 às 23:30 (horário de São Paulo)');
  });

  it('names both days when it crosses midnight there', () => {
    const texto = periodo(new Date('2026-11-28T01:00:00Z'), new Date('2026-11-28T03:00:00Z'), SP);
    expect(texto).toBe(
      'de sexta-feira, 27 de novembro de 2026, às 22:00, até sábado, 28 de novembro de 2026, às 00:00 (horário de São Paulo)',
    );
  });

  it('names the zone by its identifier when it has no Brazilian name', () => {
    const texto = periodo(
      new Date('2026-01-05T09:00:00Z'),
      new Date('2026-01-05T10:00:00Z'),
      'Europe/Lisbon',
    );
    expect(texto).toBe(
      'segunda-feira, 5 de janeiro de 2026, das 09:00 às 10:00 (fuso horário Europe/Lisbon)',
    );
  });

  it('follows the clocks of the zone when they go back', () => {
    const texto = periodo(new Date('2018-02-18T01:00:00Z'), new Date('2018-02-18T04:00:00Z'), SP);
    expect(texto).toContain(
      '17 de fevereiro de 2018, às 23:00, até domingo, 18 de fevereiro de 2018, às 01:00',
    );
  });
});

describe('a start', () => {
  it('is day and hour when room is short', () => {
    expect(inicioCurto(new Date('2026-11-24T17:00:00Z'), SP)).toBe('24/11/2026 às 14:00');
  });
});

describe('money', () => {
  it.each([
    [0n, 'R$\u00a00,00'],
    [5n, 'R$\u00a00,05'],
    [123_450n, 'R$\u00a01.234,50'],
    [-5_001n, '-R$\u00a050,01'],
    [900_719_925_474_099_205n, 'R$\u00a09.007.199.254.740.992,05'],
  ])('writes %s cents exactly', (centavos, texto) => {
    expect(dinheiro(Dinheiro.deCentavos(centavos))).toBe(texto);
  });
});
