import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import {
  ocupa,
  STATUS_OCUPANTES,
  STATUS_RESERVA,
  type StatusReserva,
} from '../../agenda/domain/status-reserva.ts';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import type { EstadoReserva } from './estado-reserva.ts';
import { POLITICA_PADRAO } from './politica-cancelamento.ts';
import { ReservaNaoEncontradaError } from './recusas-da-reserva.ts';
import { Reserva } from './reserva.ts';

const AUTORIA = { quem: 'cli_1', porque: 'teste', em: new Date('2026-06-01T12:00:00Z') };
const DEPOIS = { quem: 'servico:pagamentos', porque: 'teste', em: new Date('2026-06-01T12:05:00Z') };
const URL = 'https://pay.example/1';

const CANCELAMENTO = {
  em: DEPOIS.em,
  motivo: 'mudou de planos',
  excecao: undefined,
  reembolso: Dinheiro.deCentavos(100_00),
  creditoBonus: Dinheiro.zero(),
};

function nova(): Reserva {
  const periodo = PeriodoReserva.create(new Date('2026-06-02T12:00:00Z'), new Date('2026-06-02T13:00:00Z'));
  if (periodo.isFailure) throw periodo.error;
  const dados = {
    id: 'res_1',
    clienteId: 'cli_1',
    espacoId: 'esp_1',
    espacoNome: 'Sala Ipê',
    espacoEndereco: '',
    fusoHorario: 'America/Sao_Paulo',
    periodo: periodo.value,
    serie: undefined,
    folgaMinutos: 15,
    preco: { linhas: [], valor: Dinheiro.deCentavos(100_00) },
    extras: [],
    politica: POLITICA_PADRAO,
    cotacaoId: undefined,
    dispensaDeFolga: undefined,
    guardarCreditos: false,
  };
  return Reserva.criar(dados, 15, AUTORIA);
}

function em(status: StatusReserva, mudancas: Partial<EstadoReserva> = {}): Reserva {
  return Reserva.restaurar({ ...nova().estado, status, ...mudancas });
}

