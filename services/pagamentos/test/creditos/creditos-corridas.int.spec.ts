import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { type Barrier, doneOrBlocked, stopAt } from '@plataforma/testing/barrier';
import type { DataSource } from 'typeorm';
import { criarCobranca } from '../../src/cobrancas/domain/cobranca.ts';
import { PostgresLivroDeCreditos } from '../../src/creditos/infrastructure/livro-de-creditos.ts';
import { verificarLivro } from '../../src/livro/infrastructure/ledger-verifier.ts';
import type { PagamentoEvent } from '../../src/pagamento/domain/eventos.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { openTestDatabase } from '../pagamentos-under-test.ts';

const DIA_MS = 24 * 60 * 60_000;
const depois = (ms: number) => new Date(agora.getTime() + ms);
const cancelada = (em: Date): PagamentoEvent => ({
  ...{ tipo: 'CobrancaCancelada', motivo: 'SESSAO_EXPIRADA', em },
});

let dataSource: DataSource;
let close: () => Promise<void>;
let livro: PostgresLivroDeCreditos;
let uow: ReturnType<typeof createUnitOfWork>;
let barreira: Barrier | undefined;
/** Each test lives two years before the one before it: none of what that has left behind has ended yet. */
let agora = new Date('2046-11-24T12:00:00Z');
let clienteId: string;
let numero = 0;

beforeAll(async () => {
  ({ dataSource, close } = await openTestDatabase());
  livro = new PostgresLivroDeCreditos(dataSource);
  uow = createUnitOfWork(dataSource);
});

beforeEach(() => {
  agora = depois(-2 * 366 * DIA_MS);
  clienteId = `cli_${++numero}`;
});

afterEach(async () => {
  barreira?.open();
  expect((await verificarLivro(dataSource)).defeitos).toEqual([]);
});

afterAll(() => close());

const conceder = (centavos: number, em = agora) =>
  livro.conceder(clienteId, Dinheiro.deCentavos(centavos), `lote_${++numero}`, em);

/** Charges R$ 100.00, as far as credit pays them; answers how much it paid and in which try of its transaction. */
async function cobrar(em: Date) {
  const id = `pag_${++numero}`;
  let vezes = 0;
  const { estado } = await uow.run(async ({ pagamentos, creditos }) => {
    vezes += 1;
    const disponivel = await creditos.disponivel(clienteId, em);
    const atual = await pagamentos.findById(id);
    const valor = Dinheiro.deCentavos(10_000);
    const pedido = { reservaId: `res_${id}`, clienteId, valor, descricao: 'Sala', expiraEm: em };
    const decidido = criarCobranca(atual.estado, id, pedido, em, disponivel);
    if (decidido.isFailure) throw decidido.error;
    return pagamentos.append(atual, decidido.value, 'teste');
  });
  const creditos = estado.fase === 'INEXISTENTE' ? 0 : Number(estado.creditos.centavos);
  return { id, creditos, vezes };
}

/** Closes a charge, whose credit goes back; answers in which try of its transaction. */
async function fechar(id: string, em: Date): Promise<number> {
  let vezes = 0;
  await uow.run(async ({ pagamentos }) => {
    vezes += 1;
    await pagamentos.append(await pagamentos.findById(id), [cancelada(em)], 'teste');
  });
  return vezes;
}

async function saldo(em = agora): Promise<number> {
  const lotes = await livro.lotes(clienteId, em);
  return lotes.reduce((soma, { restante }) => soma + Number(restante.centavos), 0);
}

describe('two who move credit of one customer', () => {
  it('never wait in a circle: the second one waits before it has written anything', async () => {
    await conceder(3_000);
    await conceder(4_000, depois(DIA_MS));
    const { id } = await cobrar(depois(DIA_MS));
    await conceder(2_000, depois(2 * DIA_MS));
    // It has given back to the lot that ends last, which whoever takes credit comes to last.
    barreira = stopAt(/insert into creditos_lancamentos/, { when: 'after' });
    const fechada = fechar(id, depois(2 * DIA_MS));
    await barreira.reached();
    const outra = cobrar(depois(2 * DIA_MS));
    expect(await doneOrBlocked(dataSource, outra)).toBe('blocked');
    barreira.open();
    expect([await fechada, await outra]).toMatchObject([1, { vezes: 1, creditos: 9_000 }]);
  });

  it('do not both take the same', async () => {
    await conceder(3_000);
    barreira = stopAt(/insert into eventos_pagamento/);
    const uma = cobrar(agora);
    await barreira.reached();
    const outra = cobrar(agora);
    expect(await doneOrBlocked(dataSource, outra)).toBe('blocked');
    barreira.open();
    expect([await uma, await outra]).toMatchObject([{ creditos: 3_000 }, { creditos: 0 }]);
    expect(await saldo()).toBe(0);
  });
});

describe('credit that ends', () => {
  it('is spent by who has begun to, and not taken away by a copy whose clock is ahead', async () => {
    await conceder(3_000);
    const fim = depois(365 * DIA_MS);
    barreira = stopAt(/insert into eventos_pagamento/);
    const cobrada = cobrar(new Date(fim.getTime() - 1));
    await barreira.reached();
    const expirada = livro.expirar(fim);
    expect(await doneOrBlocked(dataSource, expirada)).toBe('done');
    barreira.open();
    expect([await expirada, await cobrada]).toMatchObject([0, { creditos: 3_000 }]);
    expect(await livro.expirar(fim)).toBe(0);
  });

  it('is taken away once by two copies that look at the same time', async () => {
    await conceder(3_000);
    const fim = depois(365 * DIA_MS);
    barreira = stopAt(/from creditos_lotes\s+where id = \$2/);
    const uma = livro.expirar(fim);
    await barreira.reached();
    expect(await livro.expirar(fim)).toBe(1);
    barreira.open();
    expect(await uma).toBe(0);
  });
});
