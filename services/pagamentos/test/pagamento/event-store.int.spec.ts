import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { migrate } from '@plataforma/runtime/postgres';
import { type Barrier, stopAt } from '@plataforma/testing/barrier';
import type { DataSource } from 'typeorm';
import { aprovar } from '../../src/cobrancas/domain/captura.ts';
import { criarCobranca } from '../../src/cobrancas/domain/cobranca.ts';
import { PostgresConsultaDeTransacoes } from '../../src/extrato/infrastructure/consulta-de-transacoes.ts';
import { ConcurrencyError } from '../../src/pagamento/application/concurrency.ts';
import type { PagamentoEvent } from '../../src/pagamento/domain/eventos.ts';
import { fold } from '../../src/pagamento/domain/pagamento.ts';
import { PostgresConsultaDePagamentos } from '../../src/pagamento/infrastructure/consulta-de-pagamentos.ts';
import { EventStore } from '../../src/pagamento/infrastructure/event-store.ts';
import { migrations } from '../../src/persistence/migrations.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { openTestDatabase, outboxOf } from '../pagamentos-under-test.ts';

const T0 = new Date('2026-11-24T12:00:00Z');
const VALOR = Dinheiro.deCentavos(123_456n);
const ABERTO: PagamentoEvent = {
  tipo: 'CheckoutAberto',
  tentativa: 1,
  sessaoId: 'cs_x',
  checkoutUrl: 'https://checkout.test/cs_x',
  expiraEm: T0,
  em: T0,
};

let dataSource: DataSource;
let close: () => Promise<void>;
let barreira: Barrier | undefined;

beforeAll(async () => {
  ({ dataSource, close } = await openTestDatabase());
});

afterEach(() => barreira?.open());

afterAll(() => close());

function criada(pagamentoId: string, reservaId: string): readonly PagamentoEvent[] {
  const pedido = { reservaId, clienteId: 'cli_1', valor: VALOR, descricao: 'Sala', expiraEm: T0 };
  const decidido = criarCobranca(fold([]), pagamentoId, pedido, T0);
  if (decidido.isFailure) throw decidido.error;
  return decidido.value;
}

function gravar(id: string, eventos: readonly PagamentoEvent[], versao?: number) {
  return createUnitOfWork(dataSource).run(async ({ pagamentos }) => {
    const atual = await pagamentos.findById(id);
    return pagamentos.append({ ...atual, versao: versao ?? atual.versao }, eventos, 'teste');
  });
}

const contar = async (tabela: string) => {
  const [row] = await dataSource.query(`select count(*)::int as n from ${tabela}`);
  return row.n as number;
};

describe('EventStore', () => {
  it('reads back what was written, in order', async () => {
    const eventos = [...criada('pag_ida', 'res_ida'), ABERTO];
    await dataSource.transaction((manager) =>
      new EventStore(manager).append('ida', 0, eventos, { causa: 'teste' }),
    );
    expect(await new EventStore(dataSource.manager).read('ida')).toEqual(eventos);
  });

  it('lets one of two writers win when both append at the same version', async () => {
    const appends = ['a', 'b'].map(() =>
      dataSource.transaction((manager) => new EventStore(manager).append('corrida', 0, [ABERTO], {})),
    );
    const settled = await Promise.allSettled(appends);
    expect(settled.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(settled.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: expect.any(ConcurrencyError),
    });
    expect(await new EventStore(dataSource.manager).read('corrida')).toHaveLength(1);
  });

  it.each([
    "update eventos_pagamento set tipo = 'X'",
    'delete from eventos_pagamento',
    'truncate eventos_pagamento',
    "update transacoes set tipo = 'ESTORNO'",
    'delete from transacoes',
    'truncate transacoes',
  ])('refuses %s', async (sql) => {
    await expect(dataSource.query(sql)).rejects.toThrow('is append-only');
  });

  it('refuses to read an event of a shape it does not know', async () => {
    await dataSource.query(`
      insert into eventos_pagamento (fluxo, versao, tipo, versao_esquema, dados, meta, ocorrido_em)
      values ('futuro', 1, 'CobrancaCriada', 99, '{}', '{}', now())`);
    await expect(new EventStore(dataSource.manager).read('futuro')).rejects.toThrow(
      'unknown to this version',
    );
  });
});

describe('migrations', () => {
  it('can be undone and done again', async () => {
    const outra = await openTestDatabase();
    for (const _ of migrations) await outra.dataSource.undoLastMigration();
    await migrate(outra.dataSource);
    expect(await outra.dataSource.query('select * from webhooks_stripe')).toEqual([]);
    await outra.close();
  });
});

