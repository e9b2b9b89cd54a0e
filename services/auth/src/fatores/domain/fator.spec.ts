import { describe, expect, it } from '@jest/globals';
import { MuitasTentativasError } from '../../credenciais/domain/recusa.ts';
import { Fator, type Totp } from './fator.ts';

const MINUTE_MS = 60_000;
const START = new Date('2026-11-30T12:00:00Z');
const later = (ms: number) => new Date(START.getTime() + ms);

/** Codes that name their step; every other one is wrong. */
const totp: Totp = { passoDe: (_, digitos) => (digitos.startsWith('9') ? undefined : Number(digitos)) };
const WRONG = '999999';

const newFactor = () =>
  Fator.configurar({ id: 'f', usuarioId: 'cli_1', segredo: Buffer.alloc(20), em: START });

function activeFactor(): Fator {
  const fator = newFactor();
  fator.ativar('000100', totp, START);
  return fator;
}

const motivoOf = (result: { isFailure: boolean; error?: { motivo: string } }) => result.error?.motivo ?? 'OK';

describe('a set-up', () => {
  it('can be finished within fifteen minutes', () => {
    expect(motivoOf(newFactor().ativar('000100', totp, later(15 * MINUTE_MS - 1)))).toBe('OK');
    expect(motivoOf(newFactor().ativar('000100', totp, later(15 * MINUTE_MS)))).toBe(
      'MFA_CONFIGURACAO_AUSENTE',
    );
  });

  it('hears five wrong codes', () => {
    const fator = newFactor();
    for (let turn = 0; turn < 5; turn += 1)
      expect(motivoOf(fator.ativar(WRONG, totp, START))).toBe('MFA_CODIGO_INVALIDO');
    expect(motivoOf(fator.ativar('000100', totp, START))).toBe('MFA_CONFIGURACAO_AUSENTE');
    expect(fator.ativo).toBe(false);
  });

  it('may be finished with the code after four wrong ones, which are forgotten then', () => {
    const fator = newFactor();
    for (let turn = 0; turn < 4; turn += 1) fator.ativar(undefined, totp, START);
    expect(motivoOf(fator.ativar('000100', totp, START))).toBe('OK');
    expect(fator.estado).toMatchObject({ ultimoPasso: 100, falhas: 0, ativadoEm: START });
  });
});

describe('a factor', () => {
  it('takes no step twice, and none before it', () => {
    const fator = activeFactor();
    const told = ['000100', '000099', '000101', '000101', '000103', '000102'].map((digitos) =>
      motivoOf(fator.usar(digitos, totp, START)),
    );
    expect(told).toEqual(
      ['INVALID', 'INVALID', 'OK', 'INVALID', 'OK', 'INVALID'].map((each) =>
        each.replace('INVALID', 'MFA_CODIGO_INVALIDO'),
      ),
    );
  });

  it('makes each wrong code from the fifth on wait twice as long as the one before, up to a day', () => {
    const fator = activeFactor();
    let now = START.getTime();
    const waits: number[] = [];
    for (let turn = 1; turn <= 18; turn += 1) {
      expect(motivoOf(fator.usar(WRONG, totp, new Date(now)))).toBe('MFA_CODIGO_INVALIDO');
      const wait = (fator.estado.esperarAte?.getTime() ?? now) - now;
      if (wait > 0)
        expect(motivoOf(fator.usar('000200', totp, new Date(now + wait - 1)))).toBe('MUITAS_TENTATIVAS');
      waits.push(wait / MINUTE_MS);
      now += wait;
    }
    expect(waits).toEqual([0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 1440, 1440, 1440]);
    expect(motivoOf(fator.usar('000200', totp, new Date(now)))).toBe('OK');
    expect(fator.estado).toMatchObject({ falhas: 0, esperarAte: undefined });
  });

  it('says how many seconds to wait', () => {
    const fator = activeFactor();
    for (let turn = 0; turn < 5; turn += 1) fator.usar(WRONG, totp, START);
    const told = fator.usar('000200', totp, later(1_500));
    expect(told.isFailure && told.error).toEqual(new MuitasTentativasError(59));
  });
});
