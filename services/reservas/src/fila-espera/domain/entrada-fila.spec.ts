import { describe, expect, it } from '@jest/globals';
import { STATUS_RESERVA, type StatusReserva } from '../../agenda/domain/status-reserva.ts';
import { LIMITES_PADRAO } from '../../espacos/domain/limites-reserva.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import { PeriodoReserva } from '../../tempo/domain/periodo-reserva.ts';
import { EntradaFila, minutosDaOferta, type StatusEntrada } from './entrada-fila.ts';

const AGORA = new Date('2026-06-02T09:00:00Z');
const DEPOIS = new Date('2026-06-02T09:10:00Z');

function periodo(inicio = '2026-06-10T10:00:00Z', fim = '2026-06-10T12:00:00Z'): PeriodoReserva {
  const criado = PeriodoReserva.create(new Date(inicio), new Date(fim));
  if (criado.isFailure) throw criado.error;
  return criado.value;
}

const PROJETOR = { codigo: 'PROJETOR', quantidade: 1 };

function aguardando(): EntradaFila {
  const pedido = { clienteId: 'cli_1', espacoId: 'esp_1', periodo: periodo(), extras: [PROJETOR] };
  return EntradaFila.entrar('fil_1', pedido, LIMITES_PADRAO, AGORA);
}

function reserva(status: StatusReserva = 'PENDENTE_COBRANCA'): EstadoReserva {
  const expiraEm = new Date('2026-06-02T09:30:00Z');
  return { id: 'res_1', status, expiraEm, atualizadoEm: DEPOIS } as EstadoReserva;
}

function ofertada(): EntradaFila {
  const entrada = aguardando();
  entrada.ofertar(reserva(), AGORA);
  return entrada;
}

describe('a place in line', () => {
  it('waits until the lead time of the space begins', () => {
    const { estado } = aguardando();
    expect(estado).toMatchObject({ status: 'AGUARDANDO', versao: 1, oferta: undefined });
    expect(estado.encerraEm).toEqual(new Date('2026-06-10T08:00:00Z'));
  });

  it('becomes an offer that names its reservation and tells of it', () => {
    const entrada = ofertada();
    const oferta = { reservaId: 'res_1', expiraEm: reserva().expiraEm };
    expect(entrada.estado).toMatchObject({ status: 'OFERTADA', versao: 2, oferta });
    expect(entrada.pullDomainEvents()).toEqual([
      { tipo: 'VagaOferecida', versao: 2, reserva: reserva(), em: AGORA },
    ]);
  });

  it('is served at once when there is nothing to pay, with no offer to tell of', () => {
    const entrada = aguardando();
    entrada.ofertar(reserva('CONFIRMADA'), AGORA);
    expect(entrada.estado).toMatchObject({ status: 'ATENDIDA', versao: 2, oferta: { reservaId: 'res_1' } });
    expect(entrada.pullDomainEvents()).toEqual([]);
  });

  it('takes no second offer', () => {
    expect(() => ofertada().ofertar(reserva(), AGORA)).toThrow('takes no offer');
  });

  it('is the same one when it is asked for again, unless with other add-ons', () => {
    const entrada = aguardando();
    expect(entrada.repetidaPor([PROJETOR])).toMatchObject({ isSuccess: true, value: { id: 'fil_1' } });
    expect(entrada.repetidaPor([])).toMatchObject({
      isFailure: true,
      error: { motivo: 'JA_NA_FILA', detalhes: { entradaId: 'fil_1' } },
    });
  });

  it('closes when the period came too near, not before', () => {
    const entrada = aguardando();
    entrada.encerrar(new Date('2026-06-10T07:59:59Z'));
    expect(entrada.estado.status).toBe('AGUARDANDO');
    entrada.encerrar(new Date('2026-06-10T08:00:00Z'));
    expect(entrada.estado).toMatchObject({ status: 'ENCERRADA', versao: 2 });
  });

  it('is given up once, and an offer only by its reservation', () => {
    const entrada = aguardando();
    entrada.sair(DEPOIS);
    entrada.sair(new Date());
    expect(entrada.estado).toMatchObject({ status: 'CANCELADA', versao: 2, atualizadoEm: DEPOIS });
    const oferta = ofertada();
    oferta.sair(DEPOIS);
    oferta.encerrar(new Date('2026-06-10T10:00:00Z'));
    expect(oferta.estado.status).toBe('OFERTADA');
  });
});

describe('an offer', () => {
  const DESFECHOS: Partial<Record<StatusReserva, StatusEntrada>> = {
    CONFIRMADA: 'ATENDIDA',
    EXPIRADA: 'EXPIRADA',
    CANCELADA: 'CANCELADA',
  };

  it.each(STATUS_RESERVA)('follows its reservation into %s', (status) => {
    const entrada = ofertada();
    entrada.acompanhar(reserva(status));
    expect(entrada.estado.status).toBe(DESFECHOS[status] ?? 'OFERTADA');
  });

  it('that expired was accepted after all when its late payment was taken', () => {
    const entrada = ofertada();
    entrada.acompanhar(reserva('EXPIRADA'));
    entrada.acompanhar(reserva('CANCELADA'));
    expect(entrada.estado.status).toBe('EXPIRADA');
    entrada.acompanhar(reserva('CONFIRMADA'));
    expect(entrada.estado).toMatchObject({ status: 'ATENDIDA', versao: 4 });
  });

  it('that was accepted stays accepted when the reservation is cancelled later', () => {
    const entrada = ofertada();
    entrada.acompanhar(reserva('CONFIRMADA'));
    entrada.acompanhar(reserva('CANCELADA'));
    expect(entrada.estado.status).toBe('ATENDIDA');
  });

  it.each([
    ['2026-06-10T10:00:00Z', 30],
    ['2026-06-02T09:30:00Z', 30],
    ['2026-06-02T09:12:00Z', 12],
  ])('for a period that starts at %s holds it for %d minutes', (inicio, minutos) => {
    expect(minutosDaOferta(periodo(inicio), AGORA)).toBe(minutos);
  });
});