describe('PagamentosEventSourcedRepository', () => {
  it('writes events, projections and outbox together', async () => {
    await gravar('pag_1', criada('pag_1', 'res_1'));
    expect(await dataSource.query('select pagamento_id from checkouts_pendentes')).toContainEqual({
      pagamento_id: 'pag_1',
    });
    await gravar('pag_1', [ABERTO, { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor: VALOR, em: T0 }]);
    const consulta = new PostgresConsultaDePagamentos(dataSource);
    expect(await consulta.findById('pag_1')).toMatchObject({
      status: 'APROVADO',
      valor: VALOR,
      checkoutUrl: ABERTO.tipo === 'CheckoutAberto' && ABERTO.checkoutUrl,
      aprovadoEm: T0,
    });
    const transacoes = new PostgresConsultaDeTransacoes(dataSource);
    expect(await transacoes.listar({ reservaId: 'res_1' }, undefined, 9)).toMatchObject([
      { id: 'pag_1:4', tipo: 'CAPTURA', valor: VALOR },
    ]);
    expect(await outboxOf(dataSource, 'pag_1')).toMatchObject([
      { assunto: 'pagamentos.v1.CobrancaCriada', agregado_versao: 3 },
      { assunto: 'pagamentos.v1.PagamentoAprovado', agregado_versao: 4 },
    ]);
    expect(await dataSource.query("select * from checkouts_pendentes where pagamento_id = 'pag_1'")).toEqual(
      [],
    );
  });

  it('writes nothing at all when the version is stale', async () => {
    await gravar('pag_2', criada('pag_2', 'res_2'));
    const antes = [await contar('eventos_pagamento'), await contar('outbox')];
    await expect(gravar('pag_2', [ABERTO], 1)).rejects.toThrow(ConcurrencyError);
    expect([await contar('eventos_pagamento'), await contar('outbox')]).toEqual(antes);
  });

  it('refuses a second payment for the same reservation', async () => {
    await gravar('pag_3', criada('pag_3', 'res_3'));
    await expect(gravar('pag_4', criada('pag_4', 'res_3'))).rejects.toThrow(ConcurrencyError);
    expect(await new EventStore(dataSource.manager).read('pag_4')).toEqual([]);
  });

  it('approves after a cancellation, so that a late payment is on record', async () => {
    const eventos = criada('pag_5', 'res_5');
    await gravar('pag_5', [...eventos, { tipo: 'CobrancaCancelada', motivo: 'PRAZO_ESGOTADO', em: T0 }]);
    const { estado } = await createUnitOfWork(dataSource).run((tx) => tx.pagamentos.findById('pag_5'));
    const decidido = aprovar(estado, { pagamentoId: 'pag_5', intencaoId: 'pi_5', valor: VALOR }, T0);
    await gravar('pag_5', decidido.isSuccess ? decidido.value : []);
    expect(await new PostgresConsultaDePagamentos(dataSource).findById('pag_5')).toMatchObject({
      status: 'APROVADO',
    });
  });
});

describe('a unit of work', () => {
  it.each(['40P01', '40001'])('is done again after %s, and tells once what it has stored', async (code) => {
    const ditos: string[] = [];
    let vezes = 0;
    const uow = createUnitOfWork(dataSource, (pagamentoId) => ditos.push(pagamentoId));
    await uow.run(async ({ pagamentos }) => {
      const atual = await pagamentos.findById(`pag_${code}`);
      await pagamentos.append(atual, criada(`pag_${code}`, `res_${code}`), 'teste');
      vezes += 1;
      if (vezes === 1) throw Object.assign(new Error('rolled back for another one'), { code });
    });
    expect([vezes, ditos]).toEqual([2, [`pag_${code}`]]);
  });

  it('tells nobody of what is not stored yet, or never will be', async () => {
    const ditos: string[] = [];
    const uow = createUnitOfWork(dataSource, (pagamentoId) => ditos.push(pagamentoId));
    const gravada = (id: string) =>
      uow.run(async ({ pagamentos }) =>
        pagamentos.append(await pagamentos.findById(id), criada(id, `res_${id}`), 'teste'),
      );
    for (const [id, morre] of [
      ['pag_vive', false],
      ['pag_morre', true],
    ] as const) {
      barreira = stopAt(/^commit$/);
      const escrita = gravada(id).then(
        () => 'stored',
        () => 'lost',
      );
      await barreira.reached();
      expect(ditos).not.toContain(id);
      if (morre)
        await dataSource.query(`select pg_terminate_backend(pid) from pg_stat_activity
          where datname = current_database() and state = 'idle in transaction'`);
      barreira.open();
      expect(await escrita).toBe(morre ? 'lost' : 'stored');
    }
    expect(ditos).toEqual(['pag_vive']);
  });
});
