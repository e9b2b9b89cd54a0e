import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { AtualizarEspacoHandler } from '../../src/espacos/application/atualizar-espaco.ts';
import { AceitarReservaHandler } from '../../src/reservas/application/aceitar-reserva.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import { newId, storeEspaco } from '../reservas-fixture.ts';
import { Fila, MANHA } from './fila-fixture.ts';

let ciclo: Ciclo;
let fila: Fila;

beforeAll(async () => {
  ciclo = await Ciclo.open();
  fila = new Fila(ciclo);
});

afterAll(() => ciclo?.close());

describe('a slot that becomes free', () => {
  it('is offered when there is nothing to pay, too, and theirs once they accept', async () => {
    const gratis = { precoPorHora: Dinheiro.zero(), taxaLimpeza: Dinheiro.zero() };
    const espaco = await storeEspaco(ciclo.uow, gratis);
    const dono = newId('cli');
    expect(await fila.reservar(espaco, MANHA, dono)).toBe('CONFIRMADA');
    const unico = await fila.esperar(espaco);
    const [{ id }] = await ciclo.dataSource.query('select id from reservas where espaco_id = $1', [
      espaco.id,
    ]);
    await fila.cancelar(id, dono);
    await fila.round();
    expect(await fila.status(unico)).toEqual(['OFERTADA']);
    const reservaId = await fila.oferta(unico);
    expect(await ciclo.status(reservaId)).toBe('PENDENTE_COBRANCA');
    expect(await ciclo.anunciados(reservaId)).toEqual([]);
    expect(await ciclo.anunciados(unico.id)).toEqual(['VagaOferecida']);
    const aceitar = new AceitarReservaHandler(ciclo);
    const aceita = await aceitar.execute({ reservaId, solicitante: { id: unico.clienteId, admin: false } });
    expect(aceita.isSuccess && aceita.value.status).toBe('CONFIRMADA');
    expect(await fila.status(unico)).toEqual(['ATENDIDA']);
    expect(await ciclo.anunciados(reservaId)).toEqual(['ReservaConfirmada']);
  });

  it('is passed over while it costs less than can be charged, and nobody new waits for it', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const unico = await fila.esperar(espaco);
    const barato = { precoPorHora: Dinheiro.deCentavos(1n), taxaLimpeza: Dinheiro.zero() };
    const atualizar = new AtualizarEspacoHandler(ciclo);
    const mudado = await atualizar.execute({ espacoId: espaco.id, etag: undefined, mudanca: barato });
    expect(mudado.isSuccess).toBe(true);
    const recusado = await fila.pedir(espaco, newId('cli'));
    expect(recusado.isFailure && recusado.error.motivo).toBe('VALOR_ABAIXO_DO_MINIMO');
    await fila.cancelar(id, dono);
    await fila.round();
    expect(await fila.status(unico)).toEqual(['AGUARDANDO']);
  });
});
