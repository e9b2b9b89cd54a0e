import { describe, expect, it, jest } from '@jest/globals';
import { ehFusoHorario } from './fuso-horario.ts';

describe('the name of a time zone', () => {
  it.each([
    'America/Sao_Paulo',
    'America/Argentina/Buenos_Aires',
    'America/Port-au-Prince',
    'Etc/GMT+3',
    'UTC',
    'america/manaus',
  ])('is %s', (nome) => {
    expect([ehFusoHorario(nome), ehFusoHorario(nome)]).toEqual([true, true]);
  });

  it.each([
    'FOO+5',
    'BRT3',
    'EST+5EDT,M3.2.0',
    '<-03>3',
    '+03:00',
    '-03',
    'GMT+3',
    'Z',
    '',
    ' UTC',
    'America/Sao Paulo',
    'Lua/Cratera',
    'America/Sao_Paulo/',
    'a'.repeat(10_000),
  ])('is not %s', (nome) => {
    expect(ehFusoHorario(nome)).toBe(false);
  });

  it('is looked up once in the spelling that it has, and each time in another one', () => {
    const procuras = jest.spyOn(Intl, 'DateTimeFormat');
    const feitasPor = (nome: string) => {
      expect(ehFusoHorario(nome)).toBe(true);
      procuras.mockClear();
      expect(ehFusoHorario(nome)).toBe(true);
      return procuras.mock.calls.length;
    };
    expect(['America/Belem', 'america/BELEM'].map(feitasPor)).toEqual([0, 1]);
    procuras.mockRestore();
  });

  it('is none only when the runtime says so', () => {
    const defeito = jest.spyOn(Intl, 'DateTimeFormat').mockImplementation(() => {
      throw new TypeError('broken');
    });
    expect(() => ehFusoHorario('america/belem')).toThrow('broken');
    defeito.mockRestore();
  });

  it('is known for every zone that there is', () => {
    expect(Intl.supportedValuesOf('timeZone').filter((nome) => !ehFusoHorario(nome))).toEqual([]);
  });
});
