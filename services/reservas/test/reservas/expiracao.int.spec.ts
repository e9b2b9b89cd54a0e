import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { inTurn, oneByOne } from '@plataforma/runtime/one-by-one';
import { eventually } from '@plataforma/testing/eventually';
import { PostgresContasRepository } from '../../src/contas/infrastructure/contas-repository.ts';
import { CumprirPrazoHandler, PRAZOS } from '../../src/reservas/application/cumprir-prazo.ts';
import { contarParadas } from '../../src/reservas/infrastructure/consulta-de-reservas.ts';
import { contarEstornosParados } from '../../src/saga/infrastructure/contagens.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import { newWorker } from '../new-worker.ts';
import { between, NOW, newReserva, storeEspaco } from '../reservas-fixture.ts';

const NUNCA = new Date(0);

let ciclo: Ciclo;

beforeAll(async () => {
  ciclo = await Ciclo.open();
});

afterAll(() => ciclo.close());

beforeEach(() => ciclo.clock.set(NOW));

/** The hold of every reservation of these specs has run out. */
function depoisDaEspera(): void {
  ciclo.clock.set('2026-06-02T09:15:00Z');
}

async function expirando() {
  const reserva = await ciclo.esperando();
  depoisDaEspera();
  await ciclo.prazos.execute('ESPERA');
  expect(await ciclo.status(reserva.id)).toBe('EXPIRANDO');
  return reserva;
}

async function ocupar(espaco: Parameters<typeof newReserva>[0]) {
  const outra = newReserva(espaco, between('2026-06-10T11:00:00Z', '2026-06-10T13:00:00Z'));
  const guardada = await ciclo.uow.run((tx) => tx.reservas.add(outra));
  return guardada.isSuccess;
}

describe('a hold that runs out', () => {
  it('keeps its slot until pagamentos has closed the charge, and is free then', async () => {
    const { id, espaco } = await ciclo.esperando();
    await ciclo.prazos.execute('ESPERA');
    expect(await ciclo.status(id)).toBe('PENDENTE_PAGAMENTO');
    depoisDaEspera();
    await ciclo.prazos.execute('ESPERA');
    expect(await ciclo.status(id)).toBe('EXPIRANDO');
    expect(await ocupar(espaco)).toBe(false);
    expect(await ciclo.anuncio(id, 'EncerrarCobranca')).toMatchObject({
      reservaId: id,
      pagamentoId: `pag_${id}`,
    });
    await ciclo.encerrarCobranca(id);
    await ciclo.encerrarCobranca(id);
    expect(await ciclo.status(id)).toBe('EXPIRADA');
    expect(await ciclo.anunciados(id)).toEqual(['ReservaCriada', 'EncerrarCobranca', 'ReservaExpirada']);
    expect(await ocupar(espaco)).toBe(true);
  });

  it('is freed when pagamentos knows of no charge', async () => {
    const espaco = await storeEspaco(ciclo.uow);
    const reserva = newReserva(espaco, between('2026-06-10T10:00:00Z', '2026-06-10T12:00:00Z'));
    await ciclo.uow.run((tx) => tx.reservas.add(reserva));
    depoisDaEspera();
    await ciclo.prazos.execute('ESPERA');
    await ciclo.receber({ tipo: 'CobrancaCancelada', reservaId: reserva.id, pagamentoId: undefined });
    expect(await ciclo.status(reserva.id)).toBe('EXPIRADA');
  });

  it('is confirmed when it turns out paid', async () => {
    const { id } = await expirando();
    await ciclo.pagar(id);
    expect(await ciclo.status(id)).toBe('CONFIRMADA');
    expect(await ciclo.prazos.execute('RESPOSTA')).toBe(false);
    expect(await ciclo.anunciados(id)).toEqual(['ReservaCriada', 'EncerrarCobranca', 'ReservaConfirmada']);
  });

  it('is announced again, ever more slowly, and counted after five minutes', async () => {
    const { id } = await expirando();
    const desde = (minutos: number) => new Date(ciclo.clock.now().getTime() - minutos * 60_000);
    await ciclo.prazos.execute('RESPOSTA');
    expect((await ciclo.anunciados(id)).filter((tipo) => tipo === 'EncerrarCobranca')).toHaveLength(1);
    for (const segundos of [30, 60, 120, 240]) {
      ciclo.clock.advance(segundos * 1000);
      await ciclo.prazos.execute('RESPOSTA');
      await ciclo.prazos.execute('RESPOSTA');
    }
    expect((await ciclo.anunciados(id)).filter((tipo) => tipo === 'EncerrarCobranca')).toHaveLength(5);
    expect(await contarParadas(ciclo.dataSource, desde(5))).toBeGreaterThanOrEqual(1);
    expect(await contarParadas(ciclo.dataSource, desde(8))).toBe(0);
    await ciclo.encerrarCobranca(id);
  });

  it('goes once through the protocol when many workers look at the same time', async () => {
    const reservas = await Promise.all(Array.from({ length: 60 }, () => ciclo.esperando()));
    depoisDaEspera();
    await Promise.all([1, 2, 3].map(() => ciclo.prazos.execute('ESPERA')));
    while (await ciclo.prazos.execute('ESPERA'));
    for (const { id } of reservas) {
      expect(await ciclo.anunciados(id)).toEqual(['ReservaCriada', 'EncerrarCobranca']);
      await ciclo.encerrarCobranca(id);
    }
  }, 30_000);
});

