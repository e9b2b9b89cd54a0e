import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { IdGenerator } from '@plataforma/domain/id';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { DataSource } from 'typeorm';
import { AtualizarEspacoHandler } from '../../src/espacos/application/atualizar-espaco.ts';
import { NENHUMA_DISPENSA } from '../../src/espacos/domain/dispensas.ts';
import { etagDe } from '../../src/espacos/domain/espaco.ts';
import { EntrarNaFilaHandler } from '../../src/fila-espera/application/entrar-na-fila.ts';
import type { Transacao } from '../../src/persistence/unit-of-work.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { CotarReservaHandler } from '../../src/reservas/application/cotar-reserva.ts';
import {
  type CriarReservaCommand,
  CriarReservaHandler,
} from '../../src/reservas/application/criar-reserva.ts';
import { CobrancasDaSaga } from '../../src/saga/application/cobrancas-da-saga.ts';
import type { PagamentosGateway } from '../../src/saga/application/ports.ts';
import { InMemoryObservador, InMemoryPagamentos, receiveFatos } from '../doubles.ts';
import { between, NOW, newId, newReserva, openDatabase, storeEspaco } from '../reservas-fixture.ts';

const clock = new FixedClock(NOW);
const ids: IdGenerator = { next: async (prefixo) => newId(prefixo) };
let dataSource: DataSource;
let close: () => Promise<void>;
let uow: UnitOfWork<Transacao>;
let pagamentos: InMemoryPagamentos;
let observador: InMemoryObservador;
let criar: CriarReservaHandler;
let cotar: CotarReservaHandler;

beforeAll(async () => {
  ({ dataSource, close } = await openDatabase());
  uow = createUnitOfWork(dataSource);
});

afterAll(() => close());

beforeEach(() => {
  clock.set(NOW);
  pagamentos = new InMemoryPagamentos();
  observador = new InMemoryObservador();
  const cobrancas = new CobrancasDaSaga({ uow, pagamentos, clock, observador });
  criar = new CriarReservaHandler({ uow, ids, clock, cobrancas, observador, bonusPercentual: 10 });
  cotar = new CotarReservaHandler({ uow, ids, clock });
});

function pedido(espacoId: string, mudancas: Partial<CriarReservaCommand> = {}): CriarReservaCommand {
  const clienteId = mudancas.clienteId ?? newId('cli');
  return {
    clienteId,
    espacoId,
    inicio: new Date('2026-06-10T10:00:00Z'),
    fim: new Date('2026-06-10T12:00:00Z'),
    extras: [],
    cotacaoId: undefined,
    quem: clienteId,
    dispensas: NENHUMA_DISPENSA,
    ...mudancas,
  };
}

async function reservar(command: CriarReservaCommand) {
  const criada = await criar.execute(command);
  if (criada.isFailure) throw criada.error;
  return criada.value;
}

/** The outcome in one word. */
async function resposta(command: CriarReservaCommand): Promise<string> {
  const criada = await criar.execute(command);
  return criada.isFailure ? criada.error.motivo : criada.value.status;
}

function horas(dia: number, hora: number, duracao = 1) {
  const inicio = new Date(Date.UTC(2026, 5, dia, hora));
  return { inicio, fim: new Date(inicio.getTime() + duracao * 3_600_000) };
}

