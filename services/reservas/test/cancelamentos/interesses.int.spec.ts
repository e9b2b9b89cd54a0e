import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { ExcecaoCancelamento } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { EscopoCancelamento } from '@plataforma/contratos/reservas/v1/series_service_pb';
import { tellConta } from '../contas-fixture.ts';
import { NOW, newId } from '../reservas-fixture.ts';
import { details, failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut?.close());

beforeEach(() => sut.clock.set(NOW));

type Pessoa = { sub: string; papeis: string[] };

const ADMIN: Pessoa = { sub: 'cli_admin', papeis: ['ADMIN'] };
const gestor = (): Pessoa => ({ sub: newId('cli'), papeis: ['CLIENTE', 'GESTOR'] });
const cliente = (): Pessoa => ({ sub: newId('cli'), papeis: ['CLIENTE'] });

const { FORCA_MAIOR, PROBLEMA_NO_ESPACO } = ExcecaoCancelamento;
const CONFLITO = 'FailedPrecondition CONFLITO_DE_INTERESSES';

async function novoEspaco(): Promise<string> {
  const reais = (valor: bigint) => ({ centavos: valor * 100n, moeda: 'BRL' });
  const espaco = { nome: 'Quadra', tipo: TipoEspaco.QUADRA, capacidade: 8 };
  const precos = { precoPorHora: reais(100n), taxaLimpeza: reais(50n) };
  return (await sut.espacos.criarEspaco({ ...espaco, ...precos }, await sut.as(ADMIN))).id;
}

async function atribuir(espacoId: string, { sub: usuarioId }: Pessoa) {
  await sut.espacos.atribuirGestor({ espacoId, usuarioId }, await sut.as(ADMIN));
}

async function remover(espacoId: string, { sub: usuarioId }: Pessoa) {
  await sut.espacos.removerGestor({ espacoId, usuarioId }, await sut.as(ADMIN));
}

let hora = 0;

/** An hour of a working day, R$ 150, paid. */
async function paga(espacoId: string, quem: Pessoa): Promise<string> {
  hora += 1;
  const dia = ['08', '09', '10', '11'][hora % 4];
  const inicio = new Date(
    `2026-06-${dia}T${String(8 + (Math.floor(hora / 4) % 10)).padStart(2, '0')}:00:00Z`,
  );
  const dias = {
    dataInicio: timestampFromDate(inicio),
    dataFim: timestampFromDate(new Date(+inicio + 3_600_000)),
  };
  const { id, pagamentoId } = await sut.reservas.criarReserva({ espacoId, ...dias }, await sut.as(quem));
  await sut.reservas.confirmarReserva({ reservaId: id, pagamentoId }, await sut.as(ADMIN));
  return id;
}

async function cancelar(
  reservaId: string,
  quem: Pessoa,
  excepcional: ExcecaoCancelamento = PROBLEMA_NO_ESPACO,
) {
  return sut.reservas.cancelarReserva({ reservaId, excepcional, motivo: 'goteira' }, await sut.as(quem));
}

async function previa(
  reservaId: string,
  quem: Pessoa,
  excepcional: ExcecaoCancelamento = PROBLEMA_NO_ESPACO,
) {
  return sut.reservas.simularCancelamento({ reservaId, excepcional }, await sut.as(quem));
}

/** Neither the preview nor the cancellation gives the exception, and the ordinary policy stays. */
async function recusada(reservaId: string, quem: Pessoa) {
  for (const excecao of [FORCA_MAIOR, PROBLEMA_NO_ESPACO]) {
    const simulada = await previa(reservaId, quem, excecao);
    expect([simulada.permitido, simulada.reembolso?.centavos, simulada.creditoBonus?.centavos]).toEqual([
      false,
      0n,
      0n,
    ]);
    expect(simulada.explicacao).toContain('própria reserva');
    expect(await failure(cancelar(reservaId, quem, excecao))).toBe(CONFLITO);
  }
}

