import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NENHUMA_DISPENSA } from '../../src/espacos/domain/dispensas.ts';
import type { Espaco } from '../../src/espacos/domain/espaco.ts';
import { CriarSerieHandler } from '../../src/series/application/criar-serie.ts';
import { SimularSerieHandler } from '../../src/series/application/simular-serie.ts';
import type { ModoDaSerie } from '../../src/series/domain/serie.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import { InMemoryObservador } from '../doubles.ts';
import { newId } from '../reservas-fixture.ts';
import { Fila } from './fila-fixture.ts';

let ciclo: Ciclo;
let fila: Fila;

beforeAll(async () => {
  ciclo = await Ciclo.open();
  fila = new Fila(ciclo);
});

afterAll(() => ciclo?.close());

/** Wednesdays from 10 June on, at the hours of `MANHA`. */
const plano = (espaco: Espaco, clienteId: string) => ({
  clienteId,
  espacoId: espaco.id,
  inicioLocal: '2026-06-10T07:00',
  duracaoMinutos: 120,
  rrule: 'FREQ=WEEKLY;COUNT=3',
  datasExcluidas: [],
  extras: [],
  guardarCreditos: false,
});

function reservarSerie(espaco: Espaco, modo: ModoDaSerie, clienteId = newId('cli')) {
  const { uow, clock, cobrancas } = ciclo;
  const criar = new CriarSerieHandler({
    ...{ uow, clock, cobrancas, bonusPercentual: 10 },
    ids: { next: async (prefixo) => newId(prefixo) },
    observador: new InMemoryObservador(),
  });
  return criar.execute({
    ...{ plano: plano(espaco, clienteId), modo, quem: clienteId },
    ...{ dispensas: NENHUMA_DISPENSA, restaMs: () => 8_000 },
  });
}

/** A morning that somebody has given up, before the worker has offered it to who waits for it. */
async function vagaComFila() {
  const { espaco, id, dono } = await fila.espacoTomado();
  const espera = await fila.esperar(espaco);
  await fila.cancelar(id, dono);
  return { espaco, espera };
}

describe('a series beside the line', () => {
  it('does not overtake who waits for one of its dates', async () => {
    const { espaco, espera } = await vagaComFila();
    const simular = new SimularSerieHandler(ciclo);
    const quem = newId('cli');
    const simulada = await simular.execute({ plano: plano(espaco, quem), quem, dispensas: NENHUMA_DISPENSA });
    if (simulada.isFailure) throw simulada.error;
    expect(simulada.value.ocorrencias.map(({ estado }) => estado)).toEqual(['CONFLITO', 'LIVRE', 'LIVRE']);
    const recusada = await reservarSerie(espaco, 'TUDO_OU_NADA');
    expect(recusada.isFailure && recusada.error).toMatchObject({
      motivo: 'SERIE_COM_CONFLITOS',
      detalhes: { conflitos: ['2026-06-10'] },
    });
    const pulando = await reservarSerie(espaco, 'PULAR_CONFLITOS');
    if (pulando.isFailure) throw pulando.error;
    const { serie, reservas } = pulando.value;
    expect(serie.puladas.map(({ data, motivo }) => [data, motivo])).toEqual([
      ['2026-06-10', 'ESPACO_INDISPONIVEL'],
    ]);
    expect(reservas.map(({ serie: lugar }) => lugar?.numero)).toEqual([2, 3]);
    await fila.round();
    expect(await fila.status(espera)).toEqual(['OFERTADA']);
  });

  it('takes the date when it belongs to who waits for it', async () => {
    const { espaco, espera } = await vagaComFila();
    const feita = await reservarSerie(espaco, 'TUDO_OU_NADA', espera.clienteId);
    expect(feita.isSuccess && feita.value.reservas).toHaveLength(3);
  });
});
