import { describe, expect, it } from '@jest/globals';
import type { Rascunho } from '../../mensagens/domain/notificacao.ts';
import type { DetalhesDaReserva, Modelo } from '../../modelos/domain/modelo.ts';
import { acompanhar } from './acompanhamento.ts';
import type { MovimentoDeVolta } from './devolucoes.ts';
import { desconhecida, type Fato, type ReservaAcompanhada } from './reserva-acompanhada.ts';

const detalhes: DetalhesDaReserva = {
  reservaId: 'res_1',
  espacoNome: 'Sala',
  inicio: '2026-11-24T17:00:00.000Z',
  fim: '2026-11-24T19:00:00.000Z',
  fusoHorario: 'America/Sao_Paulo',
};
const dinheiro = { pagamentoId: 'pag_1', moeda: 'BRL' };
const agora = new Date('2026-11-20T13:00:00Z');

const aceite = { valorCentavos: '25000', moeda: 'BRL', expiraEm: '2026-11-20T13:30:00.000Z' };

const recusa = (eventoId: string): Fato => ({ tipo: 'CARTAO_RECUSADO', eventoId });
const cobranca = (versao: number, checkoutUrl: string): Fato => ({
  tipo: 'COBRANCA_CRIADA',
  versao,
  checkoutUrl,
  cobranca: undefined,
});

/** A movement of R$ 1.00 that is done, alone in its refund unless something else is said. */
const estorno = (numero: number, mudancas: Partial<MovimentoDeVolta> = {}): Fato => ({
  tipo: 'ESTORNO',
  movimento: {
    ...{
      ...dinheiro,
      numero,
      situacao: 'CONCLUIDO',
      valorCentavos: '100',
      emCreditos: false,
      excedente: false,
    },
    pedido: { numero, movimentos: 1, origem: 'ADMIN', valorCentavos: '100', creditosCentavos: '0' },
    ...{ motivo: '', devolvido: false, ...mudancas },
  },
});