describe('booking', () => {
  it('stores the reservation, its history and its event, and answers with the checkout', async () => {
    const espaco = await storeEspaco(uow);
    const reserva = await reservar(pedido(espaco.id));
    expect(reserva).toMatchObject({
      status: 'PENDENTE_PAGAMENTO',
      checkoutUrl: `https://pay.example/pag_${reserva.id}`,
      pagamentoId: `pag_${reserva.id}`,
      expiraEm: new Date('2026-06-02T09:15:00Z'),
      folgaMinutos: 15,
      espacoNome: 'Sala Ipê',
      preco: { valor: Dinheiro.deCentavos(250_00) },
    });
    const [guardada] = await dataSource.query(
      `select status, espaco_endereco, bloqueio_fim, politica -> 'faixas' -> 0 ->> 'percentualReembolso' as primeira
       from reservas where id = $1`,
      [reserva.id],
    );
    expect(guardada).toEqual({
      status: 'PENDENTE_PAGAMENTO',
      espaco_endereco: 'Rua das Flores, 10',
      bloqueio_fim: new Date('2026-06-10T12:15:00Z'),
      primeira: '100',
    });
    const historico = await dataSource.query(
      'select versao, evento, de_status, para_status, quem from reservas_historico where reserva_id = $1 order by versao',
      [reserva.id],
    );
    expect(historico).toEqual([
      {
        versao: 1,
        evento: 'ReservaCriada',
        de_status: null,
        para_status: 'PENDENTE_COBRANCA',
        quem: reserva.clienteId,
      },
      {
        versao: 2,
        evento: 'CobrancaRegistrada',
        de_status: 'PENDENTE_COBRANCA',
        para_status: 'PENDENTE_PAGAMENTO',
        quem: 'servico:pagamentos',
      },
    ]);
    const [evento] = await dataSource.query('select assunto, payload from outbox where agregado_id = $1', [
      reserva.id,
    ]);
    expect(evento).toMatchObject({
      assunto: 'reservas.v1.ReservaCriada',
      payload: {
        reservaId: reserva.id,
        clienteId: reserva.clienteId,
        espacoNome: 'Sala Ipê',
        dataInicio: '2026-06-10T10:00:00Z',
        valor: { centavos: '25000', moeda: 'BRL' },
        expiraEm: '2026-06-02T09:15:00Z',
        fusoHorario: 'America/Sao_Paulo',
      },
    });
  });

  it('holds the slot without a checkout when pagamentos is out of order', async () => {
    pagamentos.down = true;
    const espaco = await storeEspaco(uow);
    const reserva = await reservar(pedido(espaco.id));
    expect(reserva).toMatchObject({ status: 'PENDENTE_COBRANCA', checkoutUrl: undefined });
    expect(observador.adiadas).toEqual([reserva.id]);
    expect(await resposta(pedido(espaco.id))).toBe('ESPACO_INDISPONIVEL');
  });

  it('holds the slot without a checkout when asking for it goes wrong in a way that nobody thought of', async () => {
    const cobrar = async () => {
      throw new Error('unexpected');
    };
    const gateway = { criarCobranca: cobrar, usarCreditos: cobrar };
    const cobrancas = new CobrancasDaSaga({ uow, pagamentos: gateway, clock, observador });
    const handler = new CriarReservaHandler({ uow, ids, clock, cobrancas, observador, bonusPercentual: 10 });
    const espaco = await storeEspaco(uow);
    const criada = await handler.execute(pedido(espaco.id));
    expect(criada.isSuccess && criada.value.status).toBe('PENDENTE_COBRANCA');
    expect(observador.adiadas.at(-1)).toBe(criada.isSuccess && criada.value.id);
  });

  it('names the nearest free periods when the slot is taken', async () => {
    const espaco = await storeEspaco(uow);
    await reservar(pedido(espaco.id));
    const recusada = await criar.execute(pedido(espaco.id, horas(10, 11)));
    expect(recusada.isFailure && recusada.error.detalhes).toEqual({
      alternativas: [
        { dataInicio: '2026-06-10T12:15:00Z', dataFim: '2026-06-10T13:15:00Z' },
        { dataInicio: '2026-06-10T08:45:00Z', dataFim: '2026-06-10T09:45:00Z' },
      ],
    });
  });

  it('keeps the frozen buffer of a neighbour when the space got a smaller one since', async () => {
    const espaco = await storeEspaco(uow, { folgaMinutos: 60 });
    await reservar(pedido(espaco.id));
    await new AtualizarEspacoHandler({ uow, clock }).execute({
      espacoId: espaco.id,
      etag: undefined,
      mudanca: { folgaMinutos: 0 },
    });
    expect(await resposta(pedido(espaco.id, horas(10, 9)))).toBe('ESPACO_INDISPONIVEL');
    expect(await resposta(pedido(espaco.id, horas(10, 12)))).toBe('ESPACO_INDISPONIVEL');
    expect(await resposta(pedido(espaco.id, horas(10, 8)))).toBe('PENDENTE_PAGAMENTO');
    expect(await resposta(pedido(espaco.id, horas(10, 13)))).toBe('PENDENTE_PAGAMENTO');
  });

  it('refuses a taken slot without waiting for who is booking the space', async () => {
    const espaco = await storeEspaco(uow);
    await reservar(pedido(espaco.id));
    await uow.run(async ({ reservas }) => {
      await reservas.travarEspaco(espaco.id);
      expect(await resposta(pedido(espaco.id))).toBe('ESPACO_INDISPONIVEL');
    });
  });

  it('decides on a slot that looks free only when the booking under way is over', async () => {
    const espaco = await storeEspaco(uow);
    const { inicio, fim } = horas(10, 10);
    const periodo = between(inicio.toISOString(), fim.toISOString());
    let rival: Promise<string> | undefined;
    await uow.run(async ({ reservas }) => {
      await reservas.travarEspaco(espaco.id);
      rival = resposta(pedido(espaco.id));
      await eventually(async () => {
        const esperando = await dataSource.query(
          `select 1 from pg_locks where locktype = 'advisory' and not granted
             and database = (select oid from pg_database where datname = current_database())`,
        );
        expect(esperando).toHaveLength(1);
      });
      expect((await reservas.add(newReserva(espaco, periodo))).isSuccess).toBe(true);
    });
    expect(await rival).toBe('ESPACO_INDISPONIVEL');
  });

  it('notes a charge once when its event comes before its answer', async () => {
    const espaco = await storeEspaco(uow);
    const apressado: PagamentosGateway = {
      async criarCobranca(reserva) {
        const criada = await pagamentos.criarCobranca(reserva);
        await receiveFatos({ uow, clock, observador })(criada);
        return criada;
      },
      usarCreditos: (reserva) => pagamentos.usarCreditos(reserva),
    };
    const cobrancas = new CobrancasDaSaga({ uow, pagamentos: apressado, clock, observador });
    const handler = new CriarReservaHandler({ uow, ids, clock, cobrancas, observador, bonusPercentual: 10 });
    const criada = await handler.execute(pedido(espaco.id));
    expect(criada.isSuccess && criada.value).toMatchObject({ status: 'PENDENTE_PAGAMENTO', versao: 2 });
    expect(observador.adiadas).toEqual([]);
  });

  it('counts a reservation no more when it is over', async () => {
    const clienteId = newId('cli');
    const espaco = await storeEspaco(uow);
    for (const dia of [10, 11, 12, 13, 14])
      await reservar(pedido(espaco.id, { clienteId, ...horas(dia, 12) }));
    expect(await resposta(pedido(espaco.id, { clienteId, ...horas(20, 12) }))).toBe('LIMITE_DE_RESERVAS');
    clock.set('2026-06-10T13:00:00Z');
    expect(await resposta(pedido(espaco.id, { clienteId, ...horas(20, 12) }))).toBe('PENDENTE_PAGAMENTO');
  });

  it('takes the next identity when one is taken already', async () => {
    const espaco = await storeEspaco(uow);
    const { id } = await reservar(pedido(espaco.id));
    const repetidos = [id, id, newId('res')];
    const teimoso: IdGenerator = { next: async () => repetidos.shift() ?? '' };
    const cobrancas = new CobrancasDaSaga({ uow, pagamentos, clock, observador });
    const handler = new CriarReservaHandler({
      uow,
      ids: teimoso,
      clock,
      cobrancas,
      observador,
      bonusPercentual: 10,
    });
    const criada = await handler.execute(pedido(espaco.id, horas(11, 10)));
    expect(criada.isSuccess && criada.value.id).not.toBe(id);
    expect(repetidos).toHaveLength(0);
  });

  it('is repeated from what it made, and asks for the charge that is missing, once', async () => {
    const espaco = await storeEspaco(uow);
    pagamentos.down = true;
    const { id } = await reservar(pedido(espaco.id));
    pagamentos.down = false;
    const repetida = await criar.repeat(id);
    expect(repetida).toMatchObject({ value: { id, status: 'PENDENTE_PAGAMENTO' } });
    const pedidos = pagamentos.requested.length;
    expect(await criar.repeat(id)).toEqual(repetida);
    expect(pagamentos.requested).toHaveLength(pedidos);
  });
});

