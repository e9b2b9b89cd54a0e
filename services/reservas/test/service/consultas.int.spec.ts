import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { ModoSerie } from '@plataforma/contratos/reservas/v1/serie_pb';
import { EscopoCancelamento } from '@plataforma/contratos/reservas/v1/series_service_pb';
import { Client } from 'pg';
import { tellConta } from '../contas-fixture.ts';
import { newId } from '../reservas-fixture.ts';
import { failure, startReservas } from '../reservas-under-test.ts';

/* What administrators are shown of other people is recorded before they see it. */

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut?.close());

beforeEach(() => sut.clock.advance(60_000));

type Chamada = Awaited<ReturnType<typeof sut.as>>;

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const ENDERECO = '198.51.100.7';

const admin = (headers: Record<string, string> = {}) =>
  sut.as(ADMIN, { 'x-forwarded-for': ENDERECO, ...headers });
const cliente = (sub: string) => sut.as({ sub, papeis: ['CLIENTE'] });

/** Who was told to have looked at whose data by which RPC, since the last time this was asked. */
let lidas = 0n;
async function consultas(): Promise<string[][]> {
  const rows: Array<{ posicao: string; payload: Record<string, string> }> = await sut.dataSource.query(
    `select posicao, payload from outbox where assunto = 'reservas.v1.DadosConsultados' and posicao > $1 order by posicao`,
    [lidas.toString()],
  );
  lidas = BigInt(rows.at(-1)?.posicao ?? lidas);
  return rows.map(({ payload }) => [
    payload.autorId ?? '',
    payload.usuarioId ?? 'TODOS',
    payload.rpc?.replace('reservas.v1.', '') ?? '',
  ]);
}

let dias = 0;
function periodo() {
  const inicio = Date.UTC(2026, 6, ++dias, 13);
  return {
    dataInicio: timestampFromDate(new Date(inicio)),
    dataFim: timestampFromDate(new Date(inicio + 3_600_000)),
  };
}

async function novoEspaco() {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const espaco = { nome: 'Sala', tipo: TipoEspaco.QUADRA, capacidade: 8, precoPorHora };
  return (await sut.espacos.criarEspaco(espaco, await sut.as(ADMIN))).id;
}

/** A reservation of somebody, of a space of its own. */
async function reservada() {
  const [espacoId, dono] = [await novoEspaco(), newId('cli')];
  await tellConta(sut.parts, dono);
  const quando = periodo();
  const { id, pagamentoId } = await sut.reservas.criarReserva({ espacoId, ...quando }, await cliente(dono));
  return { id, dono, espacoId, quando, pagamentoId };
}

const SERIE = { inicioLocal: '', duracaoMinutos: 60, rrule: 'FREQ=WEEKLY;COUNT=2' };
const daSerie = (espacoId: string) => {
  const data = new Date(Date.UTC(2026, 7, ++dias));
  return { ...SERIE, espacoId, inicioLocal: `${data.toISOString().slice(0, 10)}T10:00` };
};

