import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { PapelNaMudanca, StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { ExcecaoCancelamento } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { EscopoCancelamento } from '@plataforma/contratos/reservas/v1/series_service_pb';
import { tellConta } from '../contas-fixture.ts';
import { newId } from '../reservas-fixture.ts';
import { failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut?.close());

type Chamada = Awaited<ReturnType<typeof sut.as>>;
type Pessoa = { sub: string; papeis: string[] };

const ADMIN: Pessoa = { sub: 'cli_admin', papeis: ['ADMIN'] };
const cliente = (): Pessoa => ({ sub: newId('cli'), papeis: ['CLIENTE'] });
const gestor = (): Pessoa => ({ sub: newId('cli'), papeis: ['CLIENTE', 'GESTOR'] });
const em = (instante: string) => timestampFromDate(new Date(instante));

/** Somebody of whom auth has told. */
async function comConta(): Promise<string> {
  const id = newId('cli');
  await tellConta(sut.parts, id);
  return id;
}

let hora = 0;

/** An hour of June that nobody has asked for yet. */
function periodo() {
  hora += 1;
  const dia = String(5 + Math.floor(hora / 12)).padStart(2, '0');
  const inicio = new Date(`2026-06-${dia}T${String(8 + (hora % 12)).padStart(2, '0')}:00:00Z`);
  return { inicio, fim: new Date(inicio.getTime() + 3_600_000) };
}

async function novoEspaco() {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const espaco = { nome: 'Sala', tipo: TipoEspaco.QUADRA, capacidade: 8, precoPorHora };
  return (await sut.espacos.criarEspaco(espaco, await sut.as(ADMIN))).id;
}

async function reservar(espacoId: string, quem: Pessoa = cliente()) {
  const { inicio, fim } = periodo();
  const pedido = { espacoId, dataInicio: timestampFromDate(inicio), dataFim: timestampFromDate(fim) };
  const { id, pagamentoId, valor } = await sut.reservas.criarReserva(pedido, await sut.as(quem));
  return { id, pagamentoId: pagamentoId || `pag_${id}`, centavos: valor?.centavos ?? 0n };
}

async function atribuir(espacoId: string, { sub }: Pessoa) {
  return sut.espacos.atribuirGestor({ espacoId, usuarioId: sub }, await sut.as(ADMIN));
}

/** A space that the person runs. */
async function espacoDe(pessoa: Pessoa) {
  const espacoId = await novoEspaco();
  await atribuir(espacoId, pessoa);
  return espacoId;
}

const OK = 'ok';
const NEGADO = 'PermissionDenied ACESSO_NEGADO';
const NAO_EXISTE = 'NotFound RESERVA_NAO_ENCONTRADA';
const SEM_SERIE = 'NotFound SERIE_NAO_ENCONTRADA';
const SEM_ENTRADA = 'NotFound ENTRADA_NAO_ENCONTRADA';
const NENHUMA = 'none to be seen';

/** Two Wednesdays of August. */
function quartas(espacoId: string) {
  return { espacoId, inicioLocal: '2026-08-05T10:00', duracaoMinutos: 60, rrule: 'FREQ=WEEKLY;COUNT=2' };
}

/** All of a series that the customer has booked. */
async function serieDe(espacoId: string, dono: Pessoa) {
  const { id: serieId } = await sut.series.criarSerie(quartas(espacoId), await sut.as(dono));
  return { serieId, escopo: EscopoCancelamento.TODAS };
}

/** An hour that somebody has. */
async function tomado(espacoId: string) {
  const { inicio, fim } = periodo();
  const dias = { dataInicio: timestampFromDate(inicio), dataFim: timestampFromDate(fim) };
  await sut.reservas.criarReserva({ espacoId, ...dias }, await sut.as(cliente()));
  return dias;
}

/** What may be done to a space and to somebody's reservation there. */
const ACOES: Record<string, (espacoId: string, como: Chamada) => Promise<unknown>> = {
  AtualizarEspaco: (espacoId, como) => sut.espacos.atualizarEspaco({ espacoId, capacidade: 9 }, como),
  'AtualizarEspaco ativo': (espacoId, como) => sut.espacos.atualizarEspaco({ espacoId, ativo: true }, como),
  'AtualizarEspaco bonus': (espacoId, como) => {
    const bonusMensal = { centavos: 0n, moeda: 'BRL' };
    return sut.espacos.atualizarEspaco({ espacoId, bonusMensal }, como);
  },
  'AtualizarEspaco bonus de novo': (espacoId, como) =>
    sut.espacos.atualizarEspaco({ espacoId, updateMask: { paths: ['bonus_mensal'] } }, como),
  DesativarEspaco: (espacoId, como) => sut.espacos.desativarEspaco({ espacoId }, como),
  CriarFechamento: (espacoId, como) => {
    const dia = { dataInicio: em('2026-08-01T00:00:00Z'), dataFim: em('2026-08-02T00:00:00Z') };
    return sut.espacos.criarFechamento({ espacoId, ...dia }, como);
  },
  RemoverFechamento: async (espacoId, como) => {
    const dia = { dataInicio: em('2026-08-03T00:00:00Z'), dataFim: em('2026-08-04T00:00:00Z') };
    const { id } = await sut.espacos.criarFechamento({ espacoId, ...dia }, await sut.as(ADMIN));
    return sut.espacos.removerFechamento({ espacoId, fechamentoId: id }, como);
  },
  AtribuirGestor: (espacoId, como) => sut.espacos.atribuirGestor({ espacoId, usuarioId: newId('cli') }, como),
  RemoverGestor: (espacoId, como) => sut.espacos.removerGestor({ espacoId, usuarioId: newId('cli') }, como),
  ListarGestores: (espacoId, como) => sut.espacos.listarGestores({ espacoId }, como),
  'CriarCalendario of the space': (espacoId, como) => sut.calendarios.criarCalendario({ espacoId }, como),
  ObterReserva: async (espacoId, como) => {
    const { id } = await reservar(espacoId);
    return sut.reservas.obterReserva({ reservaId: id, incluirHistorico: true }, como);
  },
  SimularCancelamento: async (espacoId, como) => {
    const { id } = await reservar(espacoId);
    const excepcional = ExcecaoCancelamento.FORCA_MAIOR;
    return sut.reservas.simularCancelamento({ reservaId: id, excepcional }, como);
  },
  CancelarReserva: async (espacoId, como) => {
    const { id } = await reservar(espacoId);
    return sut.reservas.cancelarReserva({ reservaId: id }, como);
  },
  'CriarReserva for a customer': async (espacoId, como) => {
    const { inicio, fim } = periodo();
    const dias = { dataInicio: timestampFromDate(inicio), dataFim: timestampFromDate(fim) };
    return sut.reservas.criarReserva({ espacoId, ...dias, clienteId: await comConta() }, como);
  },
  'CriarReserva with exceptions': (espacoId, como) => {
    const { inicio, fim } = periodo();
    const dias = { dataInicio: timestampFromDate(inicio), dataFim: timestampFromDate(fim) };
    return sut.reservas.criarReserva({ espacoId, ...dias, dispensas: { limite: true, motivo: 'x' } }, como);
  },
  'CriarSerie for a customer': async (espacoId, como) =>
    sut.series.criarSerie({ ...quartas(espacoId), clienteId: await comConta() }, como),
  'CriarSerie with exceptions': (espacoId, como) => {
    const dispensas = { limite: true, motivo: 'x' };
    return sut.series.criarSerie({ ...quartas(espacoId), dispensas }, como);
  },
  'SimularSerie for a customer': async (espacoId, como) =>
    sut.series.simularSerie({ ...quartas(espacoId), clienteId: await comConta() }, como),
  'SimularSerie with exceptions': (espacoId, como) => {
    const dispensas = { limite: true, motivo: 'x' };
    return sut.series.simularSerie({ ...quartas(espacoId), dispensas }, como);
  },
  'SimularCancelamentoSerie of a customer': async (espacoId, como) =>
    sut.series.simularCancelamentoSerie(await serieDe(espacoId, cliente()), como),
  'CancelarSerie of a customer': async (espacoId, como) =>
    sut.series.cancelarSerie(await serieDe(espacoId, cliente()), como),
  'ListarSeries of the space': async (espacoId, como) => {
    await serieDe(espacoId, cliente());
    const { series } = await sut.series.listarSeries({ espacoId }, como);
    if (series.length === 0) throw new Error('none to be seen');
  },
  'SairDaFila for a customer': async (espacoId, como) => {
    const dias = await tomado(espacoId);
    const { id } = await sut.filaEspera.entrarNaFila({ espacoId, ...dias }, await sut.as(cliente()));
    return sut.filaEspera.sairDaFila({ entradaId: id }, como);
  },
  ConfirmarReserva: async (espacoId, como) => {
    const { id, pagamentoId } = await reservar(espacoId);
    return sut.reservas.confirmarReserva({ reservaId: id, pagamentoId }, como);
  },
};

/** Columns: the GESTOR of the space, a GESTOR of another one, a customer to whom it was assigned, ADMIN. */
const MATRIZ: [acao: string, doEspaco: string, deOutro: string, semPapel: string, admin: string][] = [
  ['AtualizarEspaco', OK, NEGADO, NEGADO, OK],
  ['AtualizarEspaco ativo', NEGADO, NEGADO, NEGADO, OK],
  ['AtualizarEspaco bonus', NEGADO, NEGADO, NEGADO, OK],
  ['AtualizarEspaco bonus de novo', NEGADO, NEGADO, NEGADO, OK],
  ['DesativarEspaco', NEGADO, NEGADO, NEGADO, OK],
  ['CriarFechamento', OK, NEGADO, NEGADO, OK],
  ['RemoverFechamento', OK, NEGADO, NEGADO, OK],
  ['AtribuirGestor', NEGADO, NEGADO, NEGADO, OK],
  ['RemoverGestor', NEGADO, NEGADO, NEGADO, OK],
  ['ListarGestores', NEGADO, NEGADO, NEGADO, OK],
  ['CriarCalendario of the space', OK, NEGADO, NEGADO, OK],
  ['ObterReserva', OK, NAO_EXISTE, NAO_EXISTE, OK],
  ['SimularCancelamento', OK, NAO_EXISTE, NAO_EXISTE, OK],
  ['CancelarReserva', OK, NAO_EXISTE, NAO_EXISTE, OK],
  ['CriarReserva for a customer', OK, NEGADO, NEGADO, OK],
  ['CriarReserva with exceptions', OK, NEGADO, NEGADO, OK],
  ['CriarSerie for a customer', NEGADO, NEGADO, NEGADO, OK],
  ['CriarSerie with exceptions', NEGADO, NEGADO, NEGADO, OK],
  ['SimularSerie for a customer', NEGADO, NEGADO, NEGADO, OK],
  ['SimularSerie with exceptions', NEGADO, NEGADO, NEGADO, OK],
  ['SimularCancelamentoSerie of a customer', SEM_SERIE, SEM_SERIE, SEM_SERIE, OK],
  ['CancelarSerie of a customer', SEM_SERIE, SEM_SERIE, SEM_SERIE, OK],
  ['ListarSeries of the space', NENHUMA, NENHUMA, NENHUMA, OK],
  ['SairDaFila for a customer', SEM_ENTRADA, SEM_ENTRADA, SEM_ENTRADA, OK],
  ['ConfirmarReserva', NEGADO, NEGADO, NEGADO, OK],
];

describe('who runs a space', () => {
  it('has every action in the table', () => {
    expect(MATRIZ.map(([acao]) => acao)).toEqual(Object.keys(ACOES));
  });

  it.each(MATRIZ)(
    '%s answers GESTOR %s, another GESTOR %s, a mere customer %s, ADMIN %s',
    async (acao, ...esperado) => {
      const [doEspaco, deOutro, semPapel] = [gestor(), gestor(), cliente()];
      await atribuir(await novoEspaco(), deOutro);
      const resultados: string[] = [];
      for (const pessoa of [doEspaco, deOutro, semPapel, ADMIN]) {
        const espacoId = pessoa === deOutro ? await novoEspaco() : await espacoDe(pessoa);
        const chamada = ACOES[acao]?.(espacoId, await sut.as(pessoa)) ?? Promise.reject(new Error(acao));
        resultados.push(
          await chamada.then(
            () => OK,
            (erro: Error) => (erro.message === NENHUMA ? NENHUMA : failure(chamada)),
          ),
        );
      }
      expect(resultados).toEqual(esperado);
    },
  );
});

describe('the reservations of a space', () => {
  it('are listed for its GESTOR by space, and nothing else is', async () => {
    const pessoa = gestor();
    const [meu, alheio] = [await espacoDe(pessoa), await novoEspaco()];
    const outraPessoa = cliente();
    const noMeu = await reservar(meu, outraPessoa);
    await reservar(alheio, outraPessoa);
    const propria = await reservar(alheio, pessoa);
    const listar = async (filtro: object) => {
      const { reservas } = await sut.reservas.listarReservas(filtro, await sut.as(pessoa));
      return reservas.map(({ id }) => id);
    };
    expect(await listar({ espacoId: meu })).toEqual([noMeu.id]);
    expect(await listar({ espacoId: meu, clienteId: outraPessoa.sub })).toEqual([noMeu.id]);
    expect(await listar({ espacoId: meu, clienteId: pessoa.sub })).toEqual([]);
    expect(await listar({ espacoId: alheio })).toEqual([propria.id]);
    expect(await listar({})).toEqual([propria.id]);
    expect(await listar({ clienteId: outraPessoa.sub })).toEqual([propria.id]);
  });

  it('are cancelled by its GESTOR under the rules for ADMIN, and the history names who it was', async () => {
    const pessoa = gestor();
    const espacoId = await espacoDe(pessoa);
    const bonusMensal = { centavos: 100_00n, moeda: 'BRL' };
    await sut.espacos.atualizarEspaco({ espacoId, bonusMensal }, await sut.as(ADMIN));
    const dono = cliente();
    const { id: reservaId, pagamentoId, centavos } = await reservar(espacoId, dono);
    await sut.reservas.confirmarReserva({ reservaId, pagamentoId }, await sut.as(ADMIN));
    const [{ data_inicio }] = await sut.dataSource.query('select data_inicio from reservas where id = $1', [
      reservaId,
    ]);
    const agora = sut.clock.now().toISOString();
    sut.clock.set(new Date(data_inicio.getTime() + 60_000).toISOString());
    const como = await sut.as(pessoa);
    const excepcional = ExcecaoCancelamento.PROBLEMA_NO_ESPACO;
    expect(await failure(sut.reservas.cancelarReserva({ reservaId, excepcional }, await sut.as(dono)))).toBe(
      NEGADO,
    );
    expect(await failure(sut.reservas.cancelarReserva({ reservaId, excepcional }, como))).toBe(
      'InvalidArgument MOTIVO_OBRIGATORIO',
    );
    const motivo = 'goteira';
    const cancelada = await sut.reservas.cancelarReserva({ reservaId, excepcional, motivo }, como);
    sut.clock.set(agora);
    expect([cancelada.status, cancelada.reembolso?.centavos, cancelada.creditoBonus?.centavos]).toEqual([
      StatusReserva.CANCELADA,
      centavos,
      centavos / 10n,
    ]);
    const { historico } = await sut.reservas.obterReserva({ reservaId, incluirHistorico: true }, como);
    expect(historico.at(-1)).toMatchObject({ papel: PapelNaMudanca.GESTOR, quem: pessoa.sub });
    const paraODono = async () => {
      const pergunta = { reservaId, incluirHistorico: true };
      return (await sut.reservas.obterReserva(pergunta, await sut.as(dono))).historico;
    };
    const visto = { papel: PapelNaMudanca.GESTOR, quem: '', porque: '' };
    expect((await paraODono()).at(-1)).toMatchObject(visto);
    expect((await paraODono())[0]).toMatchObject({ papel: PapelNaMudanca.CLIENTE, quem: dono.sub });
    await sut.espacos.removerGestor({ espacoId, usuarioId: pessoa.sub }, await sut.as(ADMIN));
    expect((await paraODono()).at(-1)).toMatchObject(visto);
  });
});

describe('a series of the GESTOR themself', () => {
  it('is cancelled as that of any customer, without an exception', async () => {
    const pessoa = gestor();
    const todas = await serieDe(await espacoDe(pessoa), pessoa);
    const excepcional = ExcecaoCancelamento.FORCA_MAIOR;
    const como = await sut.as(pessoa);
    expect(await failure(sut.series.simularCancelamentoSerie({ ...todas, excepcional }, como))).toBe(NEGADO);
    expect(await failure(sut.series.cancelarSerie({ ...todas, excepcional }, como))).toBe(NEGADO);
    const { ocorrencias } = await sut.series.cancelarSerie(todas, como);
    expect(ocorrencias.map(({ permitido }) => permitido)).toEqual([true, true]);
  });
});

describe('an assignment', () => {
  it('stays as it was made when it is made again, and says who made it', async () => {
    const espacoId = await novoEspaco();
    const [a, b] = [gestor(), gestor()];
    const primeira = await atribuir(espacoId, a);
    expect(primeira).toMatchObject({ espacoId, usuarioId: a.sub, atribuidoPor: ADMIN.sub });
    const outroAdmin = await sut.as({ sub: 'cli_outro', papeis: ['ADMIN'] });
    const segunda = await sut.espacos.atribuirGestor({ espacoId, usuarioId: a.sub }, outroAdmin);
    expect(segunda).toEqual(primeira);
    await atribuir(espacoId, b);
    const ids: string[] = [];
    let pageToken = '';
    do {
      const pagina = await sut.espacos.listarGestores({ espacoId, pageSize: 1, pageToken }, outroAdmin);
      ids.push(...pagina.gestores.map(({ usuarioId }) => usuarioId));
      pageToken = pagina.nextPageToken;
    } while (pageToken !== '');
    expect(ids).toEqual([a.sub, b.sub].sort());
  });

  it('ends at once, with the feeds of the space', async () => {
    const pessoa = gestor();
    const espacoId = await espacoDe(pessoa);
    const como = await sut.as(pessoa);
    await sut.calendarios.criarCalendario({ espacoId }, como);
    const { id: proprio } = await sut.calendarios.criarCalendario({}, como);
    await sut.espacos.removerGestor({ espacoId, usuarioId: pessoa.sub }, await sut.as(ADMIN));
    await sut.espacos.removerGestor({ espacoId, usuarioId: pessoa.sub }, await sut.as(ADMIN));
    expect(await failure(sut.espacos.atualizarEspaco({ espacoId, capacidade: 2 }, como))).toBe(NEGADO);
    const { calendarios } = await sut.calendarios.listarCalendarios({}, como);
    expect(calendarios.map(({ id }) => id)).toEqual([proprio]);
  });

  it('is refused for a space that does not exist', async () => {
    const chamada = atribuir('esp_nenhum', gestor());
    expect(await failure(chamada)).toBe('NotFound ESPACO_NAO_ENCONTRADO');
  });
});
