import { describe, expect, it, jest } from '@jest/globals';
import { descricaoDaCobranca } from './descricao-da-cobranca.ts';

const reserva = {
  espacoNome: 'Sala Ipê',
  periodo: { inicio: new Date('2026-06-10T13:00:00Z') },
  expiraEm: new Date('2026-06-08T09:32:00Z'),
  fusoHorario: 'America/Sao_Paulo',
};

describe('descricaoDaCobranca', () => {
  it('says what is paid and until when, in the local time of the space', () => {
    expect(descricaoDaCobranca(reserva)).toBe(
      'Reserva de Sala Ipê, 10/06/2026, 10:00. Pague até 08/06/2026, 06:32 (horário do espaço).',
    );
  });

  it('makes one format for each time zone, for that takes longest', () => {
    const formatos = jest.spyOn(Intl, 'DateTimeFormat');
    const em = (fusoHorario: string) => descricaoDaCobranca({ ...reserva, fusoHorario });
    em('America/Noronha');
    formatos.mockClear();
    expect(em('America/Noronha')).toContain('10/06/2026, 11:00');
    expect(formatos).not.toHaveBeenCalled();
    formatos.mockRestore();
  });

  it('cuts the name of the space rather than the times', () => {
    const longa = descricaoDaCobranca({ ...reserva, espacoNome: '🏀'.repeat(300) });
    expect([...longa]).toHaveLength(200);
    expect(longa).toMatch(
      /🏀…, 10\/06\/2026, 10:00\. Pague até 08\/06\/2026, 06:32 \(horário do espaço\)\.$/u,
    );
  });
});
