import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { migrate } from '@plataforma/runtime/postgres';
import type { DataSource } from 'typeorm';
import { PostgresLivroDeCreditos } from '../../src/creditos/infrastructure/livro-de-creditos.ts';
import { verificarLivro } from '../../src/livro/infrastructure/ledger-verifier.ts';
import { reconstruirProjecoes } from '../../src/livro/infrastructure/reconstruir-projecoes.ts';
import type { PagamentoEvent } from '../../src/pagamento/domain/eventos.ts';
import { encode, VERSAO_ESQUEMA } from '../../src/pagamento/infrastructure/event-codec.ts';
import { EventStore } from '../../src/pagamento/infrastructure/event-store.ts';
import { migrations } from '../../src/persistence/migrations.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { openTestDatabase } from '../pagamentos-under-test.ts';

const T0 = new Date('2026-11-24T12:00:00Z');
const valor = Dinheiro.deCentavos(10_000n);

let dataSource: DataSource;
let close: () => Promise<void>;

beforeEach(async () => {
  ({ dataSource, close } = await openTestDatabase());
});

afterEach(() => close());

const criada = (n: number): PagamentoEvent => ({
  tipo: 'CobrancaCriada',
  pagamentoId: `pag_${n}`,
  reservaId: `res_${n}`,
  clienteId: 'cli_1',
  valor,
  creditos: Dinheiro.zero(),
  descricao: 'Sala',
  expiraEm: T0,
  em: T0,
});

const recusado = (n: number): PagamentoEvent => ({
  tipo: 'CartaoRecusado',
  recusaId: `ch_${n}`,
  codigo: 'card_declined',
  em: T0,
});

const PAGO_E_DEVOLVIDO: PagamentoEvent[] = [
  { tipo: 'CheckoutSolicitado', tentativa: 1, expiraEm: T0, em: T0 },
  {
    tipo: 'CheckoutAberto',
    tentativa: 1,
    sessaoId: 'cs_1',
    checkoutUrl: 'https://checkout.test/cs_1',
    expiraEm: T0,
    em: T0,
  },
  { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor, em: T0 },
  { tipo: 'EstornoSolicitado', numero: 1, meio: 'CARTAO', valor, origem: 'ADMIN', motivo: 'x', em: T0 },
  { tipo: 'EstornoConcluido', numero: 1, refundId: 're_1', valor, em: T0 },
];

function gravar(n: number, eventos: readonly PagamentoEvent[]) {
  return createUnitOfWork(dataSource).run(async ({ pagamentos }) =>
    pagamentos.append(await pagamentos.findById(`pag_${n}`), eventos, 'teste'),
  );
}

/** Changes history as somebody with the rights of the owner could. */
async function adulterar(sql: string): Promise<void> {
  await dataSource.query('alter table eventos_pagamento disable trigger all');
  await dataSource.query(sql);
  await dataSource.query('alter table eventos_pagamento enable trigger all');
}

