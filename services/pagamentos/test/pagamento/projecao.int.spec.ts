import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { DataSource } from 'typeorm';
import { PostgresLivroDeCreditos } from '../../src/creditos/infrastructure/livro-de-creditos.ts';
import type { PagamentoEvent } from '../../src/pagamento/domain/eventos.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { openTestDatabase } from '../pagamentos-under-test.ts';

const T0 = new Date('2026-11-24T12:00:00Z');
const depois = (minutos: number) => new Date(T0.getTime() + minutos * 60_000);
const VALOR = Dinheiro.deCentavos(10_000n);

const CRIADA = {
  ...{ tipo: 'CobrancaCriada', pagamentoId: 'pag_1', reservaId: 'res_1', clienteId: 'cli_1', valor: VALOR },
  ...{ creditos: Dinheiro.zero(), descricao: 'Sala Azul', expiraEm: depois(15), em: T0 },
} as const satisfies PagamentoEvent;
const SOLICITADO: PagamentoEvent = { tipo: 'CheckoutSolicitado', tentativa: 1, expiraEm: depois(35), em: T0 };
const ABERTO: PagamentoEvent = {
  ...{ tipo: 'CheckoutAberto', tentativa: 1, sessaoId: 'cs_1', checkoutUrl: 'https://c' },
  ...{ expiraEm: depois(35), em: depois(1) },
};
const RECUSADO: PagamentoEvent = { tipo: 'CartaoRecusado', recusaId: 'ch_1', codigo: 'x', em: depois(2) };
const APROVADO: PagamentoEvent = {
  tipo: 'PagamentoAprovado',
  intencaoId: 'pi_1',
  valor: VALOR,
  em: depois(3),
};
const CANCELADA: PagamentoEvent = { tipo: 'CobrancaCancelada', motivo: 'SESSAO_EXPIRADA', em: depois(3) };
const AENCERRAR: PagamentoEvent = {
  ...{ tipo: 'EncerramentoSolicitado', motivo: 'RESERVA_EXPIRANDO', pedido: 2, em: depois(2) },
};
const PEDIDOS: PagamentoEvent = { tipo: 'CreditosPedidos', em: depois(2) };
const estorno = { numero: 1, valor: Dinheiro.deCentavos(4_000n) };
const ESTORNO: PagamentoEvent = {
  ...{ tipo: 'EstornoSolicitado', ...estorno, meio: 'CARTAO', origem: 'ADMIN', motivo: 'x', em: depois(4) },
};
const PENDENTE: PagamentoEvent = { tipo: 'EstornoPendente', numero: 1, refundId: 're_1', em: depois(5) };
const CONCLUIDO: PagamentoEvent = { tipo: 'EstornoConcluido', ...estorno, refundId: 're_1', em: depois(6) };
const falhou = (devolvido: boolean): PagamentoEvent => ({
  ...{ tipo: 'EstornoFalhou', ...estorno, refundId: 're_1', motivo: 'x', devolvido, em: depois(7) },
});

let dataSource: DataSource;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ dataSource, close } = await openTestDatabase());
});

beforeEach(async () => {
  await dataSource.query('alter table eventos_pagamento disable trigger all');
  await dataSource.query('alter table transacoes disable trigger all');
  for (const tabela of ['checkouts_pendentes', 'encerramentos_pendentes', 'estornos', 'transacoes', 'outbox'])
    await dataSource.query(`delete from ${tabela}`);
  await dataSource.query('delete from pagamentos; delete from eventos_pagamento');
  await dataSource.query('alter table eventos_pagamento enable trigger all');
  await dataSource.query('alter table transacoes enable trigger all');
});

afterAll(() => close());

const acontecer = (...eventos: PagamentoEvent[]) =>
  createUnitOfWork(dataSource).run(async ({ pagamentos }) =>
    pagamentos.append(await pagamentos.findById('pag_1'), eventos, 'teste'),
  );

const linha = async (colunas: string) => {
  const [row] = await dataSource.query(`select ${colunas} from pagamentos where id = 'pag_1'`);
  return row as Record<string, unknown>;
};

const espera = async (tabela: string) =>
  ((await dataSource.query(`select tentar_em from ${tabela}`)) as Array<{ tentar_em: Date }>).map(
    (row) => row.tentar_em,
  );

