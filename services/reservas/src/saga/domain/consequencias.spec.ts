import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { POLITICA_PADRAO } from '../../reservas/domain/politica-cancelamento.ts';
import { Reserva } from '../../reservas/domain/reserva.ts';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { consequenciasDe } from './consequencias.ts';
import type { FatoDaSaga } from './fato.ts';

const AGORA = new Date('2026-06-01T12:00:00Z');
const VALOR = Dinheiro.deCentavos(100_00);

function nova(): EstadoReserva {
  const periodo = PeriodoReserva.create(new Date('2026-06-02T12:00:00Z'), new Date('2026-06-02T13:00:00Z'));
  if (periodo.isFailure) throw periodo.error;
  const dados = {
    ...{ id: 'res_1', clienteId: 'cli_1', espacoId: 'esp_1', espacoNome: 'Sala Ipê', espacoEndereco: '' },
    ...{ fusoHorario: 'America/Sao_Paulo', periodo: periodo.value, serie: undefined, folgaMinutos: 15 },
    ...{ preco: { linhas: [], valor: VALOR }, extras: [], politica: POLITICA_PADRAO, cotacaoId: undefined },
    ...{ dispensaDeFolga: undefined, chaveIdempotencia: undefined, guardarCreditos: false },
  };
  return Reserva.criar(dados, 15, { quem: 'cli_1', porque: 'spec', em: AGORA }).estado;
}

const cobrada = { pagamentoId: 'pag_1', checkoutUrl: 'https://pay.example/1' };
const paga = { ...cobrada, confirmadoEm: AGORA, pagoEm: AGORA };
const cancelamento = {
  ...{ em: AGORA, motivo: '', excecao: undefined, reembolso: VALOR, creditoBonus: Dinheiro.zero() },
};
const anuncios = { anuncios: 1, proximoAnuncioEm: AGORA };

/** Where a reservation can be when a fact comes. */
const SITUACOES = {
  PENDENTE_COBRANCA: {},
  PENDENTE_PAGAMENTO: { ...cobrada, status: 'PENDENTE_PAGAMENTO' },
  EXPIRANDO: { ...cobrada, status: 'EXPIRANDO', expiracao: { ...anuncios, desde: AGORA } },
  CONFIRMADA: { ...paga, status: 'CONFIRMADA' },
  CONCLUIDA: { ...paga, status: 'CONCLUIDA' },
  CANCELADA: {
    ...cobrada,
    status: 'CANCELADA',
    cancelamento: { ...cancelamento, reembolso: Dinheiro.zero() },
  },
  'CANCELADA, paid': { ...paga, status: 'CANCELADA', cancelamento, devolucao: anuncios },
  EXPIRADA: { ...cobrada, status: 'EXPIRADA' },
} as const satisfies Readonly<Record<string, Partial<EstadoReserva>>>;

type Situacao = keyof typeof SITUACOES;
const TODAS = Object.keys(SITUACOES) as Situacao[];

const em = (situacoes: readonly Situacao[], acontece: string) =>
  Object.fromEntries(situacoes.map((situacao) => [situacao, acontece]));
const esperando = (acontece: string) =>
  em(['PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO', 'EXPIRANDO'], acontece);
const sempre = (acontece: string) => em(TODAS, acontece);

const sua = { reservaId: 'res_1', pagamentoId: 'pag_1' };
const outra = { reservaId: 'res_1', pagamentoId: 'pag_2' };
const { checkoutUrl } = cobrada;
const aprovado = { tipo: 'PagamentoAprovado', ...sua, valor: VALOR } as const;
const semDinheiro = { valor: Dinheiro.zero(), creditos: Dinheiro.zero() };

const CONFIRMA = 'ReservaConfirmada, CONFIRMADA';
const LIBERA = 'ReservaExpirada, EXPIRADA';
const DEVOLVE = 'PagamentoNaoAproveitado';