describe('the hash chain', () => {
  it('is whole after writing one by one and many at once', async () => {
    await gravar(1, [criada(1), ...PAGO_E_DEVOLVIDO]);
    await gravar(2, [criada(2)]);
    await gravar(2, [recusado(1)]);
    expect(await verificarLivro(dataSource)).toEqual({ fluxos: 2, eventos: 8, defeitos: [] });
  });

  it.each([
    [
      'changed',
      `update eventos_pagamento set dados = jsonb_set(dados, '{valor,centavos}', '"1"') where fluxo = 'pag_1' and versao = 1`,
      [{ fluxo: 'pag_1', versao: 1, problema: 'was changed after it was written' }],
    ],
    [
      'changed with a hash of its own',
      `update eventos_pagamento e set tipo = 'X', hash = hash_do_evento(e) where fluxo = 'pag_1' and versao = 2;
       update eventos_pagamento e set hash = hash_do_evento(e) where fluxo = 'pag_1' and versao = 2`,
      [{ fluxo: 'pag_1', versao: 3, problema: 'does not follow from the event before it' }],
    ],
    [
      'removed',
      `delete from eventos_pagamento where fluxo = 'pag_1' and versao = 3`,
      [{ fluxo: 'pag_1', versao: 4, problema: 'version 3 is missing' }],
    ],
    [
      'cut off',
      `delete from eventos_pagamento where fluxo = 'pag_1' and versao = 6`,
      [{ fluxo: 'pag_1', versao: 5, problema: 'the stream ends at version 5, the payment says 6' }],
    ],
    [
      'added in between',
      `update eventos_pagamento set versao = versao + 10 where fluxo = 'pag_1' and versao > 3;
       update eventos_pagamento set versao = versao - 9 where fluxo = 'pag_1' and versao > 3;
       insert into eventos_pagamento (fluxo, versao, tipo, versao_esquema, dados, meta, ocorrido_em, hash_anterior, hash)
       select fluxo, 4, tipo, versao_esquema, dados, meta, ocorrido_em, hash, '' from eventos_pagamento
       where fluxo = 'pag_1' and versao = 3;
       update eventos_pagamento e set hash = hash_do_evento(e) where fluxo = 'pag_1' and versao = 4`,
      [
        { fluxo: 'pag_1', versao: 5, problema: 'does not follow from the event before it' },
        { fluxo: 'pag_1', versao: 6, problema: 'was changed after it was written' },
        { fluxo: 'pag_1', versao: 7, problema: 'was changed after it was written' },
        { fluxo: 'pag_1', versao: 7, problema: 'the stream ends at version 7, the payment says 6' },
      ],
    ],
    [
      'added at the end',
      `alter table eventos_pagamento enable trigger eventos_pagamento_encadear;
       insert into eventos_pagamento (fluxo, versao, tipo, versao_esquema, dados, meta, ocorrido_em)
       select fluxo, 7, tipo, versao_esquema, dados, meta, ocorrido_em from eventos_pagamento
       where fluxo = 'pag_1' and versao = 6`,
      [{ fluxo: 'pag_1', versao: 7, problema: 'the stream ends at version 7, the payment says 6' }],
    ],
    [
      'made up with a stream of its own',
      `alter table eventos_pagamento enable trigger eventos_pagamento_encadear;
       insert into eventos_pagamento (fluxo, versao, tipo, versao_esquema, dados, meta, ocorrido_em)
       select 'pag_x', 1, tipo, versao_esquema, dados, meta, ocorrido_em from eventos_pagamento
       where fluxo = 'pag_1' and versao = 1`,
      [{ fluxo: 'pag_x', versao: 1, problema: 'the stream ends at version 1, the payment says 0' }],
    ],
  ])('shows that an event was %s', async (_, sql, defeitos) => {
    await gravar(1, [criada(1), ...PAGO_E_DEVOLVIDO]);
    await adulterar(sql);
    expect((await verificarLivro(dataSource)).defeitos).toEqual(defeitos);
  });

  it('is put around the events that were there before it', async () => {
    await gravar(1, [criada(1), ...PAGO_E_DEVOLVIDO]);
    await gravar(2, [criada(2)]);
    const hashes = () =>
      dataSource.query('select fluxo, versao, hash from eventos_pagamento order by posicao');
    const antes = await hashes();
    const primeira = migrations.findIndex(({ name }) => name.startsWith('CadeiaInstantaneos'));
    for (const _ of migrations.slice(primeira)) await dataSource.undoLastMigration();
    expect(
      await dataSource.query(`select from information_schema.columns where column_name = 'hash'`),
    ).toEqual([]);
    await migrate(dataSource);
    expect(await hashes()).toEqual(antes);
    expect((await verificarLivro(dataSource)).defeitos).toEqual([]);
  });

  it('lets nobody leave out a version', async () => {
    await gravar(1, [criada(1)]);
    const store = new EventStore(dataSource.manager);
    await expect(store.append('pag_1', 5, [recusado(1)], {})).rejects.toThrow('has no version 5');
  });
});

