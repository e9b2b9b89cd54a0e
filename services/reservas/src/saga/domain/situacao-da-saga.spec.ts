import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { STATUS_RESERVA } from '../../agenda/domain/status-reserva.ts';
import type { EstadoReserva, PassoHistorico } from '../../reservas/domain/estado-reserva.ts';
import type { OcorrenciaDaSaga } from './ocorrencia.ts';
import { situacaoDaSaga } from './situacao-da-saga.ts';

const CRIADA = new Date('2026-06-02T09:00:00Z');
const ESPERA_ATE = new Date('2026-06-02T09:15:00Z');
const FIM = new Date('2026-06-10T12:00:00Z');

function reserva(mudancas: Partial<EstadoReserva>): EstadoReserva {
  const nada = {
    confirmadoEm: undefined,
    pagoEm: undefined,
    expiracao: undefined,
    cancelamento: undefined,
    estorno: undefined,
    estornos: [],
    devolucao: undefined,
    pagamentoNaoAproveitado: undefined,
  };
  const deQuem = { clienteId: 'cli_1', criadaPor: 'cli_1', aceitaEm: undefined };
  const preco = { valor: Dinheiro.deCentavos(100_00), linhas: [] };
  const datas = { criadoEm: CRIADA, atualizadoEm: CRIADA, expiraEm: ESPERA_ATE };
  const periodo = { inicio: new Date('2026-06-10T10:00:00Z'), fim: FIM };
  return { id: 'res_1', ...nada, ...deQuem, preco, ...datas, periodo, ...mudancas } as EstadoReserva;
}

function passo(evento: string, em: Date): PassoHistorico {
  const status = { de: undefined, para: 'PENDENTE_COBRANCA' } as const;
  return { evento, em, versao: 1, quem: 'servico:reservas', porque: 'spec', ...status };
}

function ocorrencia(mudancas: Partial<OcorrenciaDaSaga>): OcorrenciaDaSaga {
  const sobre = { reservaId: 'res_1', fato: 'ReservaCriada', comando: 'CriarCobranca', mensagemId: '' };
  return { ...sobre, resultado: 'ADIADA', versao: undefined, porque: 'fora', em: CRIADA, ...mudancas };
}

function em(
  mudancas: Partial<EstadoReserva>,
  agora: Date,
  historico: readonly PassoHistorico[] = [],
  ocorrencias: readonly OcorrenciaDaSaga[] = [],
) {
  return situacaoDaSaga({ reserva: reserva(mudancas), historico, ocorrencias }, agora);
}

const mais = (instante: Date, minutos: number) => new Date(instante.getTime() + minutos * 60_000);

const cancelada = (centavos: bigint, confirmadoEm?: Date): Partial<EstadoReserva> => ({
  status: 'CANCELADA',
  confirmadoEm,
  cancelamento: {
    em: mais(CRIADA, 5),
    motivo: '',
    excecao: undefined,
    reembolso: Dinheiro.deCentavos(centavos),
    creditoBonus: Dinheiro.zero(),
  },
});