describe('data of others', () => {
  type Coisa = Awaited<ReturnType<typeof reservada>>;
  const deReservas: ReadonlyArray<readonly [string, (coisa: Coisa, como: Chamada) => Promise<unknown>]> = [
    ['ObterReserva', ({ id }, como) => sut.reservas.obterReserva({ reservaId: id }, como)],
    ['SimularCancelamento', ({ id }, como) => sut.reservas.simularCancelamento({ reservaId: id }, como)],
    ['ObterSaga', ({ id }, como) => sut.reservas.obterSaga({ reservaId: id }, como)],
    ['ListarReservas', ({ dono }, como) => sut.reservas.listarReservas({ clienteId: dono }, como)],
    ['CancelarReserva', ({ id }, como) => sut.reservas.cancelarReserva({ reservaId: id, motivo: 'x' }, como)],
  ];

  it.each(deReservas)('are recorded when an administrator sees them by %s', async (rpc, ver) => {
    const coisa = await reservada();
    await consultas();
    await ver(coisa, await admin());
    expect(await consultas()).toEqual([[ADMIN.sub, coisa.dono, `ReservasService/${rpc}`]]);
  });

  it('are recorded in series', async () => {
    const [espacoId, dono] = [await novoEspaco(), newId('cli')];
    await tellConta(sut.parts, dono);
    const modo = ModoSerie.TUDO_OU_NADA;
    const { id } = await sut.series.criarSerie({ ...daSerie(espacoId), modo }, await cliente(dono));
    await consultas();
    const cancelamento = { serieId: id, escopo: EscopoCancelamento.TODAS };
    await sut.series.obterSerie({ serieId: id }, await admin());
    await sut.series.listarSeries({ clienteId: dono }, await admin());
    await sut.series.simularSerie({ ...daSerie(espacoId), clienteId: dono }, await admin());
    await sut.series.simularCancelamentoSerie(cancelamento, await admin());
    await sut.series.cancelarSerie({ ...cancelamento, motivo: 'x' }, await admin());
    const rpcs = ['ObterSerie', 'ListarSeries', 'SimularSerie', 'SimularCancelamentoSerie', 'CancelarSerie'];
    expect(await consultas()).toEqual(rpcs.map((rpc) => [ADMIN.sub, dono, `SeriesService/${rpc}`]));
  });

  it('are recorded in the waitlist', async () => {
    const { espacoId, quando } = await reservada();
    const dono = newId('cli');
    const { id } = await sut.filaEspera.entrarNaFila({ espacoId, ...quando }, await cliente(dono));
    await consultas();
    await sut.filaEspera.obterEntrada({ entradaId: id }, await admin());
    await sut.filaEspera.listarEntradas({ espacoId }, await admin());
    await sut.filaEspera.sairDaFila({ entradaId: id }, await admin());
    const rpcs = ['ObterEntrada', 'ListarEntradas', 'SairDaFila'];
    expect(await consultas()).toEqual(rpcs.map((rpc) => [ADMIN.sub, dono, `FilaEsperaService/${rpc}`]));
  });

  it('are recorded with from where, in which call and when', async () => {
    const { id } = await reservada();
    await sut.reservas.obterReserva({ reservaId: id }, await admin({ 'x-request-id': `pedido-${id}` }));
    const [{ payload }] = await sut.dataSource.query(
      `select payload from outbox where payload->>'requisicaoId' = $1`,
      [`pedido-${id}`],
    );
    expect(payload).toMatchObject({ enderecoIp: ENDERECO });
    expect(new Date(payload.ocorridoEm)).toEqual(sut.clock.now());
  });

  it('of several people at once are recorded as of all, and a page without anybody as of nobody', async () => {
    const [{ espacoId }] = [await reservada(), await reservada()];
    await consultas();
    await sut.reservas.listarReservas({ pageSize: 2 }, await admin());
    await sut.reservas.listarReservas({ espacoId: 'esp_ninguem' }, await admin());
    expect(await consultas()).toEqual([[ADMIN.sub, 'TODOS', 'ReservasService/ListarReservas']]);
    await sut.reservas.listarReservas({ espacoId }, await admin());
    expect(await consultas()).toHaveLength(1);
  });

  it('that are searched for by a name are recorded, also when there is nothing', async () => {
    const dono = newId('cli');
    await consultas();
    await sut.reservas.listarReservas({ clienteId: dono }, await admin());
    await sut.reservas.listarReservas({ clienteId: 'quem quer que seja' }, await admin());
    const rpc = 'ReservasService/ListarReservas';
    expect(await consultas()).toEqual([
      [ADMIN.sub, dono, rpc],
      [ADMIN.sub, 'TODOS', rpc],
    ]);
  });

  it('are recorded once a minute, however often they are looked at', async () => {
    const { id, dono } = await reservada();
    await consultas();
    const como = await admin();
    const olhar = () => sut.reservas.obterReserva({ reservaId: id }, como);
    for (let n = 0; n < 10; n += 1) await Promise.all(Array.from({ length: 10 }, olhar));
    sut.clock.advance(60_000);
    await olhar();
    const look = [ADMIN.sub, dono, 'ReservasService/ObterReserva'];
    expect(await consultas()).toEqual([look, look]);
  });

  it('are recorded when a change comes again under its key', async () => {
    const { id, dono } = await reservada();
    const como = await admin({ 'idempotency-key': newId('chave') });
    const cancelar = () => sut.reservas.cancelarReserva({ reservaId: id, motivo: 'x' }, como);
    await cancelar();
    sut.clock.advance(60_000);
    await consultas();
    await cancelar();
    expect(await consultas()).toEqual([[ADMIN.sub, dono, 'ReservasService/CancelarReserva']]);
  });

  it('are not shown where the look cannot be recorded', async () => {
    const { id, dono } = await reservada();
    await sut.dataSource.query(`
      create function recusar() returns trigger language plpgsql as 'begin raise exception ''recusado''; end';
      create trigger recusar before insert on outbox for each row execute function recusar()`);
    try {
      const como = await admin();
      expect(await failure(sut.reservas.obterReserva({ reservaId: id }, como))).toMatch(/^Internal /);
      expect(await failure(sut.reservas.listarReservas({ clienteId: dono }, como))).toMatch(/^Internal /);
      await sut.reservas.obterReserva({ reservaId: id }, await cliente(dono));
    } finally {
      await sut.dataSource.query('drop trigger recusar on outbox; drop function recusar()');
    }
  });
});

