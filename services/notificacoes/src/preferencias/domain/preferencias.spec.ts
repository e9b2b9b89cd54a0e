import { describe, expect, it } from '@jest/globals';
import type { Modelo } from '../../modelos/domain/modelo.ts';
import { PREFERENCIAS_INICIAIS, quer } from './preferencias.ts';

const TODOS: readonly Modelo[] = [
  'RESERVA_CONFIRMADA',
  'RESERVA_CANCELADA',
  'RESERVA_EXPIRADA',
  'LEMBRETE_RESERVA',
  'PAGAMENTO_RECUSADO',
  'ESTORNO_CONCLUIDO',
  'ESTORNO_FALHOU',
  'VAGA_OFERECIDA',
  'AVISO_DE_SEGURANCA',
  'REDEFINICAO_SENHA',
  'TROCA_DE_EMAIL',
];
const OBRIGATORIOS = [
  'RESERVA_CONFIRMADA',
  'RESERVA_CANCELADA',
  'ESTORNO_CONCLUIDO',
  'ESTORNO_FALHOU',
  'VAGA_OFERECIDA',
  'AVISO_DE_SEGURANCA',
  'REDEFINICAO_SENHA',
  'TROCA_DE_EMAIL',
];

const queridos = (
  mudanca: Partial<typeof PREFERENCIAS_INICIAIS>,
  canal: 'EMAIL' | 'SMS' | 'PUSH' = 'EMAIL',
) => TODOS.filter((modelo) => quer({ ...PREFERENCIAS_INICIAIS, ...mudanca }, { modelo, canal }));

describe('quer', () => {
  it('lets every e-mail through, and nothing else, when nothing was chosen', () => {
    expect(queridos({})).toEqual(TODOS);
    expect([...queridos({}, 'SMS'), ...queridos({}, 'PUSH')]).toEqual([]);
  });

  it('leaves out the reminder alone when reminders are off', () => {
    expect(queridos({ lembretes: false })).toEqual(TODOS.filter((modelo) => modelo !== 'LEMBRETE_RESERVA'));
  });

  it('lets confirmation, cancellation, refund, offer and what concerns the safety of an account through by e-mail whatever is off', () => {
    expect(queridos({ email: false, lembretes: false })).toEqual(OBRIGATORIOS);
  });

  it('asks each channel for itself', () => {
    expect(queridos({ email: false, sms: true }, 'SMS')).toEqual(TODOS);
    expect(queridos({ push: true, lembretes: false }, 'PUSH')).not.toContain('LEMBRETE_RESERVA');
  });
});