describe('booking with a quote', () => {
  it('keeps the quoted price when the price has changed since', async () => {
    const espaco = await storeEspaco(uow);
    const command = pedido(espaco.id);
    const cotacao = await cotar.execute(command);
    if (cotacao.isFailure) throw cotacao.error;
    expect(cotacao.value.disponivel).toBe(true);
    const mudanca = { precoPorHora: Dinheiro.deCentavos(900_00) };
    await new AtualizarEspacoHandler({ uow, clock }).execute({
      espacoId: espaco.id,
      etag: undefined,
      mudanca,
    });
    const reserva = await reservar({ ...command, cotacaoId: cotacao.value.cotacao.id });
    expect(reserva.preco).toEqual(cotacao.value.cotacao.preco);
    expect(reserva.cotacaoId).toBe(cotacao.value.cotacao.id);
  });

  it.each([
    ['somebody else uses it', { clienteId: 'cli_estranho', quem: 'cli_estranho' }, 0],
    ['the period is another', { fim: new Date('2026-06-10T13:00:00Z') }, 0],
    ['it has expired', {}, 600_000],
    ['it does not exist', { cotacaoId: 'cot_nenhuma' }, 0],
  ])('is refused when %s', async (_, mudanca, depoisMs) => {
    const espaco = await storeEspaco(uow);
    const command = pedido(espaco.id);
    const cotacao = await cotar.execute(command);
    if (cotacao.isFailure) throw cotacao.error;
    clock.advance(depoisMs);
    expect(await resposta({ ...command, cotacaoId: cotacao.value.cotacao.id, ...mudanca })).toBe(
      'COTACAO_INVALIDA',
    );
  });

  it('tells that the slot is taken, and prices it all the same', async () => {
    const espaco = await storeEspaco(uow);
    await reservar(pedido(espaco.id));
    const cotacao = await cotar.execute(pedido(espaco.id, horas(10, 11)));
    expect(cotacao.isSuccess && cotacao.value.disponivel).toBe(false);
  });
});