describe('where a saga is', () => {
  it('waits for the charge, with the calls that failed, until the hold ends', () => {
    const tentativas = [ocorrencia({}), ocorrencia({ fato: 'CobrancaCriada', resultado: 'SEM_EFEITO' })];
    expect(em({ status: 'PENDENTE_COBRANCA' }, mais(CRIADA, 1), [], tentativas)).toMatchObject({
      passo: 'AGUARDANDO_COBRANCA',
      aguarda: 'PAGAMENTOS',
      desde: CRIADA,
      prazo: ESPERA_ATE,
      atrasada: false,
      tentativas: 1,
    });
  });

  it('waits for the customer since the charge was noted, with the cards that were declined', () => {
    const historico = [
      passo('ReservaCriada', CRIADA),
      passo('CobrancaRegistrada', mais(CRIADA, 1)),
      passo('PagamentoRecusado', mais(CRIADA, 2)),
    ];
    expect(em({ status: 'PENDENTE_PAGAMENTO' }, mais(CRIADA, 3), historico)).toMatchObject({
      passo: 'AGUARDANDO_PAGAMENTO',
      aguarda: 'CLIENTE',
      desde: mais(CRIADA, 1),
      tentativas: 1,
    });
  });

  it.each(['PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO'] as const)(
    'is late when %s outlives its hold by more than a minute',
    (status) => {
      expect(em({ status }, mais(ESPERA_ATE, 1)).atrasada).toBe(false);
      expect(em({ status }, mais(ESPERA_ATE, 1.1)).atrasada).toBe(true);
    },
  );

  it('waits for the charge to be closed until the next question, and is late after five minutes', () => {
    const expiracao = { desde: ESPERA_ATE, anuncios: 3, proximoAnuncioEm: mais(ESPERA_ATE, 4) };
    const situacao = (agora: Date) => em({ status: 'EXPIRANDO', expiracao }, agora);
    expect(situacao(mais(ESPERA_ATE, 5))).toMatchObject({
      passo: 'AGUARDANDO_ENCERRAMENTO',
      aguarda: 'PAGAMENTOS',
      desde: ESPERA_ATE,
      prazo: expiracao.proximoAnuncioEm,
      tentativas: 3,
      atrasada: false,
    });
    expect(situacao(mais(ESPERA_ATE, 6)).atrasada).toBe(true);
  });

  it('is over for an unpaid cancellation only when pagamentos has said what became of the charge', () => {
    const aberta = em(cancelada(0n), mais(CRIADA, 6));
    expect(aberta).toMatchObject({
      passo: 'AGUARDANDO_ENCERRAMENTO',
      aguarda: 'PAGAMENTOS',
      atrasada: false,
    });
    expect(em(cancelada(0n), mais(CRIADA, 11)).atrasada).toBe(true);
    const resposta = ocorrencia({ fato: 'CobrancaCancelada', resultado: 'SEM_EFEITO' });
    expect(em(cancelada(0n), mais(CRIADA, 11), [], [resposta])).toMatchObject({
      passo: 'CONCLUIDA',
      aguarda: undefined,
      prazo: undefined,
      atrasada: false,
    });
  });

  it('gives back: late after five minutes without a refund, or after a day with one', () => {
    const paga = cancelada(100_00n, CRIADA);
    const historico = [passo('ReservaCancelada', mais(CRIADA, 5))];
    expect(em(paga, mais(CRIADA, 10), historico)).toMatchObject({ passo: 'COMPENSANDO', atrasada: false });
    expect(em(paga, mais(CRIADA, 11), historico).atrasada).toBe(true);
    const pedido = { ...paga, estorno: { numero: 1, status: 'SOLICITADO' as const } };
    const dois = [...historico, passo('EstornoAtualizado', mais(CRIADA, 6))];
    expect(em(pedido, mais(CRIADA, 11), dois)).toMatchObject({
      passo: 'COMPENSANDO',
      desde: mais(CRIADA, 6),
      tentativas: 1,
      atrasada: false,
    });
    expect(em(pedido, mais(CRIADA, 24 * 60 + 7), dois).atrasada).toBe(true);
  });

  it.each([
    [100_00n, 'COMPENSANDO'],
    [0n, 'CONCLUIDA'],
  ])('goes by what is to go back, %p cents, not by news of the charge', (reembolso, passo) => {
    const noticia = ocorrencia({ fato: 'CobrancaCancelada', resultado: 'SEM_EFEITO', em: mais(CRIADA, 6) });
    expect(em(cancelada(reembolso, CRIADA), mais(CRIADA, 11), [], [noticia]).passo).toBe(passo);
  });

  it('gives a payment back that came too late', () => {
    const tarde = { status: 'EXPIRADA', pagamentoNaoAproveitado: 'pag_1' } as const;
    expect(em(tarde, mais(CRIADA, 20)).passo).toBe('COMPENSANDO');
    expect(em({ ...tarde, estorno: { numero: 1, status: 'CONCLUIDO' } }, mais(CRIADA, 20)).passo).toBe(
      'CONCLUIDA',
    );
  });

  it('needs a person when a refund failed, until another one is under way', () => {
    const paga = cancelada(100_00n, CRIADA);
    const falhou = em({ ...paga, estorno: { numero: 1, status: 'FALHOU' } }, mais(CRIADA, 6));
    expect(falhou).toMatchObject({ passo: 'FALHOU_ESTORNO', aguarda: 'OPERACAO', atrasada: true });
    const outro = em({ ...paga, estorno: { numero: 2, status: 'SOLICITADO' } }, mais(CRIADA, 6));
    expect(outro).toMatchObject({ passo: 'COMPENSANDO', tentativas: 2 });
  });

  it('waits for the clock once confirmed', () => {
    expect(em({ status: 'CONFIRMADA', confirmadoEm: CRIADA }, CRIADA)).toMatchObject({
      passo: 'CONFIRMADA',
      aguarda: 'RELOGIO',
      prazo: FIM,
      atrasada: false,
    });
  });

  it('has a deadline, a person to act, or nothing left to do, in every status', () => {
    const expiracao = { desde: CRIADA, anuncios: 1, proximoAnuncioEm: CRIADA };
    for (const status of STATUS_RESERVA)
      for (const estorno of [undefined, 'SOLICITADO', 'CONCLUIDO', 'FALHOU'] as const) {
        const { passo, prazo, noPrazo, aguarda } = em(
          { status, expiracao, ...(estorno && { estorno: { numero: 1, status: estorno } }) },
          CRIADA,
        );
        const temPrazo = prazo !== undefined && noPrazo !== '';
        expect([passo, temPrazo || aguarda === 'OPERACAO' || passo === 'CONCLUIDA']).toEqual([passo, true]);
        expect(aguarda === undefined).toBe(passo === 'CONCLUIDA');
      }
  });
});
