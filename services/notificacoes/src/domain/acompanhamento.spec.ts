import { describe, expect, it } from '@jest/globals';
import { acompanhar, desconhecida, type Fato, type ReservaAcompanhada } from './acompanhamento.ts';
import type { DetalhesDaReserva, Modelo, Rascunho } from './notificacao.ts';

const detalhes: DetalhesDaReserva = {
  reservaId: 'res_1',
  espacoNome: 'Sala',
  inicio: '2026-11-24T17:00:00.000Z',
  fim: '2026-11-24T19:00:00.000Z',
  fusoHorario: 'America/Sao_Paulo',
};
const dinheiro = { pagamentoId: 'pag_1', moeda: 'BRL' };
const agora = new Date('2026-11-20T13:00:00Z');

const FATOS = {
  confirmada: {
    tipo: 'CONFIRMADA',
    versao: 3,
    dados: {
      ...detalhes,
      ...dinheiro,
      espacoEndereco: '',
      valorCentavos: '1',
      confirmadaEm: detalhes.inicio,
    },
  },
  cancelada: {
    tipo: 'CANCELADA',
    versao: 4,
    dados: {
      ...detalhes,
      ...dinheiro,
      motivo: '',
      reembolsoCentavos: '0',
      creditoCentavos: '0',
      canceladaEm: detalhes.inicio,
    },
  },
} as const satisfies Record<string, Fato>;

/** Facts one after the other: which messages are written down, and which of them are taken back. */
function contar(...fatos: Fato[]) {
  let reserva: ReservaAcompanhada = desconhecida('res_1');
  const escritas: Rascunho[] = [];
  const retiradas: Modelo[] = [];
  for (const fato of fatos) {
    const confirmacaoEscrita = escritas.some(({ modelo }) => modelo === 'RESERVA_CONFIRMADA');
    const { depois, mensagens, retirar } = acompanhar(reserva, fato, { agora, confirmacaoEscrita });
    reserva = depois;
    retiradas.push(...retirar.filter((modelo) => escritas.some((escrita) => escrita.modelo === modelo)));
    escritas.push(...mensagens);
  }
  return { escritas, retiradas, modelos: escritas.map(({ modelo }) => modelo) };
}

describe('acompanhar', () => {
  it('tells of the confirmation, then of the cancellation with its calendar file', () => {
    const { escritas, modelos } = contar(FATOS.confirmada, FATOS.cancelada);
    expect(modelos).toEqual(['RESERVA_CONFIRMADA', 'RESERVA_CANCELADA']);
    expect(escritas[1]?.dados).toMatchObject({ comCalendario: true });
  });

  it('takes back a confirmation that was not sent when the reservation is cancelled', () => {
    expect(contar(FATOS.confirmada, FATOS.cancelada).retiradas).toContain('RESERVA_CONFIRMADA');
  });

  it('tells of no confirmation, and attaches no calendar file, when the cancellation comes first', () => {
    const { escritas, modelos } = contar(FATOS.cancelada, FATOS.confirmada);
    expect(modelos).toEqual(['RESERVA_CANCELADA']);
    expect(escritas[0]?.dados).toMatchObject({ comCalendario: false });
  });
});
