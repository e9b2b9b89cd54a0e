import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { DEAD_AFTER } from '@plataforma/domain/work-queue';
import { doneOrBlocked } from '@plataforma/testing/barrier';
import type { DataSource } from 'typeorm';
import { PostgresFilaDeCobrancas } from '../../src/cobrancas/infrastructure/filas-de-cobrancas.ts';
import { PostgresPainelDeReconciliacao } from '../../src/conciliacao/infrastructure/painel-de-reconciliacao.ts';
import { PostgresFilaDeEstornos } from '../../src/estornos/infrastructure/fila-de-estornos.ts';
import type { PagamentoEvent } from '../../src/pagamento/domain/eventos.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { type QueueName, queueState } from '../../src/trabalhos/infrastructure/queue-state.ts';
import { PostgresCaixaDeWebhooks } from '../../src/webhooks/infrastructure/caixa-de-webhooks.ts';
import { openTestDatabase } from '../pagamentos-under-test.ts';

const AGORA = new Date('2026-11-24T12:00:00Z');
const POSSE_ATE = new Date('2026-11-24T12:00:15Z');

let dataSource: DataSource;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ dataSource, close } = await openTestDatabase());
});

beforeEach(() =>
  dataSource.query(
    'delete from checkouts_pendentes; delete from encerramentos_pendentes; delete from estornos;' +
      'delete from pagamentos; delete from webhooks_stripe',
  ),
);

afterAll(() => close());

/** Two charges, open or captured; the first one has been due for longer. */
const cobrancas = (pagas: boolean) =>
  dataSource.query(
    `insert into pagamentos (id, reserva_id, cliente_id, centavos, moeda, descricao, status, expira_em, sessao_id,
       checkout_url, checkout_expira_em, intencao_id, criado_em, aprovado_em, atualizado_em, versao, verificar_em)
     select 'pag_' || n, 'res_' || n, 'cli_1', 1000, 'BRL', '', case when $2 then 'APROVADO' else 'PENDENTE' end, $1,
       'cs_' || n, 'x', $1, case when $2 then 'pi_' || n end, $1, case when $2 then $1::timestamptz end, $1, 3,
       $1::timestamptz - make_interval(secs => 9 - n)
     from generate_series(1, 2) n`,
    [AGORA, pagas],
  );

const DEVIDAS = `select id as pagamento_id, verificar_em as tentar_em from pagamentos`;

interface Fila {
  readonly tabela: string;
  readonly chave: string;
  readonly prazo?: string;
  preparar(): Promise<unknown>;
  tomar(): Promise<string | undefined>;
}

const filaDeCobrancas = (tabela: 'checkouts_pendentes' | 'encerramentos_pendentes'): Fila => ({
  tabela,
  chave: 'pagamento_id',
  async preparar() {
    await cobrancas(false);
    await dataSource.query(`insert into ${tabela} (pagamento_id, tentar_em) ${DEVIDAS}`);
  },
  tomar: async () =>
    (await new PostgresFilaDeCobrancas(dataSource, tabela).reivindicar(AGORA, POSSE_ATE))[0]?.pagamentoId,
});

const painel = (pagas: boolean): Fila => ({
  tabela: 'pagamentos',
  chave: 'id',
  preparar: () => cobrancas(pagas),
  tomar: async () =>
    (await new PostgresPainelDeReconciliacao(dataSource).reivindicar(AGORA, POSSE_ATE, 1))[0],
});

const estornos: Fila = {
  tabela: 'estornos',
  chave: 'pagamento_id',
  async preparar() {
    await cobrancas(true);
    await dataSource.query(
      `insert into estornos (pagamento_id, numero, centavos, moeda, origem, situacao, solicitado_em, tentar_em)
       select pagamento_id, 1, 1, 'BRL', 'ADMIN', 'SOLICITADO', tentar_em, tentar_em from (${DEVIDAS}) d`,
    );
  },
  tomar: async () =>
    (await new PostgresFilaDeEstornos(dataSource).reivindicar(AGORA, POSSE_ATE))[0]?.pagamentoId,
};

const webhooks: Fila = {
  tabela: 'webhooks_stripe',
  chave: 'id',
  preparar: () =>
    dataSource.query(
      `insert into webhooks_stripe (id, tipo, payload, tentar_em, recebido_em)
       select 'pag_' || n, 'x', '{}', $1::timestamptz - make_interval(secs => 9 - n), $1 from generate_series(1, 2) n`,
      [AGORA],
    ),
  tomar: async () => (await new PostgresCaixaDeWebhooks(dataSource).reivindicar(AGORA, POSSE_ATE))[0]?.id,
};

