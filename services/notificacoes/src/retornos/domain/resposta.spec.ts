import { describe, expect, it } from '@jest/globals';
import { respostaDe } from './resposta.ts';

describe('respostaDe', () => {
  it.each([
    ...['STOP', 'stop', ' Stop. ', 'Stop!', 'STOPALL', 'stop all', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'],
    ...[
      'OPTOUT',
      'REVOKE',
      'PARAR',
      'Pare',
      'sair',
      'Cancelar',
      'DESCADASTRAR',
      '\u200fSAIR\u200b',
      'ＳＴＯＰ',
    ],
  ])('takes %j for no more', (texto) => {
    expect(respostaDe(texto)).toBe('PARAR');
  });

  it.each(['START', 'unstop', 'Yes', 'VOLTAR', 'Começar', 'comecar.'])('takes %j for more again', (texto) => {
    expect(respostaDe(texto)).toBe('VOLTAR');
  });

  it.each([
    ...['', ' ', 'Quero cancelar a reserva', 'stop please', 'não pare', 'STO P', 'HELP', 'AJUDA', 'sim'],
    ...['\0STOP', 'STOP'.repeat(400), '.'.repeat(1_600), '🛑', 'ЅТОР'],
  ])('takes %j for nothing', (texto) => {
    expect(respostaDe(texto)).toBeUndefined();
  });
});
