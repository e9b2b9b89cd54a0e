import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { walkPageTokens } from '@plataforma/testing/page-token-walk';
import { failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut?.close());

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const em = (dia: number, hora: number) => timestampFromDate(new Date(Date.UTC(2026, 5, dia, hora)));
const texto = (dia: number, hora: number) => new Date(Date.UTC(2026, 5, dia, hora)).toISOString();

async function espaco(nome: string): Promise<string> {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const dados = { nome, tipo: TipoEspaco.SALA_REUNIAO, capacidade: 8, precoPorHora };
  return (await sut.espacos.criarEspaco(dados, await sut.as(ADMIN))).id;
}

/** Two rows in every list of one space. */
async function semear(): Promise<string> {
  const espacoId = await espaco('Sala Ipê');
  await espaco('Sala Jatobá');
  const admin = await sut.as(ADMIN);
  const ana = await sut.as({ sub: 'cli_ana', papeis: ['CLIENTE'] });
  for (const dia of [10, 11]) {
    const periodo = { espacoId, dataInicio: em(dia, 13), dataFim: em(dia, 15) };
    await sut.reservas.criarReserva(periodo, ana);
    await sut.filaEspera.entrarNaFila(periodo, await sut.as({ sub: `cli_${dia}`, papeis: ['CLIENTE'] }));
    await sut.espacos.criarFechamento(
      { espacoId, dataInicio: em(dia + 10, 13), dataFim: em(dia + 10, 15) },
      admin,
    );
    await sut.espacos.atribuirGestor({ espacoId, usuarioId: `cli_gestor_${dia}` }, admin);
    const plano = {
      inicioLocal: `2026-06-${dia + 6}T10:00`,
      duracaoMinutos: 120,
      rrule: 'FREQ=WEEKLY;COUNT=1',
    };
    await sut.series.criarSerie({ espacoId, ...plano }, admin);
  }
  return espacoId;
}

describe('the lists of reservas', () => {
  it('take only the page tokens that they gave, for the same filters and caller', async () => {
    const espacoId = await semear();
    const autorizacao = async (sub: string) =>
      (await sut.as({ sub, papeis: ['ADMIN'] })).headers.authorization ?? '';
    const quem = { caller: await autorizacao('cli_admin'), other: await autorizacao('cli_admin_2') };
    const doEspaco = { ...quem, request: { espacoId }, otherwise: { espacoId: 'esp_outro' } };
    const periodo = { dataInicio: texto(12, 13), dataFim: texto(12, 15) };
    const failures = await walkPageTokens({
      grpcPort: sut.grpcPort,
      httpPort: sut.httpPort,
      services: sut.parts.services,
      calls: {
        ListarEspacos: { ...quem, request: {}, otherwise: { capacidadeMinima: 2 } },
        ListarFechamentos: doEspaco,
        ListarGestores: doEspaco,
        ListarReservas: { ...doEspaco, otherwise: { espacoId, clienteId: 'cli_ana' } },
        ListarSeries: doEspaco,
        ListarEntradas: { ...doEspaco, otherwise: { espacoId, status: 'STATUS_ENTRADA_FILA_AGUARDANDO' } },
        BuscarEspacosDisponiveis: { ...quem, request: periodo, otherwise: { ...periodo, capacidade: 2 } },
      },
    });
    expect(failures).toEqual([]);
  });

  it('can be read on after a name of the longest kind', async () => {
    const longo = '🏛️'.repeat(60).slice(0, 120);
    await espaco(longo);
    await espaco(`${longo.slice(0, 118)}🏟`);
    const admin = await sut.as(ADMIN);
    const nomes: string[] = [];
    let pageToken = '';
    do {
      const pagina = await sut.espacos.listarEspacos({ pageSize: 1, pageToken }, admin);
      nomes.push(...pagina.espacos.map(({ nome }) => nome));
      pageToken = pagina.nextPageToken;
    } while (pageToken !== '');
    expect(nomes).toHaveLength(4);
  });
});

describe('ListarReservas', () => {
  it.each([
    ['inverted', 12, 11],
    ['empty', 12, 12],
  ])('refuses a period that is %s', async (_, inicio, fim) => {
    const periodo = { dataInicio: em(inicio, 13), dataFim: em(fim, 13) };
    expect(await failure(sut.reservas.listarReservas(periodo, await sut.as(ADMIN)))).toBe(
      'InvalidArgument PERIODO_INVALIDO',
    );
  });
});
