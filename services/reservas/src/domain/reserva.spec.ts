import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { PeriodoReserva } from './periodo-reserva.ts';
import { POLITICA_PADRAO } from './politica-cancelamento.ts';
import { type EstadoReserva, Reserva } from './reserva.ts';
import { ocupa, STATUS_OCUPANTES, STATUS_RESERVA, type StatusReserva } from './status-reserva.ts';

const AUTORIA = { quem: 'cli_1', porque: 'teste', em: new Date('2026-06-01T12:00:00Z') };
const DEPOIS = { quem: 'servico:pagamentos', porque: 'teste', em: new Date('2026-06-01T12:05:00Z') };
const URL = 'https://pay.example/1';

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
    folgaMinutos: 15,
    preco: { linhas: [], valor: Dinheiro.deCentavos(100_00) },
    extras: [],
    politica: POLITICA_PADRAO,
    cotacaoId: undefined,
    chaveIdempotencia: undefined,
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
      confirmadaEm: DEPOIS.em,
      atualizadaEm: DEPOIS.em,
    });
    expect(reserva.pullDomainEvents().map(({ tipo }) => tipo)).toEqual(['ReservaConfirmada']);
  });

  it('only remembers a declined card', () => {
    const reserva = em('PENDENTE_PAGAMENTO', { pagamentoId: 'pag_1' });
    reserva.registrarRecusa('pag_1', DEPOIS);
    expect(reserva.estado).toMatchObject({
      status: 'PENDENTE_PAGAMENTO',
      atualizadaEm: AUTORIA.em,
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

  it('occupies its slot in exactly four statuses', () => {
    expect(STATUS_RESERVA.filter(ocupa)).toEqual([...STATUS_OCUPANTES]);
    expect(ocupa('CANCELADA')).toBe(false);
  });
});