describe('the row of a payment', () => {
  it('says what its events say', async () => {
    await acontecer(CRIADA, SOLICITADO, ABERTO, RECUSADO, APROVADO, ESTORNO);
    expect(await linha('*')).toMatchObject({
      ...{ id: 'pag_1', reserva_id: 'res_1', cliente_id: 'cli_1', centavos: '10000', moeda: 'BRL' },
      ...{ descricao: 'Sala Azul', status: 'ESTORNO_PENDENTE', expira_em: depois(15), sessao_id: 'cs_1' },
      ...{ checkout_url: 'https://c', checkout_expira_em: depois(35), intencao_id: 'pi_1', recusas: 1 },
      ...{ criado_em: T0, aprovado_em: depois(3), atualizado_em: depois(4), versao: 6, estornado: '0' },
      ...{ comprometido: '4000', creditos: '0', comprometido_creditos: '0', creditos_retidos: '0' },
      excedente: '0',
    });
    await acontecer(CONCLUIDO);
    expect(await linha('estornado, status')).toEqual({ estornado: '4000', status: 'ESTORNADO_PARCIAL' });
  });

  it('shows what was captured beyond the charge', async () => {
    const valor = Dinheiro.deCentavos(10_001n);
    await acontecer(CRIADA, SOLICITADO, ABERTO, { ...APROVADO, valor } as PagamentoEvent);
    expect(await linha('excedente')).toEqual({ excedente: '1' });
  });

  it.each<[string, PagamentoEvent[], Date | null]>([
    ['nobody knows it', [CRIADA, SOLICITADO], null],
    ['a minute later, once it has a checkout', [CRIADA, SOLICITADO, ABERTO], depois(1)],
    ['a day after its capture', [CRIADA, SOLICITADO, ABERTO, APROVADO], depois(3 + 24 * 60)],
    ['it is closed', [CRIADA, SOLICITADO, ABERTO, CANCELADA], null],
  ])('is compared with Stripe for the first time: %s', async (_, eventos, quando) => {
    await acontecer(...eventos);
    expect(await linha('verificar_em')).toEqual({ verificar_em: quando });
  });

  it('keeps its turn to be compared, unless it is new to Stripe or paid', async () => {
    const turno = depois(99);
    const adiar = () => dataSource.query('update pagamentos set verificar_em = $1', [turno]);
    await acontecer(CRIADA, SOLICITADO, ABERTO);
    await adiar();
    await acontecer(RECUSADO);
    expect(await linha('verificar_em')).toEqual({ verificar_em: turno });
    await acontecer(APROVADO);
    expect(await linha('verificar_em')).toEqual({ verificar_em: depois(3 + 24 * 60) });
    await adiar();
    await acontecer(ESTORNO);
    expect(await linha('verificar_em')).toEqual({ verificar_em: turno });
  });

  it('cannot begin in the middle', async () => {
    await expect(acontecer(RECUSADO)).rejects.toThrow('payment pag_1 cannot begin with these events');
  });

  it('tells of nothing when nothing has happened', async () => {
    await acontecer(CRIADA);
    expect(await acontecer()).toMatchObject({ versao: 1 });
    expect(await linha('versao')).toEqual({ versao: 1 });
  });
});

describe('what waits', () => {
  it.each<[string, PagamentoEvent[], Date[]]>([
    [
      'for a checkout, five seconds after it was charged',
      [CRIADA, SOLICITADO],
      [new Date('2026-11-24T12:00:05Z')],
    ],
    ['for none once it has one', [CRIADA, SOLICITADO, ABERTO], []],
    ['for none once it is closed', [CRIADA, SOLICITADO, CANCELADA], []],
    [
      'for another one once that was closed for credit',
      [CRIADA, SOLICITADO, ABERTO, PEDIDOS, { tipo: 'CheckoutFechado', sessaoId: 'cs_1', em: depois(3) }],
      [new Date('2026-11-24T12:03:05Z')],
    ],
  ])('waits %s', async (_, eventos, quando) => {
    for (const evento of eventos) await acontecer(evento);
    expect(await espera('checkouts_pendentes')).toEqual(quando);
  });

  it.each<[string, PagamentoEvent[], Date[]]>([
    ['nothing when nobody asks', [CRIADA, SOLICITADO, ABERTO], []],
    ['its end, at once', [CRIADA, SOLICITADO, ABERTO, AENCERRAR], [depois(2)]],
    ['room for credit, at once', [CRIADA, SOLICITADO, ABERTO, PEDIDOS], [depois(2)]],
    ['nothing where credit has room already', [CRIADA, SOLICITADO, PEDIDOS], []],
    ['nothing once it is closed', [CRIADA, SOLICITADO, ABERTO, AENCERRAR, CANCELADA], []],
    ['nothing once it is paid', [CRIADA, SOLICITADO, ABERTO, AENCERRAR, APROVADO], []],
  ])('waits for %s', async (_, eventos, quando) => {
    for (const evento of eventos) await acontecer(evento);
    expect(await espera('encerramentos_pendentes')).toEqual(quando);
  });
});

