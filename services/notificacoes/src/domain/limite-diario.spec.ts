import { describe, expect, it } from '@jest/globals';
import { diaDe, diaSeguinte, ehRecibo } from './limite-diario.ts';
import type { ModeloComDados } from './notificacao.ts';

const mensagem = (modelo: string, dados: object = {}) => ({ modelo, dados }) as ModeloComDados;

describe('a receipt', () => {
  it.each([
    ['ESTORNO_CONCLUIDO', {}, true],
    ['RESERVA_CONFIRMADA', { valorCentavos: '100' }, true],
    ['RESERVA_CONFIRMADA', { valorCentavos: '0' }, false],
    ['RESERVA_CANCELADA', { pagamentoId: 'pag_1' }, true],
    ['RESERVA_CANCELADA', { pagamentoId: '' }, false],
    ['RESERVA_EXPIRADA', {}, false],
    ['LEMBRETE_RESERVA', {}, false],
    ['PAGAMENTO_RECUSADO', {}, false],
    ['VAGA_OFERECIDA', {}, false],
    ['BOAS_VINDAS', {}, false],
  ])('is about money: %s %j %s', (modelo, dados, esperado) => {
    expect(ehRecibo(mensagem(modelo, dados))).toBe(esperado);
  });
});

describe('the day of a message', () => {
  it('is that of UTC, and the next one begins at midnight', () => {
    const tarde = new Date('2026-12-31T23:59:59.999Z');
    expect(diaDe(tarde)).toBe('2026-12-31');
    expect(diaSeguinte(tarde)).toEqual(new Date('2027-01-01T00:00:00Z'));
    expect(diaSeguinte(new Date('2027-01-01T00:00:00Z'))).toEqual(new Date('2027-01-02T00:00:00Z'));
  });
});