describe.each<[string, Fila]>([
  ['charges without a checkout', filaDeCobrancas('checkouts_pendentes')],
  ['charges to be closed', filaDeCobrancas('encerramentos_pendentes')],
  ['refunds', estornos],
  ['webhooks', webhooks],
  ['open payments to compare', painel(false)],
  ['captured payments to compare', painel(true)],
])('the queue of %s', (_, { tabela, chave, preparar, tomar }) => {
  it('gives a worker at once what nobody is just taking, and each piece to one', async () => {
    await preparar();
    await dataSource.transaction(async (outro) => {
      await outro.query(`select 1 from ${tabela} where ${chave} = 'pag_1' for no key update`);
      const tomada = tomar();
      expect(await doneOrBlocked(dataSource, tomada)).toBe('done');
      expect(await tomada).toBe('pag_2');
    });
    expect([await tomar(), await tomar()]).toEqual(['pag_1', undefined]);
  });
});

describe('what operators see of a queue', () => {
  const depois = (ms: number) => new Date(AGORA.getTime() + ms);
  const ver = (fila: QueueName, agora = AGORA) => queueState(dataSource, fila, agora);

  it.each<[QueueName, Fila]>([
    ['checkouts', filaDeCobrancas('checkouts_pendentes')],
    ['encerramentos', filaDeCobrancas('encerramentos_pendentes')],
    ['estornos', estornos],
  ])(
    'is how long it has waited, what failed and what is dead: %s',
    async (nome, { tabela, preparar, tomar }) => {
      expect(await ver(nome)).toEqual({ dueSince: undefined, putOff: 0, dead: 0 });
      await preparar();
      expect(await ver(nome)).toEqual({ dueSince: depois(-8_000), putOff: 0, dead: 0 });
      // What is in hand is not due.
      await tomar();
      expect(await ver(nome)).toEqual({ dueSince: depois(-7_000), putOff: 0, dead: 0 });
      await dataSource.query(
        `update ${tabela} set falhas = ${DEAD_AFTER - 1}, erro = 'x' where pagamento_id = 'pag_1'`,
      );
      await dataSource.query(
        `update ${tabela} set falhas = ${DEAD_AFTER}, erro = 'x' where pagamento_id = 'pag_2'`,
      );
      expect(await ver(nome)).toMatchObject({ putOff: 2, dead: 1 });
    },
  );

  it('counts no failure where a refund is pending or waits for the end of a dispute', async () => {
    await estornos.preparar();
    await dataSource.query(`update estornos set falhas = 20, erro = 'PENDENTE' where pagamento_id = 'pag_1'`);
    await dataSource.query(
      `update estornos set falhas = 20, erro = 'EM_DISPUTA' where pagamento_id = 'pag_2'`,
    );
    expect(await ver('estornos')).toMatchObject({ putOff: 0, dead: 0 });
  });

  it('takes webhooks that were given up for dead', async () => {
    await webhooks.preparar();
    const caixa = new PostgresCaixaDeWebhooks(dataSource);
    await caixa.adiar('pag_1', depois(1), 'x');
    await caixa.estacionar('pag_2', 'x', AGORA);
    expect(await ver('webhooks')).toEqual({ dueSince: undefined, putOff: 1, dead: 1 });
    expect((await ver('webhooks', depois(1))).dueSince).toEqual(depois(1));
  });
});