describe('the row of a refund', () => {
  const linhas = () => dataSource.query('select * from estornos order by numero');

  it('waits for its turn, and is asked about a minute after it is pending', async () => {
    await acontecer(CRIADA, SOLICITADO, ABERTO, APROVADO, ESTORNO);
    const dados = {
      pagamento_id: 'pag_1',
      numero: 1,
      centavos: '4000',
      moeda: 'BRL',
      origem: 'ADMIN',
      meio: 'CARTAO',
    };
    const inicio = { ...dados, solicitado_em: depois(4), falhas: 0, erro: null };
    expect(await linhas()).toMatchObject([
      { ...inicio, situacao: 'SOLICITADO', refund_id: null, tentar_em: depois(4) },
    ]);
    await dataSource.query(`update estornos set falhas = 3, erro = 'away', tentar_em = $1`, [depois(50)]);
    await acontecer({ tipo: 'DisputaAberta', disputaId: 'dp_1', motivo: 'x', valor: VALOR, em: depois(5) });
    // What has not moved keeps its place in the queue.
    expect(await linhas()).toMatchObject([{ falhas: 3, erro: 'away', tentar_em: depois(50) }]);
    await acontecer(PENDENTE);
    expect(await linhas()).toMatchObject([
      { ...inicio, situacao: 'PENDENTE', refund_id: 're_1', tentar_em: depois(6) },
    ]);
    await acontecer(CONCLUIDO);
    expect(await linhas()).toMatchObject([{ ...inicio, situacao: 'CONCLUIDO', tentar_em: null }]);
  });
});

describe('the movements', () => {
  const movimentos = async () =>
    (await dataSource.query('select * from transacoes order by id')).map(
      ({ id, tipo, centavos, ocorrida_em }: Record<string, unknown>) => [id, tipo, centavos, ocorrida_em],
    );
  const captura = ['pag_1:4', 'CAPTURA', '10000', depois(3)];

  it('are money that came, went and came back', async () => {
    await acontecer(CRIADA, SOLICITADO, ABERTO, APROVADO, ESTORNO, CONCLUIDO, falhou(true));
    expect(await movimentos()).toEqual([
      captura,
      ['pag_1:6', 'ESTORNO', '4000', depois(6)],
      ['pag_1:7', 'ESTORNO_DEVOLVIDO', '4000', depois(7)],
    ]);
    const [dados] = await dataSource.query('select * from transacoes order by id');
    expect(dados).toMatchObject({
      pagamento_id: 'pag_1',
      reserva_id: 'res_1',
      cliente_id: 'cli_1',
      moeda: 'BRL',
    });
  });

  it('are none where no money has moved', async () => {
    await acontecer(CRIADA, SOLICITADO, ABERTO, RECUSADO, APROVADO, ESTORNO, falhou(false));
    expect(await movimentos()).toEqual([['pag_1:5', 'CAPTURA', '10000', depois(3)]]);
  });

  it('are of credit alone where credit has paid, and Stripe is asked about nothing', async () => {
    await new PostgresLivroDeCreditos(dataSource).conceder('cli_1', VALOR, 'bonus:res_0', T0);
    const paga: PagamentoEvent = { tipo: 'PagamentoAprovado', valor: Dinheiro.zero(), em: T0 };
    await acontecer({ ...CRIADA, creditos: VALOR }, paga);
    expect(await movimentos()).toContainEqual(['pag_1:1', 'CREDITO_USADO', '10000', T0]);
    expect(await movimentos()).not.toContainEqual(expect.arrayContaining(['CAPTURA']));
    expect(await linha('verificar_em, creditos, creditos_retidos')).toEqual({
      ...{ verificar_em: null, creditos: '10000', creditos_retidos: '10000' },
    });
  });

  it('of credit of a closed charge lead back into the lot that it came from', async () => {
    await new PostgresLivroDeCreditos(dataSource).conceder('cli_2', VALOR, 'bonus:res_9', T0);
    await acontecer({ ...CRIADA, clienteId: 'cli_2', creditos: Dinheiro.deCentavos(3_000n) }, SOLICITADO);
    await acontecer(CANCELADA);
    const lotes = await dataSource.query(
      `select id, restante from creditos_lotes where cliente_id = 'cli_2'`,
    );
    expect(lotes).toEqual([{ id: 'bonus:res_9', restante: '10000' }]);
  });
});