describe('the projections', () => {
  it.each([
    [
      `update pagamentos set status = 'ESTORNO_PENDENTE'`,
      'the projections say status ESTORNO_PENDENTE, the events ESTORNADO',
    ],
    [`update pagamentos set estornado = 9999`, 'the projections say estornado 9999, the events 10000'],
    [`update pagamentos set excedente = 1`, 'the projections say excedente 1, the events 0'],
    [`update pagamentos set centavos = 10001`, 'the projections say centavos 10001, the events 10000'],
    [
      `insert into transacoes (id, pagamento_id, reserva_id, cliente_id, tipo, centavos, moeda, ocorrida_em)
       values ('x', 'pag_1', 'res_1', 'cli_1', 'ESTORNO', 5, 'BRL', now())`,
      'the projections say cartao -5, the events 0',
    ],
    [
      `insert into transacoes (id, pagamento_id, reserva_id, cliente_id, tipo, centavos, moeda, ocorrida_em)
       values ('x', 'pag_1', 'res_1', 'cli_1', 'ESTORNO_DEVOLVIDO', 5, 'BRL', now())`,
      'the projections say cartao 5, the events 0',
    ],
    [
      `insert into transacoes (id, pagamento_id, reserva_id, cliente_id, tipo, centavos, moeda, ocorrida_em)
       values ('x', 'pag_1', 'res_1', 'cli_1', 'CAPTURA', 5, 'BRL', now())`,
      'the projections say cartao 5, the events 0',
    ],
  ])('are compared with the events: %s', async (sql, problema) => {
    await gravar(1, [criada(1), ...PAGO_E_DEVOLVIDO]);
    await gravar(2, [criada(2), recusado(1)]);
    expect((await verificarLivro(dataSource)).defeitos).toEqual([]);
    await dataSource.query(sql.replace(/^(update .*)$/, `$1 where id = 'pag_1'`));
    expect((await verificarLivro(dataSource)).defeitos).toEqual([{ fluxo: 'pag_1', versao: 6, problema }]);
  });
});

describe('money by card', () => {
  const pedido = (numero: number, meio: 'CARTAO' | 'CREDITO'): PagamentoEvent => ({
    ...{
      tipo: 'EstornoSolicitado',
      numero,
      meio,
      valor: meio === 'CARTAO' ? PARTE : CREDITO,
      origem: 'ADMIN',
    },
    ...{ motivo: 'x', em: T0 },
  });
  const CREDITO = Dinheiro.deCentavos(3_000n);
  const PARTE = Dinheiro.deCentavos(2_000n);
  const falhou = (numero: number, devolvido: boolean): PagamentoEvent => ({
    ...{
      tipo: 'EstornoFalhou',
      numero,
      refundId: `re_${numero}`,
      valor: PARTE,
      motivo: 'x',
      devolvido,
      em: T0,
    },
  });

  it('is told from credit, and what came back from what never went', async () => {
    await new PostgresLivroDeCreditos(dataSource).conceder('cli_1', CREDITO, 'bonus:res_0', T0);
    await gravar(1, [
      { ...criada(1), creditos: CREDITO } as PagamentoEvent,
      ...PAGO_E_DEVOLVIDO.slice(0, 2),
      { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor: Dinheiro.deCentavos(7_000n), em: T0 },
      pedido(1, 'CREDITO'),
      { tipo: 'EstornoConcluido', numero: 1, valor: CREDITO, em: T0 },
      pedido(2, 'CARTAO'),
      { tipo: 'EstornoConcluido', numero: 2, refundId: 're_2', valor: PARTE, em: T0 },
      falhou(2, true),
      pedido(3, 'CARTAO'),
      falhou(3, false),
    ]);
    await gravar(2, [
      { ...criada(2), valor: CREDITO, creditos: CREDITO } as PagamentoEvent,
      { tipo: 'PagamentoAprovado', valor: Dinheiro.zero(), em: T0 },
    ]);
    expect((await verificarLivro(dataSource)).defeitos).toEqual([]);
  });
});