describe('a piece of work that failed', () => {
  /** With a character that PostgreSQL does not store. */
  const LONGO = `\0${'x'.repeat(500)}`;
  const GUARDADO = `\uFFFD${'x'.repeat(499)}`;
  const linhas = (fila: Fila, colunas: string) =>
    dataSource.query(`select ${colunas} from ${fila.tabela} order by ${fila.chave}`);
  const COMO_ERA = { tentar_em: new Date(AGORA.getTime() - 7_000), erro: null };

  it.each(['checkouts_pendentes', 'encerramentos_pendentes'] as const)(
    'waits, alone, with the beginning of its error: %s',
    async (tabela) => {
      const fila = filaDeCobrancas(tabela);
      await fila.preparar();
      await new PostgresFilaDeCobrancas(dataSource, tabela).adiar('pag_1', POSSE_ATE, LONGO);
      expect(await linhas(fila, 'tentar_em, falhas, erro')).toEqual([
        { tentar_em: POSSE_ATE, falhas: 1, erro: GUARDADO },
        { ...COMO_ERA, falhas: 0 },
      ]);
    },
  );

  it('waits, alone of its payment: a refund', async () => {
    await estornos.preparar();
    await dataSource.query(
      `insert into estornos (pagamento_id, numero, centavos, moeda, origem, situacao, solicitado_em, tentar_em)
       values ('pag_1', 2, 1, 'BRL', 'ADMIN', 'SOLICITADO', $1, $1), ('pag_1', 3, 1, 'BRL', 'ADMIN', 'CONCLUIDO', $1, null)`,
      [AGORA],
    );
    const fila = new PostgresFilaDeEstornos(dataSource);
    await fila.adiar('pag_1', 2, POSSE_ATE, LONGO);
    await fila.trocarTentativa({ pagamentoId: 'pag_1', numero: 2, tentativa: 1 });
    await fila.adiar('pag_1', 3, POSSE_ATE, LONGO);
    const outro = { falhas: 0, erro: null, tentativa: 1 };
    const ordem = 'pagamento_id, numero, tentar_em, falhas, erro, tentativa';
    expect(await dataSource.query(`select ${ordem} from estornos order by pagamento_id, numero`)).toEqual([
      { pagamento_id: 'pag_1', numero: 1, ...outro, tentar_em: new Date(AGORA.getTime() - 8_000) },
      {
        pagamento_id: 'pag_1',
        numero: 2,
        tentar_em: POSSE_ATE,
        falhas: 1,
        erro: GUARDADO,
        tentativa: 2,
      },
      { pagamento_id: 'pag_1', numero: 3, ...outro, tentar_em: null },
      { pagamento_id: 'pag_2', numero: 1, ...outro, tentar_em: new Date(AGORA.getTime() - 7_000) },
    ]);
  });

  it('has its next request once, however many workers have lost the one before: a refund', async () => {
    await estornos.preparar();
    const fila = new PostgresFilaDeEstornos(dataSource);
    const [vez] = await fila.reivindicar(AGORA, POSSE_ATE);
    if (!vez) throw new Error('no refund is due');
    for (const _ of ['who had its turn', 'who has lost it']) await fila.trocarTentativa(vez);
    expect(await linhas(estornos, 'tentativa')).toEqual([{ tentativa: 2 }, { tentativa: 1 }]);
  });

  it.each<[string, (caixa: PostgresCaixaDeWebhooks) => Promise<void>, object]>([
    [
      'tried again',
      (caixa) => caixa.adiar('pag_1', POSSE_ATE, LONGO),
      { estado: 'PENDENTE', tentar_em: POSSE_ATE, tentativas: 1, concluido_em: null },
    ],
    [
      'given back',
      (caixa) => caixa.devolver('pag_1', POSSE_ATE, LONGO),
      { estado: 'PENDENTE', tentar_em: POSSE_ATE, tentativas: 0, concluido_em: null },
    ],
    [
      'given up',
      (caixa) => caixa.estacionar('pag_1', LONGO, AGORA),
      { estado: 'ESTACIONADO', tentar_em: POSSE_ATE, tentativas: 1, concluido_em: AGORA },
    ],
  ])('is %s, alone, with the beginning of its error: a webhook', async (_, falhar, linha) => {
    await webhooks.preparar();
    await webhooks.tomar();
    const caixa = new PostgresCaixaDeWebhooks(dataSource);
    await falhar(caixa);
    const colunas = 'estado, tentar_em, tentativas, concluido_em, erro';
    expect(await linhas(webhooks, colunas)).toEqual([
      { ...linha, erro: GUARDADO },
      { ...COMO_ERA, estado: 'PENDENTE', tentativas: 0, concluido_em: null },
    ]);
    const parados = Number('estado' in linha && linha.estado === 'ESTACIONADO');
    expect(await caixa.contar()).toEqual({ pendentes: 2 - parados, estacionados: parados });
  });
});

