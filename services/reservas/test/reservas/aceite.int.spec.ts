import { fromJson } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CobrancaCanceladaSchema,
  CobrancaCriadaSchema,
  PagamentoAprovadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { ReservaAceitaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { type Reserva, StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { eventually } from '@plataforma/testing/eventually';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { remover, tellConta } from '../contas-fixture.ts';
import { InMemoryObservador } from '../doubles.ts';
import { ManualPrazos } from '../manual-prazos.ts';
import { NOW, newId } from '../reservas-fixture.ts';
import { deliver, failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut?.close());

beforeEach(() => {
  sut.clock.set(NOW);
  sut.standIns.mode = 'answers';
  sut.standIns.creditoParcial = 0n;
});

type Pessoa = { sub: string; papeis: string[] };

const ADMIN: Pessoa = { sub: 'cli_admin', papeis: ['ADMIN'] };
const { CONFIRMADA, EXPIRADA, PENDENTE_COBRANCA, PENDENTE_PAGAMENTO } = StatusReserva;

async function comConta(): Promise<Pessoa> {
  const pessoa = { sub: newId('cli'), papeis: ['CLIENTE'] };
  await tellConta(sut.parts, pessoa.sub);
  return pessoa;
}

async function novoEspaco(reais = 100n): Promise<string> {
  const preco = { centavos: reais * 100n, moeda: 'BRL' };
  const espaco = { nome: 'Quadra', tipo: TipoEspaco.QUADRA, capacidade: 8 };
  const precos = { precoPorHora: preco, taxaLimpeza: { centavos: 0n, moeda: 'BRL' } };
  return (await sut.espacos.criarEspaco({ ...espaco, ...precos }, await sut.as(ADMIN))).id;
}

async function gestorDe(espacoId: string): Promise<Pessoa> {
  const pessoa = { sub: newId('cli'), papeis: ['CLIENTE', 'GESTOR'] };
  await sut.espacos.atribuirGestor({ espacoId, usuarioId: pessoa.sub }, await sut.as(ADMIN));
  return pessoa;
}

function das(espacoId: string, inicio = '10:00', fim = '11:00') {
  const em = (hora: string) => timestampFromDate(new Date(`2026-06-10T${hora}:00Z`));
  return { espacoId, dataInicio: em(inicio), dataFim: em(fim) };
}

/** What somebody who runs a space has booked there for a customer. */
async function oferecida(reais = 100n) {
  const [dono, espacoId] = [await comConta(), await novoEspaco(reais)];
  const gestor = await gestorDe(espacoId);
  const reserva = await sut.reservas.criarReserva(
    { ...das(espacoId), clienteId: dono.sub },
    await sut.as(gestor),
  );
  return { dono, gestor, espacoId, reserva, id: reserva.id };
}

const aceitar = async (reservaId: string, quem: Pessoa) =>
  sut.reservas.aceitarReserva({ reservaId }, await sut.as(quem));

const ler = async (reservaId: string, incluirHistorico = false) =>
  sut.reservas.obterReserva({ reservaId, incluirHistorico }, await sut.as(ADMIN));

const resumo = ({ status, aguardaAceite, creditosUsados }: Reserva) => [
  status,
  aguardaAceite,
  creditosUsados?.centavos,
];

async function anunciados(id: string): Promise<string[]> {
  const rows: { assunto: string }[] = await sut.dataSource.query(
    'select assunto from outbox where agregado_id = $1 order by posicao',
    [id],
  );
  return rows.map(({ assunto }) => assunto.replace('reservas.v1.', ''));
}

const cobrancasDe = (id: string) => sut.standIns.cobrancas.filter(({ reservaId }) => reservaId === id);
const usosDe = (id: string) => sut.standIns.usos.filter(({ reservaId }) => reservaId === id);

async function vencer(id: string) {
  sut.clock.advance(16 * 60_000);
  const uow = createUnitOfWork(sut.dataSource);
  await new ManualPrazos({ uow, clock: sut.clock, observador: new InMemoryObservador() }).execute('ESPERA');
  return (await ler(id)).status;
}

describe('what somebody books for a customer', () => {
  it('waits for them and leaves their credit alone, however much there is', async () => {
    sut.standIns.mode = 'credito';
    const { reserva, id } = await oferecida();
    expect(resumo(reserva)).toEqual([PENDENTE_PAGAMENTO, true, undefined]);
    expect(cobrancasDe(id)).toMatchObject([{ guardarCreditos: true }]);
    const [{ payload }] = await sut.dataSource.query(
      `select payload from outbox where agregado_id = $1 and assunto = 'reservas.v1.ReservaCriada'`,
      [id],
    );
    expect(payload.guardarCreditos).toBe(true);
    expect(await anunciados(id)).toEqual(['ReservaCriada', 'ReservaOferecida']);
  });

  it('needs an account that exists and is not suspended', async () => {
    const espacoId = await novoEspaco();
    const [gestor, suspenso, antigo] = [await gestorDe(espacoId), await comConta(), await comConta()];
    await tellConta(sut.parts, suspenso.sub, { ativo: false, versao: 2 });
    await remover(sut.parts, antigo.sub);
    const plano = { inicioLocal: '2026-06-10T10:00', duracaoMinutos: 60, rrule: 'FREQ=WEEKLY;COUNT=2' };
    const [eu, admin] = [await sut.as(gestor), await sut.as(ADMIN)];
    for (const clienteId of [newId('cli'), suspenso.sub, antigo.sub])
      for (const chamar of [
        () => sut.reservas.criarReserva({ ...das(espacoId), clienteId }, eu),
        () => sut.series.criarSerie({ espacoId, clienteId, ...plano }, admin),
        () => sut.series.simularSerie({ espacoId, clienteId, ...plano }, admin),
      ])
        expect(await failure(chamar())).toBe('NotFound CLIENTE_NAO_ENCONTRADO');
  });

  it('is taken by paying, too', async () => {
    const { id, dono, reserva } = await oferecida();
    const pago = { pagamentoId: reserva.pagamentoId, reservaId: id, clienteId: dono.sub };
    await deliver(sut.parts, PagamentoAprovadoSchema, {
      ...pago,
      valor: { centavos: 100_00n, moeda: 'BRL' },
    });
    expect(resumo(await ler(id))).toEqual([CONFIRMADA, false, 0n]);
    expect(resumo(await aceitar(id, dono))).toEqual([CONFIRMADA, false, 0n]);
    expect(usosDe(id)).toEqual([]);
  });

  it('is a date of a series as well', async () => {
    const [dono, espacoId] = [await comConta(), await novoEspaco()];
    const plano = { inicioLocal: '2026-06-10T10:00', duracaoMinutos: 60, rrule: 'FREQ=WEEKLY;COUNT=2' };
    sut.standIns.mode = 'credito';
    const serie = await sut.series.criarSerie(
      { espacoId, clienteId: dono.sub, ...plano },
      await sut.as(ADMIN),
    );
    expect(serie.reservas.map(resumo)).toEqual(Array(2).fill([PENDENTE_PAGAMENTO, true, undefined]));
    const [primeira, segunda] = serie.reservas.map(({ id }) => id);
    expect(resumo(await aceitar(primeira ?? '', dono))).toEqual([CONFIRMADA, false, 100_00n]);
    expect((await ler(segunda ?? '')).status).toBe(PENDENTE_PAGAMENTO);
  });
});

describe('accepting', () => {
  it('confirms at once what credit pays, once however often it is asked for', async () => {
    const { id, dono } = await oferecida();
    sut.standIns.mode = 'credito';
    const respostas = await Promise.all([aceitar(id, dono), aceitar(id, dono), aceitar(id, dono)]);
    for (const resposta of respostas) expect(resumo(resposta)).toEqual([CONFIRMADA, false, 100_00n]);
    expect((await anunciados(id)).slice(2)).toEqual(['ReservaAceita', 'ReservaConfirmada']);
    expect(usosDe(id)[0]).toMatchObject({ clienteId: dono.sub, valor: { centavos: 100_00n } });
    const [{ payload }] = await sut.dataSource.query(
      `select payload from outbox where agregado_id = $1 and assunto = 'reservas.v1.ReservaAceita'`,
      [id],
    );
    const { reservaId, clienteId, valor, descricao, expiraEm } = fromJson(ReservaAceitaSchema, payload);
    expect(usosDe(id)[0]).toMatchObject({ reservaId, clienteId, valor, descricao, expiraEm });
    const { historico } = await ler(id, true);
    expect(historico.find(({ evento }) => evento === 'ReservaAceita')).toMatchObject({
      quem: dono.sub,
      porque: 'aceita pelo cliente',
    });
  });

  it('answers where to pay the rest, and late news of the first checkout do not change that', async () => {
    const { id, dono, reserva } = await oferecida();
    sut.standIns.creditoParcial = 30_00n;
    const aceita = await aceitar(id, dono);
    const resto = `https://pay.example/${reserva.pagamentoId}/resto`;
    expect([...resumo(aceita), aceita.checkoutUrl]).toEqual([PENDENTE_PAGAMENTO, false, undefined, resto]);
    const comum = { pagamentoId: reserva.pagamentoId, reservaId: id, clienteId: dono.sub };
    const creditosUsados = { centavos: 30_00n, moeda: 'BRL' };
    await deliver(sut.parts, CobrancaCriadaSchema, { ...comum, checkoutUrl: resto, creditosUsados });
    await deliver(sut.parts, CobrancaCriadaSchema, { ...comum, checkoutUrl: reserva.checkoutUrl });
    expect((await ler(id)).checkoutUrl).toBe(resto);
  });

  it('stands when pagamentos does not answer: the event goes on, and the checkout is payable', async () => {
    const { id, dono, reserva } = await oferecida();
    sut.standIns.mode = 'crashes';
    const aceita = await aceitar(id, dono);
    expect([...resumo(aceita), aceita.checkoutUrl]).toEqual([
      PENDENTE_PAGAMENTO,
      false,
      undefined,
      reserva.checkoutUrl,
    ]);
    expect((await anunciados(id)).at(-1)).toBe('ReservaAceita');
    sut.standIns.mode = 'credito';
    expect((await aceitar(id, dono)).status).toBe(CONFIRMADA);
  });

  it('also works before there is a charge', async () => {
    sut.standIns.mode = 'crashes';
    const { id, dono, reserva } = await oferecida();
    expect(reserva.status).toBe(PENDENTE_COBRANCA);
    sut.standIns.mode = 'credito';
    expect(resumo(await aceitar(id, dono))).toEqual([CONFIRMADA, false, 100_00n]);
  });

  it('is for nobody but the customer', async () => {
    const { id, gestor } = await oferecida();
    for (const quem of [gestor, ADMIN])
      expect(await failure(aceitar(id, quem))).toBe('PermissionDenied ACESSO_NEGADO');
    expect(await failure(aceitar(id, await comConta()))).toBe('NotFound RESERVA_NAO_ENCONTRADA');
    expect(usosDe(id)).toEqual([]);
  });

  it('is too late once the hold is over, or it is cancelled', async () => {
    const { id, dono } = await oferecida();
    sut.clock.advance(15 * 60_000);
    expect(await failure(aceitar(id, dono))).toBe('FailedPrecondition TRANSICAO_INVALIDA');
    sut.clock.set(NOW);
    await sut.reservas.cancelarReserva({ reservaId: id }, await sut.as(dono));
    expect(await failure(aceitar(id, dono))).toBe('FailedPrecondition TRANSICAO_INVALIDA');
    expect(usosDe(id)).toEqual([]);
  });

  it('has credit pay what the customer booked to keep it', async () => {
    const dono = await comConta();
    const pedido = { ...das(await novoEspaco()), guardarCreditos: true };
    const { id } = await sut.reservas.criarReserva(pedido, await sut.as(dono));
    sut.standIns.mode = 'credito';
    expect(resumo(await aceitar(id, dono))).toEqual([CONFIRMADA, false, 100_00n]);
  });
});

describe('what costs nothing', () => {
  it('is confirmed by accepting when somebody else booked it', async () => {
    const { id, dono, reserva } = await oferecida(0n);
    expect(resumo(reserva)).toEqual([PENDENTE_COBRANCA, true, undefined]);
    expect(await anunciados(id)).toEqual(['ReservaOferecida']);
    expect(resumo(await aceitar(id, dono))).toEqual([CONFIRMADA, false, 0n]);
    expect(resumo(await aceitar(id, dono))).toEqual([CONFIRMADA, false, 0n]);
    expect(await anunciados(id)).toEqual(['ReservaOferecida', 'ReservaConfirmada']);
    expect([cobrancasDe(id), usosDe(id)]).toEqual([[], []]);
  });

  it('expires when nobody accepts it', async () => {
    const { id, dono } = await oferecida(0n);
    await vencer(id);
    expect(await failure(aceitar(id, dono))).toBe('FailedPrecondition TRANSICAO_INVALIDA');
    await deliver(sut.parts, CobrancaCanceladaSchema, {
      pagamentoId: '',
      reservaId: id,
      clienteId: dono.sub,
    });
    expect((await ler(id)).status).toBe(EXPIRADA);
  });

  it('is not confirmed by any other way', async () => {
    const { id } = await oferecida(0n);
    const confirmar = sut.dataSource.query(
      `update reservas set status = 'CONFIRMADA', confirmada_em = now() where id = $1`,
      [id],
    );
    await expect(confirmar).rejects.toThrow('reservas_aceita_ck');
  });
});

describe('an offer of the waitlist', () => {
  /** The slot of the room is free again, and offered to who waited. */
  async function ofertada(reais = 100n) {
    const [dono, outro, espacoId] = [await comConta(), await comConta(), await novoEspaco(reais)];
    const { id: tomada } = await sut.reservas.criarReserva(das(espacoId), await sut.as(outro));
    const entrada = await sut.filaEspera.entrarNaFila(das(espacoId), await sut.as(dono));
    sut.standIns.mode = 'credito';
    await sut.reservas.cancelarReserva({ reservaId: tomada }, await sut.as(outro));
    const fila = sut.parts.background?.find(({ name }) => name === 'fila-espera');
    await fila?.start();
    const como = await sut.as(dono);
    let id = '';
    await eventually(async () => {
      ({ reservaId: id } = await sut.filaEspera.obterEntrada({ entradaId: entrada.id }, como));
      expect(id).not.toBe('');
    });
    return { dono, id };
  }

  it('is accepted by a person, also when credit covers it or it costs nothing', async () => {
    for (const reais of [100n, 0n]) {
      const { dono, id } = await ofertada(reais);
      expect(resumo(await ler(id))).toEqual([PENDENTE_COBRANCA, true, undefined]);
      expect(cobrancasDe(id)).toEqual([]);
      expect(resumo(await aceitar(id, dono))).toEqual([CONFIRMADA, false, reais * 100n]);
    }
  });
});
