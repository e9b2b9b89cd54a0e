import { describe, expect, it } from '@jest/globals';
import {
  type Dispensas,
  explicarDispensas,
  limitesCom,
  NENHUMA_DISPENSA,
  verificarDispensas,
} from './dispensas.ts';
import { LIMITES_PADRAO } from './limites-reserva.ts';

function dispensa(mudancas: Partial<Dispensas>): Dispensas {
  return { ...NENHUMA_DISPENSA, ...mudancas };
}

describe('rules left aside', () => {
  it('are none unless they are asked for', () => {
    expect(NENHUMA_DISPENSA).toEqual({ folga: false, antecedencia: false, limite: false, motivo: '' });
    expect(verificarDispensas(NENHUMA_DISPENSA).isSuccess).toBe(true);
    expect(explicarDispensas(dispensa({ motivo: 'sem efeito' }))).toBe('');
    expect(limitesCom(dispensa({ folga: true, limite: true }), LIMITES_PADRAO)).toBe(LIMITES_PADRAO);
  });

  it.each(['folga', 'antecedencia', 'limite'] as const)('need a reason when %s is among them', (regra) => {
    const recusada = verificarDispensas(dispensa({ [regra]: true, motivo: '  ' }));
    expect(recusada.isFailure && [recusada.error.motivo, recusada.error.message]).toEqual([
      'MOTIVO_OBRIGATORIO',
      'Diga o motivo para deixar de lado uma regra da reserva.',
    ]);
    expect(verificarDispensas(dispensa({ [regra]: true, motivo: 'evento' })).isSuccess).toBe(true);
  });

  it('are named in the history with their reason', () => {
    const todas = { folga: true, antecedencia: true, limite: true, motivo: ' evento da casa ' };
    expect(explicarDispensas(todas)).toBe(
      'dispensa de folga, antecedência, limite de reservas: evento da casa',
    );
    expect(explicarDispensas(dispensa({ limite: true, motivo: 'x' }))).toBe(
      'dispensa de limite de reservas: x',
    );
  });

  it('leave no lead time but the farthest any space allows', () => {
    expect(limitesCom(dispensa({ antecedencia: true }), LIMITES_PADRAO)).toEqual({
      ...LIMITES_PADRAO,
      antecedenciaMinimaMinutos: 0,
      antecedenciaMaximaDias: 730,
    });
  });
});