const FATOS = {
  criada: { tipo: 'CRIADA', versao: 1, detalhes, expiraEm: new Date('2026-11-20T13:15:00Z') },
  expirada: { tipo: 'EXPIRADA', versao: 2 },
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
    expect(modelos).toEqual(['RESERVA_CONFIRMADA', 'LEMBRETE_RESERVA', 'RESERVA_CANCELADA']);
    expect(escritas[2]?.dados).toMatchObject({ comCalendario: true });
  });

  it('tells of the confirmation until the reservation is over, however late the fact comes', () => {
    const { escritas } = contar(FATOS.confirmada);
    expect(escritas[0]).toMatchObject({ modelo: 'RESERVA_CONFIRMADA', validoAte: new Date(detalhes.fim) });
  });

  it('takes back the confirmation and the reminder that were not sent when the reservation is cancelled', () => {
    expect(contar(FATOS.confirmada, FATOS.cancelada).retiradas).toEqual([
      'RESERVA_CONFIRMADA',
      'LEMBRETE_RESERVA',
    ]);
  });

  it('tells of no confirmation, and attaches no calendar file, when the cancellation comes first', () => {
    const { escritas, modelos } = contar(FATOS.cancelada, FATOS.confirmada);
    expect(modelos).toEqual(['RESERVA_CANCELADA']);
    expect(escritas[0]?.dados).toMatchObject({ comCalendario: false });
  });

  it('tells of an expiry with what the creation says', () => {
    expect(contar(FATOS.criada, FATOS.expirada).escritas).toEqual([
      { modelo: 'RESERVA_EXPIRADA', dados: detalhes },
    ]);
  });

  it('tells of an expiry that comes before the creation once that is known', () => {
    expect(contar(FATOS.expirada).modelos).toEqual([]);
    expect(contar(FATOS.expirada, FATOS.criada).modelos).toEqual(['RESERVA_EXPIRADA']);
  });

  it('tells of a confirmation that came after the expiry, and takes the expiry back', () => {
    const { modelos, retiradas } = contar(FATOS.criada, FATOS.expirada, FATOS.confirmada);
    expect(modelos).toEqual(['RESERVA_EXPIRADA', 'RESERVA_CONFIRMADA', 'LEMBRETE_RESERVA']);
    expect(retiradas).toEqual(['RESERVA_EXPIRADA']);
  });

  it.each([
    [
      'the confirmation',
      [FATOS.criada, FATOS.confirmada, FATOS.expirada],
      ['RESERVA_CONFIRMADA', 'LEMBRETE_RESERVA'],
    ],
    ['the cancellation', [FATOS.criada, FATOS.cancelada, FATOS.expirada], ['RESERVA_CANCELADA']],
    ['both', [FATOS.expirada, FATOS.confirmada, FATOS.criada], ['RESERVA_CONFIRMADA', 'LEMBRETE_RESERVA']],
  ] as const)('does not tell of an expiry that comes to be known after %s', (_, fatos, modelos) => {
    expect(contar(...fatos).modelos).toEqual(modelos);
  });

  it('tells of each declined card, with the address to pay and until when', () => {
    const { escritas } = contar(FATOS.criada, cobranca(1, 'https://pague'), recusa('a'), recusa('b'));
    const dados = { ...detalhes, expiraEm: '2026-11-20T13:15:00.000Z', checkoutUrl: 'https://pague' };
    const validoAte = FATOS.criada.expiraEm;
    expect(escritas).toEqual([
      { modelo: 'PAGAMENTO_RECUSADO', dados, fato: 'a', validoAte },
      { modelo: 'PAGAMENTO_RECUSADO', dados, fato: 'b', validoAte },
    ]);
  });

  it('tells of declined cards that came before the creation once that is known, each once', () => {
    const { escritas } = contar(recusa('a'), recusa('b'), recusa('a'), FATOS.criada, FATOS.criada);
    expect(escritas.map(({ modelo, fato }) => [modelo, fato])).toEqual([
      ['PAGAMENTO_RECUSADO', 'a'],
      ['PAGAMENTO_RECUSADO', 'b'],
    ]);
  });

  it.each([
    ['confirmed', FATOS.confirmada],
    ['cancelled', FATOS.cancelada],
    ['expired', FATOS.expirada],
  ] as const)('does not tell of a declined card when the reservation is %s', (_, fato) => {
    expect(contar(FATOS.criada, fato, recusa('a')).modelos).not.toContain('PAGAMENTO_RECUSADO');
    expect(contar(FATOS.criada, recusa('a'), fato).retiradas).toEqual(['PAGAMENTO_RECUSADO']);
  });

  it('does not tell of a declined card when the hold is over', () => {
    const tarde: Fato = { ...FATOS.criada, expiraEm: agora };
    expect(contar(tarde, recusa('a')).modelos).toEqual([]);
    expect(contar(recusa('a'), tarde).modelos).toEqual([]);
  });

  it('keeps the address of the newer charge when an older one comes later', () => {
    const { escritas } = contar(FATOS.criada, cobranca(2, 'nova'), cobranca(1, 'velha'), recusa('a'));
    expect(escritas[0]?.dados).toMatchObject({ checkoutUrl: 'nova' });
  });

  it('keeps what the newest event says of the space', () => {
    const nova = { ...FATOS.criada, versao: 5, detalhes: { ...detalhes, espacoNome: 'Nova' } };
    const { escritas } = contar(nova, FATOS.criada, recusa('a'));
    expect(escritas[0]?.dados).toMatchObject({ espacoNome: 'Nova' });
  });

  describe('a refund', () => {
    const pedido = (origem = 'CANCELAMENTO') =>
      ({ numero: 1, movimentos: 2, origem, valorCentavos: '400', creditosCentavos: '100' }) as const;
    const credito = estorno(1, { pedido: pedido(), emCreditos: true });
    const noCartao = (situacao: MovimentoDeVolta['situacao'], mudancas: Partial<MovimentoDeVolta> = {}) =>
      estorno(2, { pedido: pedido(), valorCentavos: '300', situacao, ...mudancas });

    it('that takes both ways is announced as done once, when both are', () => {
      expect(contar(credito, noCartao('SOLICITADO')).modelos).toEqual([]);
      const { escritas } = contar(credito, noCartao('SOLICITADO'), noCartao('CONCLUIDO'), credito);
      const valores = { valorCentavos: '400', creditosCentavos: '100' };
      expect(escritas).toMatchObject([{ modelo: 'ESTORNO_CONCLUIDO', dados: valores, fato: 'pag_1/1' }]);
      expect(contar(noCartao('CONCLUIDO'), credito).escritas).toEqual(escritas);
    });

    it('that fails is told with what came back all the same', () => {
      const { escritas } = contar(credito, noCartao('FALHOU', { motivo: 'declined' }));
      expect(escritas).toMatchObject([
        { modelo: 'ESTORNO_FALHOU', dados: { valorCentavos: '300' }, fato: 'pag_1/2' },
        { modelo: 'ESTORNO_CONCLUIDO', dados: { valorCentavos: '100', emCreditos: true }, fato: 'pag_1/1' },
      ]);
    });

    it('that the bank sends back after it was done is told as such', () => {
      const { escritas } = contar(estorno(1), estorno(1, { situacao: 'FALHOU', devolvido: true }));
      expect(escritas).toMatchObject([
        { modelo: 'ESTORNO_CONCLUIDO' },
        { modelo: 'ESTORNO_FALHOU', dados: { devolvido: true } },
      ]);
    });

    it('that somebody made at the provider instead has not failed', () => {
      const feito = { situacao: 'FALHOU', motivo: 'FEITO_NO_PROVEDOR' } as const;
      expect(contar(estorno(1, feito)).modelos).toEqual([]);
    });

    it('is not kept once it is over, unless the cancellation asked for it', () => {
      const contexto = { agora, confirmacaoEscrita: false };
      const depois = (...fatos: Fato[]) =>
        fatos.reduce((antes, fato) => acompanhar(antes, fato, contexto).depois, desconhecida('res_1'))
          .movimentos;
      const pedido = estorno(1, { situacao: 'SOLICITADO' });
      expect(depois(pedido)).toHaveLength(1);
      expect(depois(pedido, estorno(1))).toEqual([]);
      // Its request is still to come, and would be taken for a new one.
      expect(depois(estorno(1))).toHaveLength(1);
      expect(depois(estorno(1), pedido)).toEqual([]);
      expect(depois(credito)).toHaveLength(1);
    });
  });

  describe('a reservation that is to be paid', () => {
    const cobranca = { valorCentavos: '25000', moeda: 'BRL' };
    const cobrada: Fato = { tipo: 'COBRANCA_CRIADA', versao: 1, checkoutUrl: 'https://pague', cobranca };
    const aprovada: Fato = { tipo: 'PAGAMENTO_APROVADO', em: agora, ...dinheiro, valorCentavos: '25000' };
    const daqui = (minutos: number) => new Date(agora.getTime() + minutos * 60_000);
    const recebida = (...fatos: Fato[]) =>
      contar(...fatos).escritas.filter(({ modelo }) => modelo === 'RESERVA_RECEBIDA');

    it('is told with price, place and deadline, to who has not paid after five minutes, whatever comes first', () => {
      const dados = {
        ...{ ...detalhes, ...cobranca, expiraEm: '2026-11-20T13:15:00.000Z', checkoutUrl: 'https://pague' },
      };
      const aviso = {
        ...{ modelo: 'RESERVA_RECEBIDA', dados, devidaEm: daqui(5), validoAte: FATOS.criada.expiraEm },
      };
      expect(recebida(FATOS.criada, cobrada)).toEqual([aviso]);
      expect(recebida(cobrada, FATOS.criada)).toEqual([aviso]);
      expect(recebida(FATOS.criada)).toEqual([]);
      expect(recebida(cobrada)).toEqual([]);
    });

    it('is told half-way through a hold that is short, and not when it is over', () => {
      const curta: Fato = { ...FATOS.criada, expiraEm: daqui(4) };
      expect(recebida(curta, cobrada)).toMatchObject([{ devidaEm: daqui(2) }]);
      expect(recebida({ ...FATOS.criada, expiraEm: agora }, cobrada)).toEqual([]);
    });

    it.each([
      ['it is paid', aprovada],
      ['it is confirmed', FATOS.confirmada],
      ['it is cancelled', FATOS.cancelada],
      ['it expired', FATOS.expirada],
      ['a card was declined, which says the same', recusa('a')],
      ['it is an offer, which says the same', { tipo: 'VAGA_OFERECIDA', detalhes, oferta: aceite }],
    ] as const)('is not told, or taken back, when %s', (_, fato) => {
      expect(contar(FATOS.criada, cobrada, fato).retiradas).toContain('RESERVA_RECEBIDA');
      expect(
        recebida(FATOS.criada, fato, cobrada).length + recebida(cobrada, fato, FATOS.criada).length,
      ).toBe(fato.tipo === 'CARTAO_RECUSADO' ? 1 : 0);
    });

    it('and is paid is told by its confirmation alone', () => {
      const { modelos, retiradas } = contar(FATOS.criada, aprovada, FATOS.confirmada);
      expect(modelos).toEqual(['PAGAMENTO_APROVADO', 'RESERVA_CONFIRMADA', 'LEMBRETE_RESERVA']);
      expect(retiradas).toEqual(['PAGAMENTO_APROVADO']);
      expect(contar(FATOS.confirmada, aprovada).modelos).not.toContain('PAGAMENTO_APROVADO');
      expect(contar(FATOS.cancelada, aprovada).modelos).not.toContain('PAGAMENTO_APROVADO');
    });

    it('is told to be paid where the confirmation does not follow in two minutes', () => {
      expect(contar(FATOS.criada, aprovada).escritas).toEqual([
        {
          modelo: 'PAGAMENTO_APROVADO',
          dados: { reservaId: 'res_1', ...dinheiro, valorCentavos: '25000', reserva: detalhes },
          ...{ fato: 'pag_1', devidaEm: daqui(2) },
        },
      ]);
    });
  });

  describe('money on its way back', () => {
    const aCaminho = (origem: string, numero = 1): Fato =>
      estorno(numero, {
        situacao: 'SOLICITADO',
        pedido: { numero, movimentos: 1, origem, valorCentavos: '400', creditosCentavos: '0' },
      });

    it.each([
      ['ADMIN', 'PEDIDO'],
      ['PROVEDOR', 'PEDIDO'],
      ['EXCEDENTE', 'EXCEDENTE'],
      ['NAO_APROVEITADO', 'NAO_APROVEITADO'],
    ])('that %s asks for is told after two minutes, with all of it', (origem, porque) => {
      expect(contar(aCaminho(origem)).escritas).toEqual([
        {
          modelo: 'ESTORNO_SOLICITADO',
          dados: { reservaId: 'res_1', ...dinheiro, valorCentavos: '400', porque },
          ...{ fato: 'pag_1/1', devidaEm: new Date(agora.getTime() + 120_000) },
        },
      ]);
    });

    it('is told by the cancellation that asks for it', () => {
      expect(contar(aCaminho('CANCELAMENTO')).modelos).toEqual([]);
      expect(contar(aCaminho('')).modelos).toEqual([]);
    });

    it('is no news once it is back, unless more is on its way', () => {
      const feito = estorno(1);
      expect(contar(aCaminho('ADMIN'), feito).retiradas).toEqual(['ESTORNO_SOLICITADO']);
      expect(contar(aCaminho('ADMIN'), aCaminho('ADMIN', 2), feito).retiradas).toEqual([]);
    });

    it('is no news when it is heard of after it is back, or has failed', () => {
      for (const situacao of ['CONCLUIDO', 'FALHOU'] as const) {
        const fim = estorno(1, { situacao });
        expect(contar(fim, aCaminho('ADMIN')).modelos).toEqual(contar(fim).modelos);
        expect(contar(fim, estorno(2), aCaminho('ADMIN', 2), aCaminho('ADMIN')).modelos).not.toContain(
          'ESTORNO_SOLICITADO',
        );
      }
    });

    it('tells who paid too late, and not that their reservation will be confirmed', () => {
      const paga: Fato = { tipo: 'PAGAMENTO_APROVADO', em: agora, ...dinheiro, valorCentavos: '400' };
      expect(contar(paga, aCaminho('NAO_APROVEITADO')).retiradas).toEqual(['PAGAMENTO_APROVADO']);
    });
  });

  describe('a cancellation that gives money back', () => {
    const cancelada: Fato = {
      ...FATOS.cancelada,
      dados: { ...FATOS.cancelada.dados, reembolsoCentavos: '900' },
    };
    const daqui2min = new Date(agora.getTime() + 120_000);
    const resposta = estorno(7, {
      situacao: 'SOLICITADO',
      pedido: {
        numero: 7,
        movimentos: 1,
        origem: 'CANCELAMENTO',
        valorCentavos: '400',
        creditosCentavos: '50',
      },
    });
    const encerrada = (em: string): Fato => ({ tipo: 'COBRANCA_CANCELADA', em: new Date(em) });
    const aviso = (...fatos: Fato[]) =>
      contar(...fatos).escritas.filter((e) => e.modelo === 'RESERVA_CANCELADA');

    it('waits for what goes back, and speaks of no amount when that takes long', () => {
      expect(aviso(cancelada)).toMatchObject([{ devidaEm: daqui2min, dados: { aConfirmar: true } }]);
      expect(aviso(cancelada, estorno(1))).toHaveLength(1);
    });

    it('tells what goes back, whatever was promised and whatever comes first', () => {
      const dito = { reembolsoCentavos: '400', reembolsoCreditosCentavos: '50' };
      expect(aviso(cancelada, resposta)[1]).toMatchObject({ substitui: true, dados: dito });
      expect(aviso(cancelada, resposta)[1]?.dados).not.toHaveProperty('aConfirmar');
      const [pronto, ...mais] = aviso(resposta, cancelada, cancelada);
      expect(pronto).toMatchObject({ dados: dito });
      expect([pronto?.devidaEm, ...mais]).toEqual([undefined]);
    });

    it('tells that nothing goes back when pagamentos has nothing left', () => {
      const nada = { substitui: true, dados: { reembolsoCentavos: '0' } };
      expect(aviso(cancelada, encerrada(detalhes.inicio))[1]).toMatchObject(nada);
      expect(aviso(encerrada(detalhes.inicio), cancelada)).toMatchObject([
        { dados: { reembolsoCentavos: '0' } },
      ]);
    });

    it('believes no closing of the charge from before', () => {
      expect(aviso(encerrada('2026-11-01T00:00:00Z'), cancelada)).toMatchObject([{ devidaEm: daqui2min }]);
    });

    it('is told once, also when it is told again until it is answered', () => {
      expect(aviso(cancelada, { ...cancelada, versao: 5 })).toHaveLength(1);
    });
  });

  it('tells of each refund, whatever became of the reservation', () => {
    const dados = { reservaId: 'res_1', ...dinheiro, valorCentavos: '100' };
    expect(contar(estorno(1)).escritas).toEqual([{ modelo: 'ESTORNO_CONCLUIDO', dados, fato: 'pag_1/1' }]);
    expect(contar(FATOS.cancelada, estorno(1), estorno(2)).escritas.slice(1)).toEqual([
      { modelo: 'ESTORNO_CONCLUIDO', dados: { ...dados, reserva: detalhes }, fato: 'pag_1/1' },
      { modelo: 'ESTORNO_CONCLUIDO', dados: { ...dados, reserva: detalhes }, fato: 'pag_1/2' },
    ]);
  });

  describe('an offer of the waitlist', () => {
    const oferta = { valorCentavos: '25000', moeda: 'BRL', expiraEm: '2026-11-20T13:30:00.000Z' };
    const oferecida: Fato = { tipo: 'VAGA_OFERECIDA', detalhes, oferta };
    const aviso = {
      modelo: 'VAGA_OFERECIDA',
      dados: { ...detalhes, ...oferta, checkoutUrl: 'https://pague' },
      validoAte: new Date(oferta.expiraEm),
    };

    it('is told once there is a place to pay, whatever comes first', () => {
      expect(contar(oferecida).escritas).toEqual([]);
      expect(contar(FATOS.criada, oferecida, cobranca(1, 'https://pague')).escritas).toEqual([aviso]);
      expect(contar(cobranca(1, 'https://pague'), oferecida).escritas).toEqual([aviso]);
    });

    it.each([
      ['confirmed', FATOS.confirmada],
      ['cancelled', FATOS.cancelada],
      ['expired', FATOS.expirada],
    ] as const)('is taken back, and not told any more, when the reservation is %s', (_, fato) => {
      const cobrada = cobranca(1, 'https://pague');
      expect(contar(oferecida, cobrada, fato).retiradas).toContain('VAGA_OFERECIDA');
      expect(contar(oferecida, fato, cobrada).modelos).not.toContain('VAGA_OFERECIDA');
    });

    it('is not told when it is over', () => {
      const tarde: Fato = { ...oferecida, oferta: { ...oferta, expiraEm: agora.toISOString() } };
      expect(contar(tarde, cobranca(1, 'https://pague')).escritas).toEqual([]);
    });

    it('that expired is told as such', () => {
      expect(contar(oferecida, FATOS.expirada).escritas).toEqual([
        { modelo: 'RESERVA_EXPIRADA', dados: { ...detalhes, ofertaDaFila: true } },
      ]);
    });
  });

  it.each([
    ['days before', '2026-11-20T13:00:00.000Z', '2026-11-23T17:00:00.000Z'],
    ['a day and a second before', '2026-11-23T16:59:59.000Z', '2026-11-23T17:00:00.000Z'],
    ['exactly a day before', '2026-11-23T17:00:00.000Z', '2026-11-23T17:00:00.000Z'],
    ['less than a day before', '2026-11-24T09:00:00.000Z', '2026-11-24T09:00:00.000Z'],
    ['exactly two hours before', '2026-11-24T15:00:00.000Z', '2026-11-24T15:00:00.000Z'],
    ['less than two hours before', '2026-11-24T15:00:00.001Z', undefined],
    ['after the start', '2026-11-24T17:00:01.000Z', undefined],
  ])('reminds a day before, or at once, when the reservation is confirmed %s', (_, quando, devidaEm) => {
    const contexto = { agora: new Date(quando), confirmacaoEscrita: false };
    const { mensagens } = acompanhar(desconhecida('res_1'), FATOS.confirmada, contexto);
    const lembretes = mensagens.filter(({ modelo }) => modelo === 'LEMBRETE_RESERVA');
    expect(lembretes.map((lembrete) => lembrete.devidaEm?.toISOString())).toEqual(devidaEm ? [devidaEm] : []);
    for (const { validoAte } of lembretes) expect(validoAte).toEqual(new Date(detalhes.inicio));
  });
});