describe('nothing is recorded', () => {
  it('of what people see of themselves, administrators too', async () => {
    const { id, dono } = await reservada();
    const dela = await sut.reservas.criarReserva(
      { espacoId: await novoEspaco(), ...periodo() },
      await sut.as(ADMIN),
    );
    await consultas();
    await sut.reservas.obterReserva({ reservaId: id }, await cliente(dono));
    await sut.reservas.listarReservas({}, await cliente(dono));
    await sut.reservas.obterReserva({ reservaId: dela.id }, await admin());
    await sut.reservas.listarReservas({ clienteId: ADMIN.sub }, await admin());
    expect(await consultas()).toEqual([]);
  });

  it('of what a GESTOR sees of the customers of the space, and of what services are answered', async () => {
    const { id, espacoId, pagamentoId } = await reservada();
    const gestor = { sub: newId('cli'), papeis: ['CLIENTE', 'GESTOR'] };
    await sut.espacos.atribuirGestor({ espacoId, usuarioId: gestor.sub }, await sut.as(ADMIN));
    await consultas();
    await sut.reservas.obterReserva({ reservaId: id }, await sut.as(gestor));
    await sut.reservas.listarReservas({ espacoId }, await sut.as(gestor));
    const servico = await sut.as({ sub: 'pagamentos', tipo: 'servico', audience: 'reservas' });
    await sut.reservas.confirmarReserva({ reservaId: id, pagamentoId }, servico);
    expect(await consultas()).toEqual([]);
  });

  it('of a refusal, which shows nothing', async () => {
    await consultas();
    await failure(sut.reservas.obterReserva({ reservaId: 'res_nenhuma' }, await admin()));
    await failure(sut.reservas.obterSaga({ reservaId: 'res_nenhuma' }, await admin()));
    expect(await consultas()).toEqual([]);
  });

  it('and costs no statement for a customer, and one for an administrator', async () => {
    const { id, dono } = await reservada();
    const [doDono, doAdmin] = [await cliente(dono), await admin()];
    const ver = (como: Chamada) => sut.reservas.obterReserva({ reservaId: id }, como);
    const porDono = await statements(() => ver(doDono));
    const porAdmin = await statements(() => ver(doAdmin));
    expect(porDono.filter((text) => /outbox/.test(text))).toEqual([]);
    expect(porAdmin.filter((text) => /insert into outbox/.test(text))).toHaveLength(1);
    expect(porAdmin).toHaveLength(porDono.length + 1);
  });
});

/** The statements that are sent meanwhile. */
async function statements(work: () => Promise<unknown>): Promise<string[]> {
  const spy = jest.spyOn(Client.prototype, 'query');
  try {
    await work();
    return spy.mock.calls.map(([query]) =>
      typeof query === 'string' ? query : (query as { text: string }).text,
    );
  } finally {
    spy.mockRestore();
  }
}