describe('Reserva', () => {
  it('holds its slot until the deadline when it is made', () => {
    const reserva = nova();
    expect(reserva.estado).toMatchObject({
      status: 'PENDENTE_COBRANCA',
      versao: 1,
      expiraEm: new Date('2026-06-01T12:15:00Z'),
    });
    expect(reserva.pullDomainEvents()).toEqual([
      { tipo: 'ReservaCriada', mudanca: { ...AUTORIA, versao: 1, de: undefined, para: 'PENDENTE_COBRANCA' } },
    ]);
  });

  it('waits for the payment when its charge is noted, once', () => {
    const reserva = em('PENDENTE_COBRANCA');
    expect(reserva.registrarCobranca('pag_1', URL, DEPOIS).isSuccess).toBe(true);
    expect(reserva.registrarCobranca('pag_1', URL, DEPOIS).isSuccess).toBe(true);
    expect(reserva.estado).toMatchObject({
      status: 'PENDENTE_PAGAMENTO',
      pagamentoId: 'pag_1',
      checkoutUrl: URL,
    });
    expect(reserva.pullDomainEvents().map(({ tipo, mudanca }) => [tipo, mudanca.versao])).toEqual([
      ['CobrancaRegistrada', 2],
    ]);
  });

  it('stays confirmed when the charge comes after the payment', () => {
    const reserva = em('PENDENTE_COBRANCA');
    reserva.confirmar('pag_1', DEPOIS);
    expect(reserva.registrarCobranca('pag_1', URL, DEPOIS).isSuccess).toBe(true);
    expect(reserva.estado.status).toBe('CONFIRMADA');
  });

  it('refuses another charge than the one it has', () => {
    const registrada = em('PENDENTE_PAGAMENTO', { pagamentoId: 'pag_1' }).registrarCobranca(
      'pag_2',
      URL,
      DEPOIS,
    );
    expect(registrada.isFailure && registrada.error.motivo).toBe('TRANSICAO_INVALIDA');
  });

  it.each<[StatusReserva, string | undefined, boolean]>([
    ['PENDENTE_COBRANCA', undefined, true],
    ['PENDENTE_PAGAMENTO', 'pag_1', true],
    ['EXPIRANDO', 'pag_1', true],
    ['CONFIRMADA', 'pag_1', true],
    ['CONCLUIDA', 'pag_1', true],
    ['PENDENTE_PAGAMENTO', 'pag_2', false],
    ['CONFIRMADA', 'pag_2', false],
    ['CANCELADA', 'pag_1', false],
    ['EXPIRADA', 'pag_1', false],
    ['CONCLUIDA', 'pag_2', false],
  ])('%s with charge %s takes the payment pag_1: %p', (status, pagamentoId, aceita) => {
    const reserva = em(status, { pagamentoId });
    const confirmada = reserva.confirmar('pag_1', DEPOIS);
    expect(confirmada.isSuccess).toBe(aceita);
    if (!aceita) expect(reserva.estado.status).toBe(status);
  });

  it('tells of its confirmation once when the payment is announced twice', () => {
    const reserva = em('PENDENTE_PAGAMENTO', { pagamentoId: 'pag_1' });
    reserva.confirmar('pag_1', DEPOIS);
    reserva.confirmar('pag_1', { ...DEPOIS, em: new Date('2026-06-01T13:00:00Z') });
    expect(reserva.estado).toMatchObject({
      status: 'CONFIRMADA',
      confirmadoEm: DEPOIS.em,
      atualizadoEm: DEPOIS.em,
    });
    expect(reserva.pullDomainEvents().map(({ tipo }) => tipo)).toEqual(['ReservaConfirmada']);
  });

  it('says again what became of a payment when pagamentos asks, and only then', () => {
    const reserva = em('CONFIRMADA', { pagamentoId: 'pag_1', confirmadoEm: AUTORIA.em });
    reserva.receberPagamento('pag_1', false, DEPOIS);
    expect(reserva.pullDomainEvents()).toEqual([]);
    reserva.receberPagamento('pag_1', false, DEPOIS, { pedeDesfecho: true });
    expect(reserva.pullDomainEvents()).toMatchObject([
      { tipo: 'PagamentoAproveitado', pagamentoId: 'pag_1' },
    ]);
    expect(reserva.estado.status).toBe('CONFIRMADA');
  });

  it('asks again for the return of a payment that it could not take', () => {
    const reserva = em('CANCELADA', { pagamentoId: 'pag_1', pagamentoNaoAproveitado: 'pag_1' });
    reserva.receberPagamento('pag_1', false, DEPOIS);
    expect(reserva.pullDomainEvents()).toEqual([]);
    reserva.receberPagamento('pag_1', false, DEPOIS, { pedeDesfecho: true });
    expect(reserva.pullDomainEvents()).toMatchObject([
      { tipo: 'PagamentoNaoAproveitado', pagamentoId: 'pag_1', motivo: 'RESERVA_CANCELADA' },
    ]);
  });

  it.each(['PENDENTE_PAGAMENTO', 'CONFIRMADA', 'EXPIRADA'] as const)(
    'gives back a payment beside the one it has when it is %s',
    (status) => {
      const reserva = em(status, { pagamentoId: 'pag_1' });
      reserva.receberPagamento('pag_2', true, DEPOIS);
      expect(reserva.pullDomainEvents()).toMatchObject([
        { tipo: 'PagamentoNaoAproveitado', pagamentoId: 'pag_2', motivo: 'OUTRO_PAGAMENTO' },
      ]);
      expect(reserva.estado).toMatchObject({ status, pagamentoId: 'pag_1' });
    },
  );

  it('has nothing to remember of a card that was declined for another payment', () => {
    const reserva = em('PENDENTE_PAGAMENTO', { pagamentoId: 'pag_1' });
    reserva.registrarRecusa('pag_2', DEPOIS);
    expect(reserva.pullDomainEvents()).toEqual([]);
  });

  it('keeps what store credit has paid', () => {
    const reserva = em('PENDENTE_COBRANCA');
    reserva.receberPagamento('pag_1', false, DEPOIS, { creditosUsados: Dinheiro.deCentavos(30_00) });
    reserva.receberPagamento('pag_1', false, DEPOIS);
    expect(reserva.estado).toMatchObject({
      status: 'CONFIRMADA',
      creditosUsados: Dinheiro.deCentavos(30_00),
    });
  });

  it('only remembers a declined card', () => {
    const reserva = em('PENDENTE_PAGAMENTO', { pagamentoId: 'pag_1' });
    reserva.registrarRecusa('pag_1', DEPOIS);
    expect(reserva.estado).toMatchObject({
      status: 'PENDENTE_PAGAMENTO',
      atualizadoEm: AUTORIA.em,
      versao: 2,
    });
    expect(reserva.pullDomainEvents()).toEqual([
      {
        tipo: 'PagamentoRecusado',
        pagamentoId: 'pag_1',
        mudanca: { ...DEPOIS, versao: 2, de: 'PENDENTE_PAGAMENTO', para: 'PENDENTE_PAGAMENTO' },
      },
    ]);
  });

  it.each<[StatusReserva, boolean]>([
    ['PENDENTE_COBRANCA', true],
    ['PENDENTE_PAGAMENTO', true],
    ['EXPIRANDO', false],
    ['CONFIRMADA', false],
    ['CANCELADA', false],
    ['EXPIRADA', false],
    ['CONCLUIDA', false],
  ])('%s begins to expire at its deadline: %p', (status, expira) => {
    const reserva = em(status);
    const prazo = { ...DEPOIS, em: reserva.estado.expiraEm };
    const umPoucoAntes = { ...DEPOIS, em: new Date(prazo.em.getTime() - 1) };
    expect(reserva.iniciarExpiracao(umPoucoAntes).isSuccess).toBe(false);
    expect(reserva.iniciarExpiracao(prazo).isSuccess).toBe(expira);
    expect(reserva.estado.status).toBe(expira ? 'EXPIRANDO' : status);
  });

  it('asks again with growing pauses, at most an hour, until it is answered', () => {
    const reserva = em('PENDENTE_PAGAMENTO', { pagamentoId: 'pag_1' });
    reserva.iniciarExpiracao({ ...DEPOIS, em: reserva.estado.expiraEm });
    const pausas: number[] = [];
    let agora = reserva.estado.expiraEm;
    for (let i = 0; i < 10; i += 1) {
      const proximo = reserva.estado.expiracao?.proximoAnuncioEm ?? agora;
      expect(reserva.reanunciarExpiracao({ ...DEPOIS, em: new Date(proximo.getTime() - 1) }).isFailure).toBe(
        true,
      );
      expect(reserva.reanunciarExpiracao({ ...DEPOIS, em: proximo }).isSuccess).toBe(true);
      pausas.push((proximo.getTime() - agora.getTime()) / 1000);
      agora = proximo;
    }
    expect(pausas).toEqual([30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]);
    reserva.expirar('pag_1', DEPOIS);
    expect(reserva.reanunciarExpiracao({ ...DEPOIS, em: new Date('2030-01-01') }).isFailure).toBe(true);
  });

  it.each<[StatusReserva, string | undefined, StatusReserva | undefined]>([
    ['PENDENTE_COBRANCA', undefined, 'EXPIRADA'],
    ['PENDENTE_PAGAMENTO', 'pag_1', 'EXPIRADA'],
    ['EXPIRANDO', 'pag_1', 'EXPIRADA'],
    ['EXPIRANDO', undefined, 'EXPIRADA'],
    ['EXPIRANDO', 'pag_2', undefined],
    ['EXPIRADA', 'pag_1', 'EXPIRADA'],
    ['CANCELADA', 'pag_1', 'CANCELADA'],
    ['CONFIRMADA', 'pag_1', 'CONFIRMADA'],
    ['CONCLUIDA', 'pag_1', 'CONCLUIDA'],
    ['CONFIRMADA', 'pag_2', undefined],
    ['CONCLUIDA', 'pag_2', undefined],
  ])('%s with charge %s becomes %s when the charge pag_1 is closed', (status, pagamentoId, para) => {
    const confirmadoEm = status === 'CONFIRMADA' || status === 'CONCLUIDA' ? AUTORIA.em : undefined;
    const reserva = em(status, { pagamentoId, confirmadoEm });
    const expirada = reserva.expirar('pag_1', DEPOIS);
    expect(expirada.isSuccess).toBe(para !== undefined);
    expect(reserva.estado.status).toBe(para ?? status);
    const mudou = para === 'EXPIRADA' && status !== 'EXPIRADA';
    expect(reserva.pullDomainEvents().map(({ tipo }) => tipo)).toEqual(mudou ? ['ReservaExpirada'] : []);
  });

  it('is freed when there never was a charge', () => {
    const reserva = em('EXPIRANDO', { pagamentoId: undefined });
    expect(reserva.expirar(undefined, DEPOIS).isSuccess).toBe(true);
    expect(reserva.estado.status).toBe('EXPIRADA');
  });

  it('notes a charge that comes while the hold expires, and keeps expiring', () => {
    const reserva = em('EXPIRANDO');
    expect(reserva.registrarCobranca('pag_1', URL, DEPOIS).isSuccess).toBe(true);
    expect(reserva.estado).toMatchObject({
      status: 'EXPIRANDO',
      pagamentoId: 'pag_1',
      checkoutUrl: undefined,
    });
  });

  it.each<[StatusReserva, boolean, string[]]>([
    ['EXPIRANDO', false, ['ReservaConfirmada']],
    ['EXPIRADA', true, ['ReservaConfirmada']],
    ['EXPIRADA', false, ['PagamentoNaoAproveitado SLOT_OCUPADO']],
    ['CANCELADA', true, ['PagamentoNaoAproveitado RESERVA_CANCELADA']],
  ])('%s with its slot free %p makes of a late payment, once: %j', (status, vagaLivre, esperado) => {
    const reserva = em(status, { pagamentoId: 'pag_1' });
    for (let i = 0; i < 3; i += 1) reserva.receberPagamento('pag_1', i > 0 || vagaLivre, DEPOIS);
    const eventos = reserva.pullDomainEvents();
    expect(eventos.map((e) => ('motivo' in e ? `${e.tipo} ${e.motivo}` : e.tipo))).toEqual(esperado);
  });

  it.each<[StatusReserva, StatusReserva, string[]]>([
    ['PENDENTE_COBRANCA', 'EXPIRADA', ['PagamentoNaoAproveitado VALOR_DIVERGENTE', 'ReservaExpirada']],
    ['PENDENTE_PAGAMENTO', 'EXPIRADA', ['PagamentoNaoAproveitado VALOR_DIVERGENTE', 'ReservaExpirada']],
    ['EXPIRANDO', 'EXPIRADA', ['PagamentoNaoAproveitado VALOR_DIVERGENTE', 'ReservaExpirada']],
    ['EXPIRADA', 'EXPIRADA', ['PagamentoNaoAproveitado VALOR_DIVERGENTE']],
    ['CONFIRMADA', 'CONFIRMADA', ['PagamentoNaoAproveitado VALOR_DIVERGENTE']],
    ['CANCELADA', 'CANCELADA', ['PagamentoNaoAproveitado RESERVA_CANCELADA']],
  ])('%s is %s after a payment of another amount, which goes back once: %j', (status, depois, esperado) => {
    const reserva = em(status);
    const valor = Dinheiro.deCentavos(reserva.estado.preco.valor.centavos - 1n);
    for (let i = 0; i < 3; i += 1) reserva.receberPagamento('pag_1', true, DEPOIS, { valor });
    expect(reserva.estado).toMatchObject({ status: depois, pagamentoNaoAproveitado: 'pag_1' });
    const eventos = reserva.pullDomainEvents();
    expect(eventos.map((e) => ('motivo' in e ? `${e.tipo} ${e.motivo}` : e.tipo))).toEqual(esperado);
    reserva.receberPagamento('pag_1', true, DEPOIS, { valor, pedeDesfecho: true });
    expect(reserva.pullDomainEvents().map((e) => 'motivo' in e && e.motivo)).toEqual([
      esperado[0]?.split(' ')[1],
    ]);
  });

  it('gives a payment back when the period has begun before it came', () => {
    const reserva = em('EXPIRADA');
    reserva.receberPagamento('pag_1', true, { ...DEPOIS, em: reserva.estado.periodo.inicio });
    expect(reserva.estado).toMatchObject({ status: 'EXPIRADA', pagamentoNaoAproveitado: 'pag_1' });
  });

  it('does not give back a payment again whose cancellation has done so', () => {
    const reserva = em('CONFIRMADA', { pagamentoId: 'pag_1', confirmadoEm: DEPOIS.em });
    reserva.cancelar(CANCELAMENTO, DEPOIS);
    reserva.receberPagamento('pag_1', true, DEPOIS);
    expect(reserva.pullDomainEvents().map(({ tipo }) => tipo)).toEqual(['ReservaCancelada']);
  });

  it.each(STATUS_RESERVA)('%s can be cancelled exactly if it occupies its slot, once', (status) => {
    const reserva = em(status);
    expect(reserva.cancelar(CANCELAMENTO, DEPOIS).isSuccess).toBe(ocupa(status) || status === 'CANCELADA');
    reserva.cancelar({ ...CANCELAMENTO, motivo: 'outro' }, DEPOIS);
    expect(reserva.pullDomainEvents()).toHaveLength(ocupa(status) ? 1 : 0);
    if (ocupa(status))
      expect(reserva.estado).toMatchObject({ status: 'CANCELADA', cancelamento: CANCELAMENTO });
  });

  it.each(STATUS_RESERVA)('%s is concluded at its end exactly if it is confirmed', (status) => {
    const reserva = em(status);
    const { fim } = reserva.estado.periodo;
    expect(reserva.concluir({ ...DEPOIS, em: new Date(fim.getTime() - 1) }).isSuccess).toBe(false);
    expect(reserva.concluir({ ...DEPOIS, em: fim }).isSuccess).toBe(status === 'CONFIRMADA');
  });

  it.each<[string, bigint, string | undefined]>([
    ['waits for a refund of its own', 5_000n, undefined],
    ['has nothing to wait for', 0n, 'CONCLUIDO'],
  ])('after an earlier refund a cancellation %s when %d go back', (_, centavos, status) => {
    const reserva = em('CONFIRMADA', { estorno: { numero: 1, status: 'CONCLUIDO' } });
    reserva.cancelar({ ...CANCELAMENTO, reembolso: Dinheiro.deCentavos(centavos) }, DEPOIS);
    expect(reserva.estado.estorno?.status).toBe(status);
  });

  it('follows refunds, and believes no news that are older than what it knows', () => {
    const reserva = em('CANCELADA');
    const estorno = (numero: number, status: 'SOLICITADO' | 'CONCLUIDO' | 'FALHOU') => {
      reserva.registrarEstorno('pag_1', { estorno: { numero, status } }, DEPOIS);
      return `${reserva.estado.estorno?.numero} ${reserva.estado.estorno?.status}`;
    };
    expect(estorno(1, 'CONCLUIDO')).toBe('1 CONCLUIDO');
    expect(estorno(1, 'SOLICITADO')).toBe('1 CONCLUIDO');
    expect(estorno(1, 'FALHOU')).toBe('1 FALHOU');
    expect(estorno(2, 'SOLICITADO')).toBe('2 SOLICITADO');
    expect(estorno(1, 'CONCLUIDO')).toBe('2 SOLICITADO');
    expect(estorno(2, 'SOLICITADO')).toBe('2 SOLICITADO');
    expect(reserva.pullDomainEvents()).toHaveLength(3);
  });

  it('waits for the refund that its cancellation asks for, until the first news of a new one', () => {
    const reserva = em('CONFIRMADA', { pagamentoId: 'pag_1', confirmadoEm: DEPOIS.em });
    const parte = { numero: 1, status: 'SOLICITADO', valor: Dinheiro.deCentavos(1_00) } as const;
    reserva.registrarEstorno('pag_1', { estorno: parte }, DEPOIS);
    reserva.cancelar(CANCELAMENTO, DEPOIS);
    expect(reserva.estado.devolucao).toMatchObject({ anuncios: 1 });
    reserva.registrarEstorno('pag_1', { estorno: { ...parte, status: 'CONCLUIDO' } }, DEPOIS);
    reserva.registrarEstorno('pag_2', { estorno: { ...parte, numero: 2 } }, DEPOIS);
    expect(reserva.estado.devolucao).toBeDefined();
    reserva.registrarEstorno('pag_1', { estorno: { ...parte, numero: 3 } }, DEPOIS);
    expect(reserva.estado.devolucao).toBeUndefined();
  });

  it('gives back what pagamentos says that it gives back for the cancellation, and no other refund', () => {
    const reserva = em('CONFIRMADA', { pagamentoId: 'pag_1', confirmadoEm: DEPOIS.em });
    reserva.cancelar(CANCELAMENTO, DEPOIS);
    const [valor, creditos] = [Dinheiro.deCentavos(40_00), Dinheiro.deCentavos(10_00)];
    const de = (origem: string) => ({ origem, valor, creditos });
    const novo = (numero: number) => ({ numero, status: 'SOLICITADO', valor }) as const;
    reserva.registrarEstorno('pag_1', { estorno: novo(1), pedido: de('ADMIN') }, DEPOIS);
    expect(reserva.estado).toMatchObject({ devolucao: { anuncios: 1 }, cancelamento: CANCELAMENTO });
    reserva.registrarEstorno('pag_1', { estorno: novo(2), pedido: de('CANCELAMENTO') }, DEPOIS);
    const dito = { reembolso: valor, reembolsoCreditos: creditos };
    expect(reserva.estado).toMatchObject({ devolucao: undefined, cancelamento: dito });
    // What was left of a refund that another one took the place of is asked for anew, and is no second answer.
    const resto = { ...de('CANCELAMENTO'), valor: Dinheiro.deCentavos(1) };
    reserva.registrarEstorno('pag_1', { estorno: novo(3), pedido: resto }, DEPOIS);
    expect(reserva.estado.cancelamento).toMatchObject(dito);
  });

  it('promises nothing any more once pagamentos has said that nothing is left', () => {
    const reserva = em('CONFIRMADA', { pagamentoId: 'pag_1', confirmadoEm: DEPOIS.em });
    reserva.cancelar(CANCELAMENTO, DEPOIS);
    reserva.expirar('pag_1', DEPOIS, { foiPaga: true });
    expect(reserva.estado.cancelamento?.reembolso.centavos).toBe(0n);
  });

  it('tells what goes back also when an older word, that nothing is left, came between', () => {
    const reserva = em('CONFIRMADA', { pagamentoId: 'pag_1', confirmadoEm: DEPOIS.em });
    reserva.cancelar(CANCELAMENTO, DEPOIS);
    reserva.expirar('pag_1', DEPOIS, { foiPaga: true });
    const [valor, creditos] = [CANCELAMENTO.reembolso, Dinheiro.zero()];
    const pedido = { valor, creditos, origem: 'CANCELAMENTO' } as const;
    const movimento = { estorno: { numero: 1, status: 'SOLICITADO', valor }, pedido } as const;
    reserva.registrarEstorno('pag_1', movimento, DEPOIS);
    expect(reserva.estado.cancelamento?.reembolso).toEqual(valor);
  });

  it('believes the newest word of what can still go back, in whatever order it comes', () => {
    const reserva = em('CONFIRMADA', { pagamentoId: 'pag_1', confirmadoEm: DEPOIS.em });
    const resta = (versao: number, centavos: number) => {
      const [valor, creditos] = [Dinheiro.deCentavos(centavos), Dinheiro.zero()];
      reserva.registrarEstorno('pag_1', { devolvivel: { versao, valor, creditos } }, DEPOIS);
      return reserva.estado.devolvivel?.valor.centavos;
    };
    expect([resta(7, 10_00), resta(9, 0), resta(8, 5_00), resta(9, 0)]).toEqual([10_00n, 0n, 0n, 0n]);
    reserva.registrarEstorno(
      'pag_2',
      { devolvivel: { versao: 99, valor: Dinheiro.zero(), creditos: Dinheiro.zero() } },
      DEPOIS,
    );
    expect(reserva.estado.devolvivel?.versao).toBe(9);
    expect(reserva.pullDomainEvents().map(({ tipo }) => tipo)).toEqual(Array(2).fill('DevolvivelAtualizado'));
  });

  it('keeps waiting for its refund when it hears late that the charge was closed before it was paid', () => {
    const reserva = em('EXPIRANDO', { pagamentoId: 'pag_1' });
    reserva.receberPagamento('pag_1', true, DEPOIS);
    reserva.cancelar(CANCELAMENTO, DEPOIS);
    const { versao, devolucao } = reserva.estado;
    expect(reserva.expirar('pag_1', DEPOIS).isSuccess).toBe(true);
    expect(devolucao).toBeDefined();
    expect(reserva.estado).toMatchObject({ versao, devolucao, cancelamento: CANCELAMENTO });
  });

  it('waits for no refund any more once pagamentos says that all that was paid goes back', () => {
    const reserva = em('CONFIRMADA', { pagamentoId: 'pag_1', confirmadoEm: DEPOIS.em });
    reserva.cancelar(CANCELAMENTO, DEPOIS);
    reserva.expirar('pag_1', DEPOIS, { foiPaga: true });
    reserva.expirar('pag_1', DEPOIS, { foiPaga: true });
    expect(reserva.estado).toMatchObject({ status: 'CANCELADA', devolucao: undefined });
    expect(reserva.pullDomainEvents().map(({ tipo }) => tipo)).toEqual([
      'ReservaCancelada',
      'DevolucaoDispensada',
    ]);
  });

  it.each([
    ['has closed another charge', 'pag_2', { foiPaga: true }],
    ['knows of no charge', undefined, undefined],
  ])('keeps waiting for its refund when pagamentos has lost the payment and %s', (_, fechada, situacao) => {
    const reserva = em('CONFIRMADA', { pagamentoId: 'pag_1', confirmadoEm: DEPOIS.em });
    reserva.cancelar(CANCELAMENTO, DEPOIS);
    const { versao, devolucao } = reserva.estado;
    expect(reserva.expirar(fechada, DEPOIS, situacao).isSuccess).toBe(true);
    expect(devolucao).toBeDefined();
    expect(reserva.estado).toMatchObject({ versao, devolucao, cancelamento: CANCELAMENTO });
  });

  it('waits for no refund any more once pagamentos refuses it for good', () => {
    const reserva = em('CONFIRMADA', { pagamentoId: 'pag_1', confirmadoEm: DEPOIS.em });
    reserva.recusarDevolucao(DEPOIS);
    reserva.cancelar(CANCELAMENTO, DEPOIS);
    reserva.recusarDevolucao(DEPOIS);
    reserva.recusarDevolucao(DEPOIS);
    expect(reserva.estado).toMatchObject({ status: 'CANCELADA', devolucao: undefined });
    expect(reserva.pullDomainEvents().map(({ tipo }) => tipo)).toEqual([
      'ReservaCancelada',
      'DevolucaoRecusada',
    ]);
  });

  it('has nothing to do with a charge that somebody made for it although it costs nothing', () => {
    const preco = { linhas: [], valor: Dinheiro.zero() };
    const reserva = em('CONFIRMADA', { preco, confirmadoEm: DEPOIS.em });
    expect(reserva.registrarCobranca('pag_1', URL, DEPOIS).isSuccess).toBe(true);
    expect(reserva.expirar('pag_1', DEPOIS).isSuccess).toBe(true);
    const valor = Dinheiro.deCentavos(5_00);
    expect(reserva.receberPagamento('pag_1', false, DEPOIS, { valor }).isSuccess).toBe(true);
    expect(reserva.estado).toMatchObject({ status: 'CONFIRMADA', pagamentoId: undefined });
    const ditos = reserva.pullDomainEvents();
    expect(ditos).toMatchObject([{ tipo: 'PagamentoNaoAproveitado', motivo: 'VALOR_DIVERGENTE' }]);
  });

  it('waits for no refund when nothing is to go back', () => {
    const nada = em('CONFIRMADA');
    nada.cancelar({ ...CANCELAMENTO, reembolso: Dinheiro.zero() }, DEPOIS);
    expect(nada.estado.devolucao).toBeUndefined();
  });

  it('keeps no note of a refund whose outcome is told again', () => {
    const reserva = em('CANCELADA');
    reserva.registrarEstorno('pag_1', { estorno: { numero: 1, status: 'CONCLUIDO' } }, DEPOIS);
    reserva.registrarEstorno('pag_1', { estorno: { numero: 1, status: 'CONCLUIDO' } }, DEPOIS);
    expect(reserva.pullDomainEvents().map(({ tipo, mudanca }) => [tipo, mudanca.versao])).toEqual([
      ['EstornoAtualizado', 2],
    ]);
  });

  it('expires when nobody knows of its charge any more', () => {
    const reserva = em('EXPIRANDO', { pagamentoId: 'pag_1' });
    expect(reserva.expirar(undefined, DEPOIS).isSuccess).toBe(true);
    expect(reserva.estado.status).toBe('EXPIRADA');
  });

  it('tells its history of every question to pagamentos and of its end', () => {
    const reserva = em('PENDENTE_PAGAMENTO', { pagamentoId: 'pag_1' });
    const prazo = reserva.estado.expiraEm;
    reserva.iniciarExpiracao({ ...DEPOIS, em: prazo });
    reserva.reanunciarExpiracao({ ...DEPOIS, em: new Date('2026-06-02T00:00:00Z') });
    reserva.confirmar('pag_1', DEPOIS);
    reserva.concluir({ ...DEPOIS, em: reserva.estado.periodo.fim });
    const passos = reserva.pullDomainEvents().map(({ tipo, mudanca: { de, para } }) => [tipo, de, para]);
    expect(passos).toEqual([
      ['ReservaExpirando', 'PENDENTE_PAGAMENTO', 'EXPIRANDO'],
      ['ExpiracaoReanunciada', 'EXPIRANDO', 'EXPIRANDO'],
      ['ReservaConfirmada', 'EXPIRANDO', 'CONFIRMADA'],
      ['ReservaConcluida', 'CONFIRMADA', 'CONCLUIDA'],
    ]);
    expect(reserva.estado.expiracao).toMatchObject({ desde: prazo, anuncios: 2 });
  });

  it.each<[string, StatusReserva, (reserva: Reserva) => ReturnType<Reserva['confirmar']>]>([
    ['não espera esta cobrança', 'PENDENTE_PAGAMENTO', (r) => r.registrarCobranca('pag_2', URL, DEPOIS)],
    ['não pode ser confirmada', 'CANCELADA', (r) => r.confirmar('pag_1', DEPOIS)],
    ['não pode ser confirmada', 'CONFIRMADA', (r) => r.confirmar('pag_2', DEPOIS)],
    ['espera outro pagamento', 'PENDENTE_PAGAMENTO', (r) => r.confirmar('pag_2', DEPOIS)],
    ['não pode expirar agora', 'CONFIRMADA', (r) => r.iniciarExpiracao(DEPOIS)],
    ['não espera resposta de pagamentos', 'EXPIRADA', (r) => r.reanunciarExpiracao(DEPOIS)],
    ['não espera devolução de pagamentos', 'CANCELADA', (r) => r.reanunciarCancelamento(DEPOIS)],
    ['não pode expirar', 'CONCLUIDA', (r) => r.expirar('pag_1', DEPOIS)],
    ['espera outro pagamento', 'EXPIRANDO', (r) => r.expirar('pag_2', DEPOIS)],
    ['não pode ser cancelada', 'EXPIRADA', (r) => r.cancelar(CANCELAMENTO, DEPOIS)],
    ['não pode ser concluída', 'CANCELADA', (r) => r.concluir(DEPOIS)],
  ])('says that it %s when it is %s', (porque, status, pedir) => {
    const confirmadoEm = status === 'CONFIRMADA' ? DEPOIS.em : undefined;
    const reserva = em(status, { pagamentoId: 'pag_1', confirmadoEm });
    const recusada = pedir(reserva);
    expect(recusada.isFailure && recusada.error).toMatchObject({
      motivo: 'TRANSICAO_INVALIDA',
      message: `A reserva está ${status} e ${porque}.`,
      detalhes: { status },
    });
    expect([reserva.id, reserva.estado.status, reserva.pullDomainEvents()]).toEqual(['res_1', status, []]);
  });

  it('is unknown in one way only', () => {
    expect(new ReservaNaoEncontradaError()).toMatchObject({
      motivo: 'RESERVA_NAO_ENCONTRADA',
      message: 'Reserva não encontrada.',
    });
  });

  it('occupies its slot in exactly four statuses', () => {
    expect(STATUS_RESERVA.filter(ocupa)).toEqual([...STATUS_OCUPANTES]);
    expect(ocupa('CANCELADA')).toBe(false);
  });
});