describe('a reservation that somebody made for another', () => {
  const oferecida: Fato = { tipo: 'VAGA_OFERECIDA', detalhes, oferta: { ...aceite, porPessoa: true } };
  const cobrada = cobranca(3, 'https://pay/1');

  it('is told once there is a place to pay, and at once when there is nothing to pay', () => {
    expect(contar(oferecida).modelos).toEqual([]);
    expect(contar(oferecida, cobrada).modelos).toEqual(['VAGA_OFERECIDA']);
    const gratuita = { ...aceite, valorCentavos: '0', porPessoa: true as const };
    expect(contar({ tipo: 'VAGA_OFERECIDA', detalhes, oferta: gratuita }).modelos).toEqual([
      'VAGA_OFERECIDA',
    ]);
  });

  it('is told again when credit has paid a part, and the address of before is taken back', () => {
    const resto: Fato = {
      tipo: 'COBRANCA_CRIADA',
      versao: 7,
      checkoutUrl: 'https://pay/2',
      cobranca: { valorCentavos: '25000', moeda: 'BRL', creditosCentavos: '3000' },
    };
    const { escritas, retiradas } = contar(oferecida, cobrada, resto, cobrada);
    expect(escritas.map(({ fato, dados }) => [fato, 'checkoutUrl' in dados && dados.checkoutUrl])).toEqual([
      [undefined, 'https://pay/1'],
      ['resto', 'https://pay/2'],
    ]);
    expect(retiradas).toEqual(['VAGA_OFERECIDA']);
  });

  it('that is not accepted is no place in line that was lost', () => {
    const { escritas } = contar(oferecida, FATOS.criada, FATOS.expirada);
    expect(escritas.at(-1)).toEqual({ modelo: 'RESERVA_EXPIRADA', dados: detalhes });
  });
});