describe('changing a space', () => {
  it('lets one of two updates with the same etag win', async () => {
    const espaco = await storeEspaco(uow);
    const atualizar = new AtualizarEspacoHandler({ uow, clock });
    const etag = etagDe(espaco.estado);
    const feitas = await Promise.all(
      ['Um', 'Dois'].map((nome) => atualizar.execute({ espacoId: espaco.id, etag, mudanca: { nome } })),
    );
    const motivos = feitas.map((feita) => (feita.isFailure ? feita.error.motivo : 'FEITA')).sort();
    expect(motivos).toEqual(['ETAG_DESATUALIZADA', 'FEITA']);
  });

  it('loses no update when two come without an etag', async () => {
    const espaco = await storeEspaco(uow);
    const atualizar = new AtualizarEspacoHandler({ uow, clock });
    await Promise.all([
      atualizar.execute({ espacoId: espaco.id, etag: undefined, mudanca: { nome: 'Novo nome' } }),
      atualizar.execute({ espacoId: espaco.id, etag: undefined, mudanca: { capacidade: 99 } }),
    ]);
    const guardado = await uow.run((tx) => tx.espacos.findById(espaco.id));
    expect(guardado?.estado).toMatchObject({ nome: 'Novo nome', capacidade: 99, versao: 3 });
  });
});

