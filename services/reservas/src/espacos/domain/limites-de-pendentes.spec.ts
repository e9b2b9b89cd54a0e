import { describe, expect, it } from '@jest/globals';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import {
  LIMITES_DE_PENDENTES_PADRAO,
  type Pendentes,
  problemaNosPendentes,
  verificarPendentes,
} from './limites-de-pendentes.ts';

const AGORA = new Date('2027-03-01T12:00:00.000Z');
const EM_CINCO = new Date('2027-03-01T12:05:00.000Z');
const INICIO = new Date('2027-03-02T12:00:00.000Z');
const NENHUM: Pendentes = { reservas: 0, minutos: 0, ateQuando: undefined, largados: [] };

function periodo(duracaoMinutos: number, inicio = INICIO): PeriodoReserva {
  const criado = PeriodoReserva.create(inicio, new Date(inicio.getTime() + duracaoMinutos * 60_000));
  if (criado.isFailure) throw criado.error;
  return criado.value;
}

function verificar(pendentes: Partial<Pendentes>, duracaoMinutos = 60) {
  return verificarPendentes(
    periodo(duracaoMinutos),
    LIMITES_DE_PENDENTES_PADRAO,
    { ...NENHUM, ...pendentes },
    AGORA,
  );
}

describe('verificarPendentes', () => {
  it('lets a customer hold three, and 24 hours to the minute', () => {
    expect(verificar({ reservas: 2, minutos: 120 }).isSuccess).toBe(true);
    expect(verificar({ reservas: 1, minutos: 23 * 60 }, 60).isSuccess).toBe(true);
    expect(verificar({}, 1440).isSuccess).toBe(true);
  });

  it('refuses the fourth, and says which limit and until when', () => {
    const recusa = verificar({ reservas: 3, minutos: 180, ateQuando: EM_CINCO });
    expect(recusa.isFailure && recusa.error).toMatchObject({
      motivo: 'LIMITE_DE_PENDENTES',
      message:
        'Você já tem 3 reservas sem pagamento, e o máximo é 3: pague ou cancele uma delas, ou espere: a primeira vence daqui a 5 minutos.',
      detalhes: { maximo: 3, ateQuando: EM_CINCO.toISOString() },
    });
  });

  it('refuses the minute after 24 hours', () => {
    const recusa = verificar({ reservas: 1, minutos: 23 * 60, ateQuando: EM_CINCO }, 61);
    expect(recusa.isFailure && recusa.error).toMatchObject({
      motivo: 'LIMITE_DE_HORAS_PENDENTES',
      message:
        'Suas reservas sem pagamento passariam de 24 horas, o máximo: pague ou cancele a que tem, ou espere: a primeira vence daqui a 5 minutos.',
      detalhes: { maximoHoras: 24, ateQuando: EM_CINCO.toISOString() },
    });
  });

  it('tells no time when the first hold is over and only waits to be closed', () => {
    const recusa = verificar({ reservas: 3, minutos: 180, ateQuando: AGORA });
    expect(recusa.isFailure && recusa.error.message).toBe(
      'Você já tem 3 reservas sem pagamento, e o máximo é 3: pague ou cancele uma delas.',
    );
  });

  it('does not advise to pay when nothing is held', () => {
    const limites = { ...LIMITES_DE_PENDENTES_PADRAO, horas: 1 };
    const recusa = verificarPendentes(periodo(61), limites, NENHUM, AGORA);
    expect(recusa.isFailure && recusa.error.message).toBe(
      'Suas reservas sem pagamento passariam de 1 hora, o máximo: escolha um período menor.',
    );
  });

  it('refuses a period that was let go less than 30 minutes ago, and takes it from then on', () => {
    const largado = (em: string) => ({ largados: [{ periodo: periodo(60), em: new Date(em) }] });
    const recusa = verificar(largado('2027-03-01T11:30:00.001Z'));
    expect(recusa.isFailure && recusa.error).toMatchObject({
      motivo: 'PENDENCIA_RECENTE',
      message: 'Você teve este horário e não pagou: poderá reservá-lo de novo daqui a 1 minuto.',
      detalhes: { minutos: 30, ateQuando: '2027-03-01T12:00:00.001Z' },
    });
    expect(verificar(largado('2027-03-01T11:30:00.000Z')).isSuccess).toBe(true);
  });

  it('refuses what overlaps a period that was let go, and takes what touches it', () => {
    const em = new Date(AGORA.getTime() - 1);
    const aoLado = [new Date(INICIO.getTime() - 3_600_000), new Date(INICIO.getTime() + 3_600_000)];
    expect(
      verificar({ largados: aoLado.map((inicio) => ({ periodo: periodo(60, inicio), em })) }).isSuccess,
    ).toBe(true);
    for (const minutos of [-59, -1, 1, 59]) {
      const inicio = new Date(INICIO.getTime() + minutos * 60_000);
      expect(verificar({ largados: [{ periodo: periodo(60, inicio), em }] }).isFailure).toBe(true);
    }
  });

  it('counts by the last of several that were let go', () => {
    const largados = ['2027-03-01T11:50:00Z', '2027-03-01T11:40:00Z'].map((em) => ({
      periodo: periodo(60),
      em: new Date(em),
    }));
    const recusa = verificar({ largados });
    expect(recusa.isFailure && recusa.error.detalhes).toMatchObject({
      ateQuando: '2027-03-01T12:20:00.000Z',
    });
  });
});

describe('problemaNosPendentes', () => {
  it.each([
    [{ reservas: 0 }, 'reservas sem pagamento'],
    [{ reservas: 101 }, 'reservas sem pagamento'],
    [{ horas: 0 }, 'horas sem pagamento'],
    [{ horas: 1001 }, 'horas sem pagamento'],
    [{ resfriamentoMinutos: -1 }, 'resfriamento'],
    [{ resfriamentoMinutos: 1441 }, 'resfriamento'],
    [{ resfriamentoMinutos: 1.5 }, 'resfriamento'],
  ])('names what is out of range in %o', (mudanca, texto) => {
    expect(problemaNosPendentes({ ...LIMITES_DE_PENDENTES_PADRAO, ...mudanca })).toContain(texto);
  });

  it('takes both ends of every range', () => {
    expect(problemaNosPendentes({ reservas: 1, horas: 1, resfriamentoMinutos: 0 })).toBeUndefined();
    expect(problemaNosPendentes({ reservas: 100, horas: 1000, resfriamentoMinutos: 1440 })).toBeUndefined();
  });
});