describe('an exception', () => {
  it('is not for a GESTOR who books at their own space, whoever grants it', async () => {
    const [dono, colega] = [gestor(), gestor()];
    const espacoId = await novoEspaco();
    await atribuir(espacoId, dono);
    await atribuir(espacoId, colega);
    const reservaId = await paga(espacoId, dono);
    for (const quem of [dono, colega, ADMIN]) await recusada(reservaId, quem);
    const normal = await sut.reservas.cancelarReserva({ reservaId }, await sut.as(dono));
    expect([normal.status, normal.creditoBonus]).toEqual([StatusReserva.CANCELADA, undefined]);
  });

  it('is not for an ADMIN who grants it to themself', async () => {
    await recusada(await paga(await novoEspaco(), ADMIN), ADMIN);
  });

  it('is not for somebody who stopped running the space after booking, or shortly before', async () => {
    const espacoId = await novoEspaco();
    const [depois, antes] = [gestor(), gestor()];
    for (const pessoa of [depois, antes]) await atribuir(espacoId, pessoa);
    await remover(espacoId, antes);
    const reservas = [await paga(espacoId, depois), await paga(espacoId, antes)];
    await remover(espacoId, depois);
    for (const reservaId of reservas) await recusada(reservaId, ADMIN);
  });

  it('is for somebody who stopped running the space more than 30 days before booking', async () => {
    const espacoId = await novoEspaco();
    const pessoa = gestor();
    await atribuir(espacoId, pessoa);
    await remover(espacoId, pessoa);
    const reservaId = await paga(espacoId, pessoa);
    const terminou = (antes: string) =>
      sut.dataSource.query(
        'update gestoes_encerradas set ate = $2::timestamptz - $3::interval where usuario_id = $1',
        [pessoa.sub, sut.clock.now(), antes],
      );
    await terminou('30 days');
    await recusada(reservaId, ADMIN);
    await terminou('30 days 1 second');
    expect((await previa(reservaId, ADMIN)).permitido).toBe(true);
  });

  it('is not for somebody who came to run the space after booking', async () => {
    const espacoId = await novoEspaco();
    const pessoa = cliente();
    const reservaId = await paga(espacoId, pessoa);
    expect((await previa(reservaId, ADMIN)).permitido).toBe(true);
    await atribuir(espacoId, pessoa);
    await recusada(reservaId, ADMIN);
  });

  it('is not for an ADMIN, also when another one grants it, nor for one who was it a moment ago', async () => {
    const [admin, antigo] = [newId('cli'), newId('cli')];
    await tellConta(sut.parts, admin, { papeis: ['CLIENTE', 'ADMIN'] });
    await tellConta(sut.parts, antigo, { papeis: ['ADMIN'] });
    await tellConta(sut.parts, antigo, { papeis: ['CLIENTE'], versao: 2 });
    const espacoId = await novoEspaco();
    for (const sub of [admin, antigo])
      await recusada(await paga(espacoId, { sub, papeis: ['CLIENTE'] }), ADMIN);
  });

  it('is not for a whole series of such a person either', async () => {
    const dono = gestor();
    const espacoId = await novoEspaco();
    await atribuir(espacoId, dono);
    const plano = { inicioLocal: '2026-06-10T10:00', duracaoMinutos: 60, rrule: 'FREQ=WEEKLY;COUNT=2' };
    const { id: serieId } = await sut.series.criarSerie({ espacoId, ...plano }, await sut.as(dono));
    const todas = { serieId, escopo: EscopoCancelamento.TODAS, excepcional: FORCA_MAIOR };
    const admin = await sut.as(ADMIN);
    expect(await failure(sut.series.simularCancelamentoSerie(todas, admin))).toBe(CONFLITO);
    expect(await failure(sut.series.cancelarSerie(todas, admin))).toBe(CONFLITO);
  });
});

/** A space that a GESTOR runs, who may give so many reais of bonus a month. */
async function comTeto(reais: bigint) {
  const pessoa = gestor();
  const espacoId = await novoEspaco();
  await atribuir(espacoId, pessoa);
  const bonusMensal = { centavos: reais * 100n, moeda: 'BRL' };
  if (reais > 0n) await sut.espacos.atualizarEspaco({ espacoId, bonusMensal }, await sut.as(ADMIN));
  return { pessoa, espacoId };
}

