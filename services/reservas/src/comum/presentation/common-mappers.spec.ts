import { describe, expect, it } from '@jest/globals';
import { StatusEntradaFila } from '@plataforma/contratos/reservas/v1/fila_espera_pb';
import { nameFrom } from './common-mappers.ts';

describe('nameFrom', () => {
  it('names a member, and nothing for none', () => {
    expect(nameFrom(StatusEntradaFila, StatusEntradaFila.OFERTADA)).toBe('OFERTADA');
    expect(nameFrom(StatusEntradaFila, StatusEntradaFila.UNSPECIFIED)).toBeUndefined();
  });

  it('names nothing for a member that only a later release knows', () => {
    expect(nameFrom(StatusEntradaFila, 99 as StatusEntradaFila)).toBeUndefined();
  });
});