describe('books of many pages', () => {
  /** Streams of one event, written at once as the triggers write them. */
  const muitos = async (quantos: number) => {
    const dados = JSON.parse(encode(criada(1)));
    await dataSource.query(
      `insert into eventos_pagamento (fluxo, versao, tipo, versao_esquema, dados, meta, ocorrido_em)
       select id, 1, 'CobrancaCriada', $2, $3::jsonb || jsonb_build_object('pagamentoId', id, 'reservaId', id), '{}', $4
       from (select 'pag_' || lpad(n::text, 4, '0') as id from generate_series(1, $1) n) ids order by id`,
      [quantos, VERSAO_ESQUEMA, JSON.stringify(dados), T0],
    );
  };

  it('are written anew and read to their end, and each defect is told once', async () => {
    await muitos(501);
    const store = new EventStore(dataSource.manager);
    const centena = (n: number) => Array.from({ length: 100 }, (_, i) => recusado(n * 100 + i));
    for (let n = 0; n < 5; n++) await store.append('pag_0500', 1 + n * 100, centena(n), {});
    expect(await reconstruirProjecoes(dataSource)).toBe(501);
    expect(await verificarLivro(dataSource)).toEqual({ fluxos: 501, eventos: 1_001, defeitos: [] });
    await dataSource.query(`update pagamentos set comprometido = 1 where id in ('pag_0500', 'pag_0501')`);
    const problema = 'the projections say comprometido 1, the events 0';
    expect((await verificarLivro(dataSource)).defeitos).toEqual([
      { fluxo: 'pag_0500', versao: 501, problema },
      { fluxo: 'pag_0501', versao: 1, problema },
    ]);
  });
});

describe('snapshots', () => {
  it('are taken every hundred events and give the same state as all events', async () => {
    await gravar(1, [criada(1)]);
    for (let n = 0; n < 25; n++)
      await gravar(
        1,
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9].map((i) => recusado(10 * n + i)),
      );
    const fotos = await dataSource.query('select versao from instantaneos_pagamento');
    expect(fotos).toEqual([{ versao: 201 }]);
    const { versao, estado } = await new EventStore(dataSource.manager).stateOf('pag_1');
    expect(versao).toBe(251);
    await dataSource.query('delete from instantaneos_pagamento');
    expect(await new EventStore(dataSource.manager).stateOf('pag_1')).toEqual({ versao, estado });
    expect(await new EventStore(dataSource.manager).stateOfReservation('res_1')).toEqual({
      id: 'pag_1',
      versao,
      estado,
    });
    expect(await new EventStore(dataSource.manager).stateOfReservation('res_nenhuma')).toBeUndefined();
  });

  it('are not believed when they are of another shape', async () => {
    await gravar(1, [criada(1), ...Array.from({ length: 99 }, (_, n) => recusado(n))]);
    await dataSource.query(`update instantaneos_pagamento set esquema = 99, estado = '{}'`);
    expect(await new EventStore(dataSource.manager).stateOf('pag_1')).toMatchObject({
      versao: 100,
      estado: { fase: 'PENDENTE' },
    });
  });

  it('are found out by the verifier when they say something else than the events', async () => {
    await gravar(1, [criada(1), ...Array.from({ length: 99 }, (_, n) => recusado(n))]);
    expect((await verificarLivro(dataSource)).defeitos).toEqual([]);
    await dataSource.query(`update instantaneos_pagamento set estado = estado || '{"fase": "APROVADO"}'`);
    expect((await verificarLivro(dataSource)).defeitos).toEqual([
      { fluxo: 'pag_1', versao: 100, problema: 'the snapshot does not say what the events say' },
    ]);
    // Of another shape it is not read, so it cannot mislead.
    await dataSource.query('update instantaneos_pagamento set esquema = 99');
    expect((await verificarLivro(dataSource)).defeitos).toEqual([]);
  });

  it('are compared with the events up to their version, in whatever order their fields are', async () => {
    await gravar(1, [criada(1), ...Array.from({ length: 99 }, (_, n) => recusado(n))]);
    await gravar(1, [recusado(100)]);
    const [{ estado }] = await dataSource.query('select estado from instantaneos_pagamento');
    const aoContrario = Object.fromEntries(Object.entries({ ...estado, nada: null }).reverse());
    await dataSource.query('update instantaneos_pagamento set estado = $1', [JSON.stringify(aoContrario)]);
    const { defeitos } = await verificarLivro(dataSource);
    expect(defeitos).toEqual([
      { fluxo: 'pag_1', versao: 100, problema: 'the snapshot does not say what the events say' },
    ]);
    delete aoContrario.nada;
    await dataSource.query('update instantaneos_pagamento set estado = $1', [JSON.stringify(aoContrario)]);
    expect((await verificarLivro(dataSource)).defeitos).toEqual([]);
  });

  it('are taken when a hundred are passed, whoever passes them by how much', async () => {
    const versoes = async () =>
      (await dataSource.query('select versao from instantaneos_pagamento'))[0]?.versao;
    await gravar(1, [criada(1), ...Array.from({ length: 98 }, (_, n) => recusado(n))]);
    expect(await versoes()).toBeUndefined();
    await gravar(1, [recusado(98), recusado(99)]);
    expect(await versoes()).toBe(101);
    await gravar(
      1,
      Array.from({ length: 98 }, (_, n) => recusado(200 + n)),
    );
    expect(await versoes()).toBe(101);
    await gravar(1, [recusado(300)]);
    expect(await versoes()).toBe(200);
  });
});