describe('facts from pagamentos', () => {
  const aprovado = (reservaId: string, pagamentoId = `pag_${reservaId}`) =>
    ({ tipo: 'PagamentoAprovado', reservaId, pagamentoId }) as const;
  const cobranca = (reservaId: string) =>
    ({
      tipo: 'CobrancaCriada',
      reservaId,
      pagamentoId: `pag_${reservaId}`,
      checkoutUrl: 'https://pay.example',
    }) as const;

  async function esperandoCobranca() {
    pagamentos.down = true;
    const espaco = await storeEspaco(uow);
    const { id } = await reservar(pedido(espaco.id));
    return { id, receber: receiveFatos({ uow, clock, observador }) };
  }

  async function estado(id: string) {
    const [reserva] = await dataSource.query(
      'select status, versao, pagamento_id from reservas where id = $1',
      [id],
    );
    return reserva;
  }

  async function confirmacoes(id: string): Promise<number> {
    const [{ total }] = await dataSource.query(
      `select count(*)::int as total from outbox where agregado_id = $1 and assunto = 'reservas.v1.ReservaConfirmada'`,
      [id],
    );
    return total;
  }

  it('bring the charge that was put off, and confirm once it is paid', async () => {
    const { id, receber } = await esperandoCobranca();
    await receber(cobranca(id));
    expect(await estado(id)).toMatchObject({ status: 'PENDENTE_PAGAMENTO', pagamento_id: `pag_${id}` });
    await receber(aprovado(id));
    expect(await estado(id)).toMatchObject({ status: 'CONFIRMADA', versao: 3 });
  });

  it('confirm once when the same message and the same fact come again, also at the same time', async () => {
    const { id, receber } = await esperandoCobranca();
    const mensagem = newId('msg');
    await Promise.all([1, 2, 3].map(() => receber(aprovado(id), mensagem)));
    await Promise.all([1, 2, 3].map(() => receber(aprovado(id))));
    expect(await estado(id)).toMatchObject({ status: 'CONFIRMADA', versao: 2 });
    expect(await confirmacoes(id)).toBe(1);
  });

  it('end in the same status when the payment comes before its charge', async () => {
    const { id, receber } = await esperandoCobranca();
    await receber(aprovado(id));
    await receber(cobranca(id));
    expect(await estado(id)).toMatchObject({ status: 'CONFIRMADA', pagamento_id: `pag_${id}` });
  });

  it('are put in the history only, once, when a declined card is announced twice', async () => {
    const { id, receber } = await esperandoCobranca();
    await receber(cobranca(id));
    const recusado = {
      tipo: 'PagamentoRecusado',
      reservaId: id,
      pagamentoId: `pag_${id}`,
      motivo: 'card_declined',
      definitiva: false,
    } as const;
    const mensagem = newId('msg');
    await receber(recusado, mensagem);
    await receber(recusado, mensagem);
    expect(await estado(id)).toMatchObject({ status: 'PENDENTE_PAGAMENTO', versao: 3 });
    const [ultima] = await dataSource.query(
      'select evento, porque from reservas_historico where reserva_id = $1 order by versao desc limit 1',
      [id],
    );
    expect(ultima).toEqual({ evento: 'PagamentoRecusado', porque: 'cartão recusado: card_declined' });
  });

  it('are refused when they close another charge than the one that paid', async () => {
    const { id, receber } = await esperandoCobranca();
    await receber(aprovado(id));
    const fato = { tipo: 'CobrancaCancelada', reservaId: id, pagamentoId: 'pag_outro' } as const;
    await expect(receber(fato)).rejects.toMatchObject({
      motivo: 'TRANSICAO_INVALIDA',
    });
  });

  it('end quietly when they close a charge of an unknown reservation: there is nothing to do', async () => {
    const { receber } = await esperandoCobranca();
    const fato = { tipo: 'CobrancaCancelada', reservaId: 'res_nenhuma', pagamentoId: 'pag_1' } as const;
    await expect(receber(fato)).resolves.toBeUndefined();
  });
});

describe('a period that no space takes', () => {
  const OUTROS = ['reservas', 'cotacoes', 'fechamentos', 'series', 'fila', 'saga'] as const;
  const milAnos = { inicio: new Date('2026-06-10T10:00:00Z'), fim: new Date('3026-06-10T10:00:00Z') };

  it('is refused by reading the space alone', async () => {
    const espaco = await storeEspaco(uow);
    const recusa = (): never => {
      throw new Error('something else was read');
    };
    const outro = new Proxy({}, { get: () => recusa });
    const soEspacos = {
      run: (work: Parameters<UnitOfWork<Transacao>['run']>[0]) =>
        uow.run(({ espacos, claimKey }) => {
          const outros = Object.fromEntries(OUTROS.map((nome) => [nome, outro])) as unknown as Transacao;
          return work({ ...outros, espacos, claimKey });
        }),
    } as UnitOfWork<Transacao>;
    const cobrancas = new CobrancasDaSaga({ uow, pagamentos, clock, observador });
    const deps = { uow: soEspacos, ids: { next: () => Promise.reject(new Error('took a number')) }, clock };
    const command = pedido(espaco.id, milAnos);
    const respostas = [
      await new CriarReservaHandler({ ...deps, cobrancas, observador, bonusPercentual: 10 }).execute(command),
      await new CotarReservaHandler(deps).execute(command),
      await new EntrarNaFilaHandler(deps).execute(command),
    ];
    expect(respostas.map((uma) => uma.isFailure && uma.error.motivo)).toEqual(
      Array(3).fill('DURACAO_MAXIMA'),
    );
    expect(await resposta(pedido('esp_nenhum', milAnos))).toBe('ESPACO_NAO_ENCONTRADO');
  });
});
