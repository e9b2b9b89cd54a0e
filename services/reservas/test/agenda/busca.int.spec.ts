import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { toPageToken } from '@plataforma/domain/page-token';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import fc from 'fast-check';
import {
  BuscarEspacosHandler,
  type BuscarEspacosQuery,
} from '../../src/agenda/application/buscar-espacos.ts';
import { cabe } from '../../src/agenda/domain/vizinhanca.ts';
import { PostgresBuscaDeEspacos } from '../../src/agenda/infrastructure/busca-de-espacos.ts';
import { TIPOS_ESPACO } from '../../src/espacos/domain/dados-espaco.ts';
import { Espaco, type NovoEspaco } from '../../src/espacos/domain/espaco.ts';
import type { Fechamento } from '../../src/espacos/domain/fechamento.ts';
import { createUnitOfWork, type Transacao } from '../../src/persistence/unit-of-work.ts';
import { cobravel } from '../../src/precos/domain/valor-minimo.ts';
import type { Ocupacao } from '../../src/tempo/domain/periodo-reserva.ts';
import { between, NOW, newId, newReserva, storeEspaco } from '../reservas-fixture.ts';
import { startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;
let uow: UnitOfWork<Transacao>;

beforeAll(async () => {
  sut = await startReservas();
  uow = createUnitOfWork(sut.dataSource);
});

afterAll(() => sut.close());

beforeEach(() => sut.clock.set(NOW));

const MINUTO_MS = 60_000;
const reais = (valor: number) => Dinheiro.deCentavos(valor * 100);

/** A space with what is in its way, kept beside the database. */
interface Mundo {
  readonly espaco: Espaco;
  readonly ocupacoes: readonly Ocupacao[];
  readonly fechamentos: readonly Fechamento[];
}

async function guardarMundo(
  novo: Partial<NovoEspaco>,
  ocupados: ReadonlyArray<readonly [string, string]>,
  fechados: ReadonlyArray<readonly [string, string, boolean]>,
): Promise<Mundo> {
  const espaco = await storeEspaco(uow, novo);
  const ocupacoes: Ocupacao[] = [];
  for (const [inicio, fim] of ocupados) {
    const periodo = between(inicio, fim);
    const guardada = await uow.run(({ reservas }) => reservas.add(newReserva(espaco, periodo)));
    if (guardada.isSuccess) ocupacoes.push({ periodo, folgaMinutos: espaco.estado.folgaMinutos });
  }
  const fechamentos = fechados.map(([inicio, fim, anual]) => ({
    ...{ id: newId('fec'), espacoId: espaco.id, periodo: between(inicio, fim), anual },
    ...{ motivo: '', criadoEm: new Date(NOW) },
  }));
  for (const um of fechamentos) await uow.run((tx) => tx.fechamentos.add(um, 'cli_admin'));
  return { espaco, ocupacoes, fechamentos };
}

/** The rule, by looking at every space there is. */
function procurar(mundo: readonly Mundo[], { inicio, fim, tipo, capacidade }: BuscarEspacosQuery): string[] {
  const periodo = between(inicio.toISOString(), fim.toISOString());
  const agora = new Date(NOW);
  return mundo
    .filter(({ espaco: { estado } }) => estado.capacidade >= capacidade && (!tipo || estado.tipo === tipo))
    .filter(({ espaco, fechamentos }) => espaco.aceita(periodo, agora, fechamentos).isSuccess)
    .filter(({ espaco, ocupacoes }) => cabe(periodo, ocupacoes, espaco.estado.folgaMinutos, false))
    .map(({ espaco }) => ({ espaco, preco: espaco.precificar(periodo, [], agora) }))
    .filter(({ preco }) => cobravel(preco).isSuccess)
    .map(({ espaco: { id, estado }, preco }) => ({
      id,
      hora: estado.precoPorHora.centavos,
      valor: preco.valor.centavos,
    }))
    .sort((a, b) => Number(a.valor - b.valor) || Number(a.hora - b.hora) || (a.id < b.id ? -1 : 1))
    .map(({ id, valor }) => `${id} ${valor}`);
}

async function todasAsPaginas(busca: Omit<BuscarEspacosQuery, 'pageToken'>): Promise<string[]> {
  const handler = new BuscarEspacosHandler({
    espacos: new PostgresBuscaDeEspacos(sut.dataSource),
    clock: sut.clock,
  });
  const vistos: string[] = [];
  let pageToken = '';
  do {
    const lida = await handler.execute({ ...busca, pageToken });
    if (lida.isFailure) throw lida.error;
    expect(lida.value.itens.length).toBeLessThanOrEqual(busca.pageSize);
    vistos.push(...lida.value.itens.map(({ espaco, valor }) => `${espaco.id} ${valor.centavos}`));
    pageToken = toPageToken(lida.value.proxima);
  } while (pageToken !== '');
  return vistos;
}

describe('the search for free spaces', () => {
  const dia = (n: number) => `2026-06-${String(n).padStart(2, '0')}`;
  const hora = fc.integer({ min: 0, max: 23 }).map((h) => String(h).padStart(2, '0'));
  const trecho = fc
    .tuple(fc.integer({ min: 9, max: 15 }), hora, fc.integer({ min: 1, max: 30 }))
    .map(([n, h, meias]) => {
      const inicio = `${dia(n)}T${h}:00:00Z`;
      return [inicio, new Date(Date.parse(inicio) + meias * 30 * MINUTO_MS).toISOString()] as const;
    });
  const janela = fc.constantFrom(
    [],
    [1, 2, 3, 4, 5].map((diaSemana) => ({ diaSemana, abre: '08:00', fecha: '20:00' })),
    [1, 2, 3, 4, 5, 6, 7].map((diaSemana) => ({ diaSemana, abre: '18:00', fecha: '02:00' })),
  );
  const novo: fc.Arbitrary<Partial<NovoEspaco>> = fc.record({
    tipo: fc.constantFrom(...TIPOS_ESPACO),
    capacidade: fc.integer({ min: 1, max: 12 }),
    precoPorHora: fc
      .oneof(
        fc.constantFrom(0, 10, 20, 25, 100_00, 100_01, 9_000_000_00),
        fc.integer({ min: 1, max: 300_00 }),
      )
      .map((c) => Dinheiro.deCentavos(c)),
    taxaLimpeza: fc.constantFrom(0, 0, 1, 50_00).map((c) => Dinheiro.deCentavos(c)),
    folgaMinutos: fc.constantFrom(0, 15, 240),
    fusoHorario: fc.constantFrom('America/Sao_Paulo', 'UTC', 'Asia/Kathmandu'),
    multiplicadores: fc.record({
      picoCentesimos: fc.constantFrom(100, 150),
      fimDeSemanaCentesimos: fc.constantFrom(100, 120, 33),
      antecedenciaCentesimos: fc.constant(80),
    }),
    limites: fc.record({
      antecedenciaMinimaMinutos: fc.constantFrom(0, 120, 8 * 1440),
      antecedenciaMaximaDias: fc.constantFrom(9, 180),
      duracaoMinimaMinutos: fc.constantFrom(5, 60),
      duracaoMaximaMinutos: fc.constantFrom(120, 1440),
      gradeMinutos: fc.constantFrom(5, 15, 60),
    }),
    horarios: janela,
  });
  const mundoNovo = fc.tuple(
    novo,
    fc.array(trecho, { maxLength: 2 }),
    fc.array(
      fc.tuple(trecho, fc.boolean()).map(([[de, ate], anual]) => [de, ate, anual] as const),
      { maxLength: 1 },
    ),
  );
  const busca = fc
    .record({
      inicio: fc.tuple(fc.integer({ min: 8, max: 15 }), hora, fc.constantFrom('00', '15', '30', '05')),
      minutos: fc.constantFrom(5, 60, 90, 120, 600, 1440, 1441),
      capacidade: fc.constantFrom(0, 1, 6, 12),
      tipo: fc.constantFrom(undefined, ...TIPOS_ESPACO),
      pageSize: fc.constantFrom(1, 3, 20, 100),
    })
    .map(({ inicio: [n, h, m], minutos, ...resto }) => {
      const inicio = new Date(`${dia(n)}T${h}:${m}:00Z`);
      return { ...resto, inicio, fim: new Date(inicio.getTime() + minutos * MINUTO_MS) };
    });

  it('answers page by page what looking at every space answers, in the same order', async () => {
    const mundo: Mundo[] = [];
    for (const [dados, ocupados, fechados] of fc.sample(mundoNovo, { numRuns: 120, seed: 7 }))
      mundo.push(await guardarMundo(dados, ocupados, fechados));
    let achados = 0;
    await fc.assert(
      fc.asyncProperty(busca, async (pedido) => {
        const esperado = procurar(mundo, { ...pedido, pageToken: '' });
        achados += esperado.length;
        expect(await todasAsPaginas(pedido)).toEqual(esperado);
      }),
      { numRuns: 80 },
    );
    expect(achados).toBeGreaterThan(200);
  });

  /** A page token is of one caller. */
  const cliente = () => sut.as({ sub: 'cli_busca', papeis: ['CLIENTE'] });
  /** A week after everything else in this file. */
  const periodo = {
    dataInicio: timestampFromDate(new Date('2026-06-24T13:00:00Z')),
    dataFim: timestampFromDate(new Date('2026-06-24T15:00:00Z')),
  };

  it('prices the spaces of the page and no others', async () => {
    for (let n = 0; n < 60; n += 1)
      await storeEspaco(uow, { capacidade: 500, precoPorHora: reais(100 + n), tipo: 'AUDITORIO' });
    const precificar = jest.spyOn(Espaco.prototype, 'precificar');
    try {
      const { espacos, nextPageToken } = await sut.disponibilidade.buscarEspacosDisponiveis(
        { ...periodo, capacidade: 500, pageSize: 5 },
        await cliente(),
      );
      expect(espacos.map(({ valor }) => valor?.centavos)).toEqual([
        250_00n,
        252_00n,
        254_00n,
        256_00n,
        258_00n,
      ]);
      expect(precificar).toHaveBeenCalledTimes(5);
      await sut.disponibilidade.buscarEspacosDisponiveis(
        { ...periodo, capacidade: 500, pageSize: 5, pageToken: nextPageToken },
        await cliente(),
      );
      expect(precificar).toHaveBeenCalledTimes(10);
    } finally {
      precificar.mockRestore();
    }
  });

  it('reads nothing for a period that no space takes', async () => {
    const query = jest.spyOn(sut.dataSource, 'query');
    try {
      for (const [inicio, fim] of [
        ['2026-06-24T13:00:00Z', '3026-06-24T13:00:00Z'],
        ['2029-06-24T13:00:00Z', '2029-06-24T15:00:00Z'],
        ['2026-06-01T13:00:00Z', '2026-06-01T15:00:00Z'],
        ['2026-06-24T13:00:30Z', '2026-06-24T15:00:00Z'],
      ] as const) {
        const pedido = {
          dataInicio: timestampFromDate(new Date(inicio)),
          dataFim: timestampFromDate(new Date(fim)),
        };
        const { espacos } = await sut.disponibilidade.buscarEspacosDisponiveis(pedido, await cliente());
        expect(espacos).toEqual([]);
      }
      expect(query).not.toHaveBeenCalled();
    } finally {
      query.mockRestore();
    }
  });

  it('leaves out a space whose price no quote takes, and keeps a free one', async () => {
    const precos = { taxaLimpeza: Dinheiro.zero(), tipo: 'QUADRA', capacidade: 700 } as const;
    const gratuito = await storeEspaco(uow, { ...precos, precoPorHora: Dinheiro.zero() });
    const infimo = await storeEspaco(uow, { ...precos, precoPorHora: Dinheiro.deCentavos(10) });
    const barato = await storeEspaco(uow, { ...precos, precoPorHora: Dinheiro.deCentavos(24) });
    const minimo = await storeEspaco(uow, { ...precos, precoPorHora: Dinheiro.deCentavos(25) });
    const maximo = await storeEspaco(uow, { ...precos, precoPorHora: reais(499_999) });
    const caro = await storeEspaco(uow, { ...precos, precoPorHora: reais(500_000) });
    const { espacos } = await sut.disponibilidade.buscarEspacosDisponiveis(
      { ...periodo, capacidade: 700, tipo: TipoEspaco.QUADRA },
      await cliente(),
    );
    expect(espacos.map(({ espaco }) => espaco?.id)).toEqual([gratuito.id, minimo.id, maximo.id]);
    const livres = async ({ id }: Espaco) =>
      (await sut.disponibilidade.consultarDisponibilidade({ espacoId: id, ...periodo }, await cliente()))
        .livres;
    const intervalos = await Promise.all([gratuito, minimo, infimo].map(livres));
    expect(intervalos.map(({ length }) => length)).toEqual([1, 1, 0]);
    for (const { id } of [barato, caro]) {
      const { dataInicio, dataFim } = periodo;
      const cotada = sut.reservas.cotarReserva({ espacoId: id, dataInicio, dataFim }, await cliente());
      await expect(cotada).rejects.toThrow(/pode ser cobrado/);
    }
  });

  it('looks at a bounded number of spaces a page and goes on from there', async () => {
    await sut.dataSource.query(`
      insert into espacos
      select 'esp_noite' || n, nome, tipo, 9000, endereco, fuso_horario, moeda, preco_por_hora_centavos + n,
        taxa_limpeza_centavos, folga_minutos, antecedencia_minima_minutos, antecedencia_maxima_dias,
        duracao_minima_minutos, duracao_maxima_minutos, grade_minutos, pico_centesimos, fim_de_semana_centesimos,
        antecedencia_centesimos,
        case when n in (1500, 2300) then '[]' else '[{"diaSemana": 1, "abre": "03:00", "fecha": "04:00"}]'::jsonb end,
        extras, espera_pagamento_minutos, ativo, versao, criado_em, atualizado_em, carencia_cancelamento_minutos
      from (select * from espacos where capacidade = 500 limit 1) as modelo, generate_series(1, 2500) as n`);
    const pedido = { ...periodo, capacidade: 9000, pageSize: 2 };
    const paginas: string[][] = [];
    let pageToken = '';
    do {
      const { espacos, nextPageToken } = await sut.disponibilidade.buscarEspacosDisponiveis(
        { ...pedido, pageToken },
        await cliente(),
      );
      paginas.push(espacos.map(({ espaco }) => espaco?.id ?? ''));
      pageToken = nextPageToken;
    } while (pageToken !== '');
    expect(paginas.flat()).toEqual(['esp_noite1500', 'esp_noite2300']);
    expect(paginas.length).toBeGreaterThanOrEqual(3);
    expect(paginas.length).toBeLessThanOrEqual(4);
  });
});