describe('reconstruirProjecoes', () => {
  const tudo = () =>
    Promise.all(
      ['pagamentos', 'estornos', 'transacoes', 'checkouts_pendentes', 'encerramentos_pendentes'].map(
        (tabela) => dataSource.query(`select * from ${tabela} order by 1`),
      ),
    );

  it('gives the very same tables from the events alone, and announces nothing', async () => {
    await gravar(1, [criada(1), ...PAGO_E_DEVOLVIDO]);
    await gravar(2, [criada(2), recusado(1)]);
    await gravar(3, [criada(3)]);
    const antes = await tudo();
    const [{ n: anunciados }] = await dataSource.query('select count(*)::int as n from outbox');
    await dataSource.query(
      `update pagamentos set status = 'CANCELADO', intencao_id = null, aprovado_em = null`,
    );
    await dataSource.query('delete from checkouts_pendentes');
    expect(await reconstruirProjecoes(dataSource)).toBe(3);
    expect(await tudo()).toEqual(antes);
    expect(await dataSource.query('select count(*)::int as n from outbox')).toEqual([{ n: anunciados }]);
  });

  it('leaves the movements append-only', async () => {
    await gravar(1, [criada(1), ...PAGO_E_DEVOLVIDO]);
    await reconstruirProjecoes(dataSource);
    await expect(dataSource.query('delete from transacoes')).rejects.toThrow('is append-only');
  });

  it('finds a charge that is to be closed again in its queue', async () => {
    const aberta = PAGO_E_DEVOLVIDO.slice(0, 2);
    await gravar(1, [
      criada(1),
      ...aberta,
      { tipo: 'EncerramentoSolicitado', motivo: 'RESERVA_EXPIRANDO', pedido: 2, em: T0 },
    ]);
    await reconstruirProjecoes(dataSource);
    const fila = await dataSource.query('select pagamento_id, falhas from encerramentos_pendentes');
    expect(fila).toEqual([{ pagamento_id: 'pag_1', falhas: 0 }]);
  });
});
