import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { NOW, newId } from '../reservas-fixture.ts';
import { failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut.close());

beforeEach(() => sut.clock.set(NOW));

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const em = (instante: string) => timestampFromDate(new Date(instante));
const cliente = () => sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });

async function novoEspaco(mudancas: object = {}): Promise<string> {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const espaco = { nome: 'Sala', tipo: TipoEspaco.SALA_REUNIAO, capacidade: 8, precoPorHora };
  return (await sut.espacos.criarEspaco({ ...espaco, ...mudancas }, await sut.as(ADMIN))).id;
}

async function reservar(espacoId: string, inicio: string, fim: string) {
  return sut.reservas.criarReserva({ espacoId, dataInicio: em(inicio), dataFim: em(fim) }, await cliente());
}

async function livres(espacoId: string, inicio = '2026-06-10T00:00:00Z', fim = '2026-06-11T00:00:00Z') {
  const pedido = { espacoId, dataInicio: em(inicio), dataFim: em(fim) };
  const resposta = await sut.disponibilidade.consultarDisponibilidade(pedido, await cliente());
  return resposta.livres.map((livre) =>
    [livre.dataInicio, livre.dataFim].map((t) => t && timestampDate(t).toISOString().slice(8, 16)).join('/'),
  );
}

describe('ConsultarDisponibilidade', () => {
  it('follows what is booked, closed and cancelled', async () => {
    const espacoId = await novoEspaco();
    const { id: reservaId } = await reservar(espacoId, '2026-06-10T13:00:00Z', '2026-06-10T15:00:00Z');
    const admin = await sut.as(ADMIN);
    const { id: fechamentoId } = await sut.espacos.criarFechamento(
      { espacoId, dataInicio: em('2026-06-10T20:00:00Z'), dataFim: em('2026-06-12T00:00:00Z') },
      admin,
    );
    expect(await livres(espacoId)).toEqual(['10T00:00/10T12:45', '10T15:15/10T20:00']);
    await sut.reservas.cancelarReserva({ reservaId }, admin);
    expect(await livres(espacoId)).toEqual(['10T00:00/10T20:00']);
    await sut.espacos.removerFechamento({ espacoId, fechamentoId }, admin);
    expect(await livres(espacoId)).toEqual(['10T00:00/11T00:00']);
    await sut.espacos.desativarEspaco({ espacoId }, admin);
    expect(await livres(espacoId)).toEqual([]);
  });

  it('is answered from the cache, which forgets a space when a slot changes hands', async () => {
    const espacoId = await novoEspaco();
    const acertos = async () => {
      const metric = await sut.metrics.registry.getSingleMetric('reservas_agenda_cache_total')?.get();
      return metric?.values.find(({ labels }) => labels.resultado === 'acerto')?.value ?? 0;
    };
    const antes = await acertos();
    await livres(espacoId);
    await livres(espacoId);
    expect((await acertos()) - antes).toBe(1);
    const { id: reservaId, pagamentoId } = await reservar(
      espacoId,
      '2026-06-10T13:00:00Z',
      '2026-06-10T15:00:00Z',
    );
    expect(await livres(espacoId)).toHaveLength(2);
    await sut.reservas.confirmarReserva({ reservaId, pagamentoId }, await sut.as(ADMIN));
    // The slot stays taken, so what was cached still holds.
    expect(await livres(espacoId)).toHaveLength(2);
    expect((await acertos()) - antes).toBe(2);
    await sut.reservas.cancelarReserva({ reservaId }, await sut.as(ADMIN));
    expect(await livres(espacoId)).toHaveLength(1);
    expect((await acertos()) - antes).toBe(2);
  });

  it('sees the buffer of a neighbour that is outside the period', async () => {
    const espacoId = await novoEspaco({ folgaMinutos: 240 });
    await reservar(espacoId, '2026-06-09T22:00:00Z', '2026-06-09T23:30:00Z');
    expect(await livres(espacoId)).toEqual(['10T03:30/11T00:00']);
  });

  it.each([
    ['32 days', '2026-06-10T00:00:00Z', '2026-07-12T00:00:00Z', 'InvalidArgument PERIODO_INVALIDO'],
    ['nothing', '2026-06-10T00:00:00Z', '2026-06-10T00:00:00Z', 'InvalidArgument PERIODO_INVALIDO'],
  ])('refuses %s', async (_, inicio, fim, esperado) => {
    const espacoId = await novoEspaco();
    expect(await failure(livres(espacoId, inicio, fim))).toBe(esperado);
  });

  it('answers 31 days, and nothing where nobody can book', async () => {
    const espacoId = await novoEspaco();
    expect(await livres(espacoId, '2026-06-10T00:00:00Z', '2026-07-11T00:00:00Z')).toEqual([
      '10T00:00/11T00:00',
    ]);
    expect(await livres(espacoId, '0001-01-01T00:00:00Z', '0001-01-02T00:00:00Z')).toEqual([]);
    expect(await livres(espacoId, '9999-12-30T00:00:00Z', '9999-12-31T00:00:00Z')).toEqual([]);
    expect(await failure(livres('esp_nenhum'))).toBe('NotFound ESPACO_NAO_ENCONTRADO');
  });
});