describe('a payment that comes after the slot was freed', () => {
  async function expirada() {
    const reserva = await expirando();
    await ciclo.encerrarCobranca(reserva.id);
    return reserva;
  }

  it('takes the slot back when it is free', async () => {
    const { id, espaco } = await expirada();
    await ciclo.pagar(id);
    await ciclo.pagar(id);
    expect(await ciclo.status(id)).toBe('CONFIRMADA');
    expect((await ciclo.anunciados(id)).slice(2)).toEqual(['ReservaExpirada', 'ReservaConfirmada']);
    expect(await ocupar(espaco)).toBe(false);
  });

  it('is given back, once, when somebody else has the slot', async () => {
    const { id, espaco } = await expirada();
    expect(await ocupar(espaco)).toBe(true);
    await ciclo.pagar(id);
    await ciclo.pagar(id);
    expect(await ciclo.status(id)).toBe('EXPIRADA');
    expect((await ciclo.anunciados(id)).slice(2)).toEqual(['ReservaExpirada', 'PagamentoNaoAproveitado']);
    expect(await ciclo.anuncio(id, 'PagamentoNaoAproveitado')).toMatchObject({
      pagamentoId: `pag_${id}`,
      codigo: 'SLOT_OCUPADO',
    });
  });

  it('stays given back when pagamentos asks after the slot has become free again', async () => {
    const { id, espaco } = await expirada();
    const rival = newReserva(espaco, between('2026-06-10T10:00:00Z', '2026-06-10T11:00:00Z'));
    await ciclo.uow.run((tx) => tx.reservas.add(rival));
    await ciclo.pagar(id);
    const solicitante = { id: rival.estado.clienteId, admin: false };
    await ciclo.cancelar.execute({ reservaId: rival.id, solicitante, motivo: '', excecao: undefined });
    await ciclo.receber({ tipo: 'PagamentoAprovado', ...ciclo.pagamento(id), pedeDesfecho: true });
    expect(await ciclo.status(id)).toBe('EXPIRADA');
    expect((await ciclo.anunciados(id)).slice(3)).toEqual([
      'PagamentoNaoAproveitado',
      'PagamentoNaoAproveitado',
    ]);
  });

  it('is given back when there is no such reservation, as often as pagamentos asks', async () => {
    await ciclo.pagar('res_perdida');
    await ciclo.pagar('res_perdida');
    expect(await ciclo.anunciados('res_perdida')).toEqual([
      'PagamentoNaoAproveitado',
      'PagamentoNaoAproveitado',
    ]);
    expect(await ciclo.anuncio('res_perdida', 'PagamentoNaoAproveitado')).toMatchObject({
      pagamentoId: 'pag_res_perdida',
      codigo: 'RESERVA_INEXISTENTE',
    });
  });

  it('is given back when the account of the customer is gone: nothing is confirmed that nobody would cancel', async () => {
    const { id, clienteId } = await expirada();
    await new PostgresContasRepository(ciclo.dataSource).encerrar(clienteId, ciclo.clock.now());
    await ciclo.pagar(id);
    expect(await ciclo.status(id)).toBe('EXPIRADA');
    expect((await ciclo.anunciados(id)).slice(2)).toEqual(['ReservaExpirada', 'PagamentoNaoAproveitado']);
  });

  it('is given back when a neighbour is inside the buffer', async () => {
    const { id, espaco } = await expirada();
    const vizinha = newReserva(espaco, between('2026-06-10T12:10:00Z', '2026-06-10T13:00:00Z'));
    await ciclo.uow.run((tx) => tx.reservas.add(vizinha));
    await ciclo.pagar(id);
    expect(await ciclo.status(id)).toBe('EXPIRADA');
  });

  it('is given back, once, when the reservation was cancelled unpaid', async () => {
    const { id, clienteId } = await ciclo.esperando();
    const solicitante = { id: clienteId, admin: false };
    await ciclo.cancelar.execute({ reservaId: id, solicitante, motivo: '', excecao: undefined });
    await ciclo.pagar(id);
    await ciclo.pagar(id);
    expect(await ciclo.anunciados(id)).toEqual([
      'ReservaCriada',
      'ReservaCancelada',
      'PagamentoNaoAproveitado',
    ]);
    expect(await ciclo.anuncio(id, 'PagamentoNaoAproveitado')).toMatchObject({ codigo: 'RESERVA_CANCELADA' });
  });
});