describe('the bonus that a GESTOR gives', () => {
  it('is none unless an ADMIN allows it, and ADMIN gives it all the same', async () => {
    const { pessoa, espacoId } = await comTeto(0n);
    const reservaId = await paga(espacoId, cliente());
    const simulada = await previa(reservaId, pessoa);
    expect(simulada.permitido).toBe(false);
    expect(simulada.explicacao).toMatch(
      /O bônus seria de R\$\s15,00 e este espaço ainda tem R\$\s0,00 de R\$\s0,00/,
    );
    const chamada = cancelar(reservaId, pessoa);
    expect(await failure(chamada)).toBe('FailedPrecondition LIMITE_DE_BONUS');
    expect(await details(chamada)).toEqual({ bonus: 1500, teto: 0, resta: 0 });
    expect((await previa(reservaId, pessoa, FORCA_MAIOR)).permitido).toBe(true);
    expect((await cancelar(reservaId, ADMIN)).creditoBonus?.centavos).toBe(15_00n);
  });

  it('is at most what an ADMIN allows a calendar month of the space', async () => {
    const { pessoa, espacoId } = await comTeto(40n);
    const reservas = [];
    for (let i = 0; i < 4; i += 1) reservas.push(await paga(espacoId, cliente()));
    const [a = '', b = '', c = '', d = ''] = reservas;
    expect((await previa(a, pessoa)).creditoBonus?.centavos).toBe(15_00n);
    await cancelar(a, pessoa);
    await cancelar(b, pessoa);
    expect(await details(cancelar(c, pessoa))).toEqual({ bonus: 1500, teto: 4000, resta: 1000 });
    // Cancelled again, and by ADMIN: neither takes from what is left.
    await cancelar(a, pessoa);
    await cancelar(c, ADMIN);
    sut.clock.set('2026-07-01T02:59:00Z');
    expect(await failure(cancelar(d, pessoa))).toBe('FailedPrecondition LIMITE_DE_BONUS');
    sut.clock.set('2026-07-01T03:00:00Z');
    expect((await cancelar(d, pessoa)).creditoBonus?.centavos).toBe(15_00n);
  });

  it('is not more when many are given at once', async () => {
    const { pessoa, espacoId } = await comTeto(50n);
    const reservas = [];
    for (let i = 0; i < 8; i += 1) reservas.push(await paga(espacoId, cliente()));
    const feitas = await Promise.allSettled(reservas.map((id) => cancelar(id, pessoa)));
    expect(feitas.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    const [{ dado }] = await sut.dataSource.query(
      'select sum(bonus_centavos)::int as dado from reservas where espaco_id = $1',
      [espacoId],
    );
    const mensais = await sut.dataSource.query(
      'select mes, concedido_centavos::int as dado from bonus_de_gestores where espaco_id = $1',
      [espacoId],
    );
    expect([dado, mensais]).toEqual([45_00, [{ mes: '2026-06', dado: 45_00 }]]);
    const alem = sut.dataSource.query('update bonus_de_gestores set concedido_centavos = teto_centavos + 1');
    await expect(alem).rejects.toThrow('bonus_de_gestores_teto_ck');
  });

  it('stays given when the cap is lowered', async () => {
    const { pessoa, espacoId } = await comTeto(30n);
    await cancelar(await paga(espacoId, cliente()), pessoa);
    const bonusMensal = { centavos: 10_00n, moeda: 'BRL' };
    await sut.espacos.atualizarEspaco({ espacoId, bonusMensal }, await sut.as(ADMIN));
    expect(await details(cancelar(await paga(espacoId, cliente()), pessoa))).toMatchObject({ resta: 0 });
  });

  it('is bounded by ADMIN alone, and shown to none but those who run the space', async () => {
    const { pessoa, espacoId } = await comTeto(40n);
    const bonusMensal = { centavos: 1_000_00n, moeda: 'BRL' };
    const mais = sut.espacos.atualizarEspaco({ espacoId, bonusMensal }, await sut.as(pessoa));
    expect(await failure(mais)).toBe('PermissionDenied ACESSO_NEGADO');
    const visto = async (quem: Pessoa) =>
      (await sut.espacos.obterEspaco({ espacoId }, await sut.as(quem))).bonusMensal?.centavos;
    const gestorDeOutro = (await comTeto(20n)).pessoa;
    const quemLe = [ADMIN, pessoa, gestorDeOutro, cliente()];
    expect(await Promise.all(quemLe.map(visto))).toEqual([40_00n, 40_00n, undefined, undefined]);
  });
});