describe('BuscarEspacosDisponiveis', () => {
  /** A capacity that no other spec uses keeps the spaces of this one apart. */
  let capacidade = 1000;

  beforeEach(() => {
    capacidade += 1;
  });

  function espaco(centavos: number, mudancas: object = {}) {
    return novoEspaco({
      capacidade,
      precoPorHora: { centavos: BigInt(centavos), moeda: 'BRL' },
      ...mudancas,
    });
  }

  async function buscar(mudancas: object = {}) {
    const periodo = { dataInicio: em('2026-06-10T13:00:00Z'), dataFim: em('2026-06-10T15:00:00Z') };
    const pedido = { ...periodo, capacidade, ...mudancas };
    const { espacos, nextPageToken } = await sut.disponibilidade.buscarEspacosDisponiveis(
      pedido,
      await sut.as({ sub: 'cli_busca', papeis: ['CLIENTE'] }),
    );
    const deAgora = espacos.filter((livre) => livre.espaco?.capacidade === capacidade);
    return { ids: deAgora.map((livre) => livre.espaco?.id), espacos: deAgora, nextPageToken };
  }

  it('finds the free spaces, cheapest first, with the price of the period', async () => {
    const [caro, barato] = [await espaco(300_00), await espaco(100_00, { taxaLimpeza: undefined })];
    const { ids, espacos } = await buscar();
    expect(ids).toEqual([barato, caro]);
    expect(espacos.map(({ valor }) => valor?.centavos)).toEqual([250_00n, 650_00n]);
  });

  it('leaves out what is taken, near a neighbour, closed, out of hours, inactive or of another kind', async () => {
    const livre = await espaco(100_00);
    const vizinho = await espaco(100_00);
    await reservar(vizinho, '2026-06-10T15:15:00Z', '2026-06-10T16:15:00Z');
    const tomado = await espaco(100_00);
    await reservar(tomado, '2026-06-10T14:00:00Z', '2026-06-10T16:00:00Z');
    const perto = await espaco(100_00);
    await reservar(perto, '2026-06-10T15:00:00Z', '2026-06-10T16:00:00Z');
    const fechado = await espaco(100_00);
    const anual = await espaco(100_00);
    const admin = await sut.as(ADMIN);
    for (const [espacoId, ano, repete] of [
      [fechado, 2026, false],
      [anual, 2024, true],
    ] as const) {
      const periodo = { dataInicio: em(`${ano}-06-10T14:30:00Z`), dataFim: em(`${ano}-06-10T20:00:00Z`) };
      await sut.espacos.criarFechamento({ espacoId, ...periodo, anual: repete }, admin);
    }
    await espaco(100_00, { horarios: [{ diaSemana: 3, abre: '11:00', fecha: '18:00' }] });
    const inativo = await espaco(100_00);
    await sut.espacos.desativarEspaco({ espacoId: inativo }, admin);
    const quadra = await espaco(100_00, { tipo: TipoEspaco.QUADRA });
    const curto = { ...LIMITES, duracaoMaximaMinutos: 60 };
    await espaco(100_00, { limites: curto });
    expect((await buscar({ tipo: TipoEspaco.SALA_REUNIAO })).ids).toEqual([livre, vizinho].sort());
    expect((await buscar()).ids).toEqual([livre, vizinho, quadra].sort());
  });

  it('gives pages that neither repeat nor lose a space, also when prices are equal', async () => {
    const feitos: string[] = [];
    for (const centavos of [200_00, 100_00, 100_00, 100_00, 300_00]) feitos.push(await espaco(centavos));
    const vistos: unknown[] = [];
    let pageToken = '';
    do {
      const pagina = await buscar({ pageSize: 2, pageToken });
      vistos.push(...pagina.ids);
      pageToken = pagina.nextPageToken;
    } while (pageToken !== '');
    expect(vistos).toHaveLength(5);
    expect(new Set(vistos)).toEqual(new Set(feitos));
    const { nextPageToken } = await buscar({ pageSize: 1 });
    const outraBusca = buscar({ pageToken: nextPageToken, tipo: TipoEspaco.QUADRA });
    expect(await failure(outraBusca)).toBe('InvalidArgument PAGINA_INVALIDA');
  });

  it('refuses a period that is none', async () => {
    expect(await failure(buscar({ dataFim: em('2026-06-10T13:00:00Z') }))).toBe(
      'InvalidArgument PERIODO_INVALIDO',
    );
    expect((await buscar({ dataInicio: em('0001-01-01T00:00:00Z') })).ids).toEqual([]);
    expect((await buscar({ dataFim: em('9999-12-31T23:59:59Z') })).ids).toEqual([]);
  });
});

const LIMITES = {
  antecedenciaMinimaMinutos: 120,
  antecedenciaMaximaDias: 180,
  duracaoMinimaMinutos: 60,
  duracaoMaximaMinutos: 1440,
  gradeMinutos: 15,
};