describe('a webhook that somebody has dealt with meanwhile', () => {
  const CONCLUIDO = {
    estado: 'PROCESSADO',
    tentar_em: POSSE_ATE,
    erro: null,
    concluido_em: AGORA,
    tentativas: 1,
  };

  it.each<[string, (caixa: PostgresCaixaDeWebhooks, id: string) => Promise<void>]>([
    ['is put off', (caixa, id) => caixa.adiar(id, AGORA, 'slow')],
    ['is given back', (caixa, id) => caixa.devolver(id, AGORA, 'slow')],
    ['is given up', (caixa, id) => caixa.estacionar(id, 'slow', AGORA)],
  ])('stays as it is when it %s by who had it before', async (_, falhar) => {
    await webhooks.preparar();
    const id = String(await webhooks.tomar());
    const uow = createUnitOfWork(dataSource);
    const concluir = () => uow.run((tx) => tx.webhooks.concluir(id, 'PROCESSADO', AGORA));
    expect([await concluir(), await concluir()]).toEqual([true, false]);
    await falhar(new PostgresCaixaDeWebhooks(dataSource), id);
    const [row] = await dataSource.query('select * from webhooks_stripe where id = $1', [id]);
    expect(row).toMatchObject(CONCLUIDO);
  });
});

describe('a webhook that was given up and put back by a person', () => {
  /** As docs/runbooks/webhook-parked.md says. */
  const DE_VOLTA = `
    update webhooks_stripe
    set estado = 'PENDENTE', concluido_em = null, tentativas = 0, tentar_em = now()
    where id = $1 and estado = 'ESTACIONADO'`;

  it('is given back by who had it all that time, and owes no attempt for it', async () => {
    await webhooks.preparar();
    const id = String(await webhooks.tomar());
    const caixa = new PostgresCaixaDeWebhooks(dataSource);
    await caixa.estacionar(id, 'bad', AGORA);
    await dataSource.query(DE_VOLTA, [id]);
    await caixa.devolver(id, AGORA, 'away');
    const [row] = await dataSource.query('select * from webhooks_stripe where id = $1', [id]);
    expect(row).toMatchObject({ estado: 'PENDENTE', tentar_em: AGORA, erro: 'away', tentativas: 0 });
  });
});

describe('a charge that waits', () => {
  const depois = (ms: number) => new Date(AGORA.getTime() + ms);
  const expiraEm = depois(3_600_000);
  const criada: PagamentoEvent = {
    ...{ tipo: 'CobrancaCriada', pagamentoId: 'pag_espera', reservaId: 'res_espera', clienteId: 'cli_1' },
    ...{ valor: Dinheiro.deCentavos(1_000), creditos: Dinheiro.zero(), descricao: '', expiraEm, em: AGORA },
  };

  const acontecer = (...eventos: PagamentoEvent[]) =>
    createUnitOfWork(dataSource).run(async ({ pagamentos }) =>
      pagamentos.append(await pagamentos.findById('pag_espera'), eventos, 'teste'),
    );

  const esperam = async (tabela: string) =>
    (await dataSource.query(`select tentar_em from ${tabela}`)).map(
      (row: { tentar_em: Date }) => row.tentar_em,
    );

  it('keeps its place whatever else happens to it, until there is nothing to wait for', async () => {
    await acontecer(criada);
    const aAbrir = await esperam('checkouts_pendentes');
    expect(aAbrir).toHaveLength(1);
    await acontecer({ tipo: 'CheckoutSolicitado', tentativa: 1, expiraEm, em: depois(1) });
    expect(await esperam('checkouts_pendentes')).toEqual(aAbrir);
    const sessao = { tentativa: 1, sessaoId: 'cs_espera', checkoutUrl: 'x', expiraEm };
    await acontecer({ tipo: 'CheckoutAberto', ...sessao, em: depois(2) });
    expect(await esperam('checkouts_pendentes')).toEqual([]);
    await acontecer({
      tipo: 'EncerramentoSolicitado',
      motivo: 'RESERVA_EXPIRANDO',
      pedido: 2,
      em: depois(3),
    });
    const aEncerrar = await esperam('encerramentos_pendentes');
    expect(aEncerrar).toEqual([depois(3)]);
    await acontecer({ tipo: 'CartaoRecusado', recusaId: 'ch_1', codigo: 'x', em: depois(4) });
    expect(await esperam('encerramentos_pendentes')).toEqual(aEncerrar);
    await acontecer({ tipo: 'CobrancaCancelada', motivo: 'SESSAO_EXPIRADA', em: depois(5) });
    expect(await esperam('encerramentos_pendentes')).toEqual([]);
  });
});