describe('a cancellation of which no refund was heard', () => {
  async function cancelada() {
    const { id, clienteId } = await ciclo.esperando();
    await ciclo.pagar(id);
    const solicitante = { id: clienteId, admin: false };
    await ciclo.cancelar.execute({ reservaId: id, solicitante, motivo: 'mudei', excecao: undefined });
    return id;
  }

  async function passam(segundos: number): Promise<void> {
    ciclo.clock.advance(segundos * 1000);
    await ciclo.prazos.execute('DEVOLUCAO');
    await ciclo.prazos.execute('DEVOLUCAO');
  }

  const quantas = async (id: string) =>
    (await ciclo.anunciados(id)).filter((tipo) => ['ReservaCancelada', 'EncerrarOuDevolver'].includes(tipo))
      .length;

  async function semResposta(): Promise<number> {
    const cincoMinutosAtras = new Date(ciclo.clock.now().getTime() - 5 * 60_000);
    const parados = await contarEstornosParados(ciclo.dataSource, cincoMinutosAtras, NUNCA);
    return parados.find(({ situacao }) => situacao === 'SEM_RESPOSTA')?.total ?? 0;
  }

  it('is asked for again as it was told, ever more slowly, and counted all the while', async () => {
    const id = await cancelada();
    const primeira = await ciclo.anuncio(id, 'ReservaCancelada');
    expect(primeira).toMatchObject({ reembolso: { centavos: '25000' }, motivo: 'mudei' });
    for (const segundos of [29, 1, 60, 120, 240]) await passam(segundos);
    expect(await quantas(id)).toBe(5);
    const { pedidoEm: _, ...ultima } = await ciclo.anuncio(id, 'EncerrarOuDevolver');
    expect(primeira).toMatchObject(ultima);
    for (let hora = 0; hora < 12; hora++) await passam(3_600);
    const antes = await quantas(id);
    await passam(3_599);
    expect(await quantas(id)).toBe(antes);
    await passam(1);
    const contada = await semResposta();
    const estorno = { numero: 1, status: 'SOLICITADO' } as const;
    await ciclo.receber({ tipo: 'EstornoMudou', ...ciclo.pagamento(id), estorno });
    expect(await semResposta()).toBe(contada - 1);
    await passam(7_200);
    expect(await quantas(id)).toBe(antes + 1);
  });

  it('is told once when nothing is to go back', async () => {
    const { id, clienteId } = await ciclo.esperando();
    const solicitante = { id: clienteId, admin: false };
    await ciclo.cancelar.execute({ reservaId: id, solicitante, motivo: '', excecao: undefined });
    await passam(3_600);
    expect(await quantas(id)).toBe(1);
  });
});

describe('a cancellation by somebody who may not see the reservation', () => {
  it('asks pagamentos nothing', async () => {
    const { id } = await ciclo.esperando();
    await ciclo.pagar(id);
    const solicitante = { id: 'cli_estranho', admin: false };
    const recusada = await ciclo.cancelar.execute({
      reservaId: id,
      solicitante,
      motivo: '',
      excecao: undefined,
    });
    expect(recusada).toMatchObject({ error: { motivo: 'RESERVA_NAO_ENCONTRADA' } });
    expect(ciclo.pagamentos.asked).not.toContain(`pag_${id}`);
  });
});

describe('the worker', () => {
  it('does what is due by itself, and stops', async () => {
    const { id } = await ciclo.esperando();
    const confirmada = await ciclo.esperando();
    await ciclo.pagar(confirmada.id);
    const prazos = PRAZOS.map((prazo) => [prazo, oneByOne(new CumprirPrazoHandler({ ...ciclo, prazo }))]);
    const worker = newWorker(inTurn(Object.fromEntries(prazos)));
    await worker.start();
    depoisDaEspera();
    await eventually(async () => expect(await ciclo.status(id)).toBe('EXPIRANDO'));
    ciclo.clock.set('2026-06-10T11:59:59Z');
    await eventually(async () => {
      const anuncios = (await ciclo.anunciados(id)).filter((tipo) => tipo === 'EncerrarCobranca');
      expect(anuncios.length).toBeGreaterThan(1);
    });
    expect(await ciclo.status(confirmada.id)).toBe('CONFIRMADA');
    ciclo.clock.set('2026-06-10T12:00:00Z');
    await eventually(async () => expect(await ciclo.status(confirmada.id)).toBe('CONCLUIDA'));
    await worker.stop();
    expect((await ciclo.anunciados(confirmada.id)).at(-1)).toBe('ReservaConcluida');
  });
});