/** What each fact does in each situation; in one that is not named, nothing. */
const TABELA: ReadonlyArray<readonly [string, FatoDaSaga, Partial<Record<Situacao, string>>]> = [
  [
    'its charge',
    { tipo: 'CobrancaCriada', ...sua, checkoutUrl },
    { PENDENTE_COBRANCA: 'CobrancaRegistrada, PENDENTE_PAGAMENTO' },
  ],
  [
    'another charge',
    { tipo: 'CobrancaCriada', ...outra, checkoutUrl },
    { ...sempre('refused'), PENDENTE_COBRANCA: 'CobrancaRegistrada, PENDENTE_PAGAMENTO' },
  ],
  ['its payment', aprovado, { ...esperando(CONFIRMA), CANCELADA: DEVOLVE, EXPIRADA: DEVOLVE }],
  [
    'its payment, when pagamentos asks what became of it',
    { ...aprovado, pedeDesfecho: true },
    { ...sempre('PagamentoAproveitado'), ...esperando(CONFIRMA), CANCELADA: DEVOLVE, EXPIRADA: DEVOLVE },
  ],
  ['another payment', { ...aprovado, ...outra }, { ...sempre(DEVOLVE), PENDENTE_COBRANCA: CONFIRMA }],
  [
    'a payment of another amount',
    { ...aprovado, valor: Dinheiro.deCentavos(1n) },
    { ...esperando(`${DEVOLVE}, ${LIBERA}`), CANCELADA: DEVOLVE, EXPIRADA: DEVOLVE },
  ],
  [
    'a declined card',
    { tipo: 'PagamentoRecusado', ...sua, motivo: 'card_declined', definitiva: false },
    sempre('PagamentoRecusado'),
  ],
  [
    'a charge refused for good',
    { tipo: 'PagamentoRecusado', ...sua, motivo: 'expired_card', definitiva: true },
    { ...sempre('PagamentoRecusado'), ...esperando(`PagamentoRecusado, ${LIBERA}`) },
  ],
  ['the end of its charge', { tipo: 'CobrancaCancelada', ...sua }, esperando(LIBERA)],
  [
    'the end of its charge, which was paid and goes back',
    { tipo: 'CobrancaCancelada', ...sua, foiPaga: true },
    { ...esperando(LIBERA), 'CANCELADA, paid': 'DevolucaoDispensada' },
  ],
  [
    'the end of another charge',
    { tipo: 'CobrancaCancelada', ...outra },
    { ...esperando('refused'), PENDENTE_COBRANCA: LIBERA, ...em(['CONFIRMADA', 'CONCLUIDA'], 'refused') },
  ],
  [
    'that there is no charge, nor will be',
    { tipo: 'CobrancaCancelada', reservaId: 'res_1', pagamentoId: undefined },
    { ...esperando(LIBERA), ...em(['CONFIRMADA', 'CONCLUIDA'], 'refused') },
  ],
  [
    'a refusal to give back',
    { tipo: 'DevolucaoRecusada', reservaId: 'res_1', motivo: 'ESTORNO_ALEM_DO_CAPTURADO' },
    { 'CANCELADA, paid': 'DevolucaoRecusada' },
  ],
  [
    'a refund',
    { tipo: 'EstornoMudou', ...sua, estorno: { numero: 1, status: 'CONCLUIDO' } },
    sempre('EstornoAtualizado'),
  ],
  [
    'a lost dispute',
    { tipo: 'DisputaPerdida', ...sua, devolvivel: { versao: 9, ...semDinheiro } },
    sempre('DevolvivelAtualizado'),
  ],
];

/** The events of the reservation and the status that it comes to. */
function acontece(fato: FatoDaSaga, situacao: Situacao, vagaLivre = false): string {
  const reserva = Reserva.restaurar({ ...nova(), ...SITUACOES[situacao] });
  const antes = reserva.estado.status;
  for (const { porque, mudar } of consequenciasDe(fato)) {
    const mudada = mudar(reserva, { quem: 'servico:pagamentos', porque, em: AGORA }, vagaLivre);
    if (mudada.isFailure) return 'refused';
  }
  const eventos = reserva.pullDomainEvents().map(({ tipo }) => tipo);
  const { status } = reserva.estado;
  return [...eventos, ...(status === antes ? [] : [status])].join(', ');
}

describe('what follows from a fact of pagamentos', () => {
  it.each(TABELA)('%s: in each situation what the table says', (_, fato, esperado) => {
    const visto = TODAS.map((situacao) => [situacao, acontece(fato, situacao)]);
    expect(visto).toEqual(TODAS.map((situacao) => [situacao, esperado[situacao] ?? '']));
  });

  it('is a confirmation when the payment of an expired reservation finds its slot still free', () => {
    expect(acontece(aprovado, 'EXPIRADA', true)).toBe(CONFIRMA);
    expect(acontece({ ...aprovado, ...outra }, 'EXPIRADA', true)).toBe(DEVOLVE);
    expect(acontece(aprovado, 'CANCELADA', true)).toBe(DEVOLVE);
  });

  it('is told with its reason', () => {
    const dito = (fato: FatoDaSaga) =>
      consequenciasDe(fato).map(({ comando, porque }) => `${comando}: ${porque}`);
    const falhou = { numero: 1, status: 'FALHOU' } as const;
    const fatos = TABELA.map(([, fato]) => fato);
    expect([...new Set(fatos.flatMap(dito))]).toEqual([
      'RegistrarCobranca: cobrança criada',
      'ReceberPagamento: pagamento aprovado',
      'RegistrarRecusa: cartão recusado: card_declined',
      'RegistrarRecusa: cobrança recusada em definitivo: expired_card',
      'ExpirarReserva: cobrança encerrada sem pagamento',
      'RegistrarDevolucaoRecusada: devolução recusada: ESTORNO_ALEM_DO_CAPTURADO',
      'RegistrarEstorno: estorno concluido',
      'RegistrarEstorno: disputa perdida para o banco do cliente',
    ]);
    expect(dito({ tipo: 'EstornoMudou', ...sua, estorno: falhou, porque: 'lost_or_stolen_card' })).toEqual([
      'RegistrarEstorno: estorno falhou: lost_or_stolen_card',
    ]);
  });
});
