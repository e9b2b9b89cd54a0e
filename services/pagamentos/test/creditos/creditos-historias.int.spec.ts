import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Result } from '@plataforma/domain/result';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { aprovar } from '../../src/cobrancas/domain/captura.ts';
import { criarCobranca } from '../../src/cobrancas/domain/cobranca.ts';
import { solicitarEncerramento } from '../../src/cobrancas/domain/encerramento.ts';
import { PostgresLivroDeCreditos } from '../../src/creditos/infrastructure/livro-de-creditos.ts';
import { solicitarEstorno } from '../../src/estornos/domain/estorno.ts';
import { verificarLivro } from '../../src/livro/infrastructure/ledger-verifier.ts';
import { valorNoCartao } from '../../src/pagamento/domain/contas.ts';
import type { PagamentoEvent } from '../../src/pagamento/domain/eventos.ts';
import type { Cobranca, EstadoPagamento } from '../../src/pagamento/domain/pagamento.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { openTestDatabase } from '../pagamentos-under-test.ts';

// Room for servers that start on a busy machine.
jest.setTimeout(120_000);

const DIA_MS = 24 * 60 * 60_000;
const clock = new FixedClock('2026-11-24T12:00:00Z');

let dataSource: DataSource;
let close: () => Promise<void>;
let livro: PostgresLivroDeCreditos;
let clientes = 0;
let numero = 0;

beforeAll(async () => {
  ({ dataSource, close } = await openTestDatabase());
  livro = new PostgresLivroDeCreditos(dataSource);
});

afterAll(() => close());

/** A customer, and what happens to them. */
class Historia {
  readonly clienteId = `cli_${++clientes}`;
  readonly pagamentos: string[] = [];

  conceder(centavos: number): Promise<boolean> {
    return livro.conceder(
      this.clienteId,
      Dinheiro.deCentavos(centavos),
      `bonus:res_${++numero}`,
      clock.now(),
    );
  }

  async cobrar(centavos: number): Promise<void> {
    const id = `pag_${++numero}`;
    const valor = Dinheiro.deCentavos(centavos);
    const { clienteId } = this;
    const pedido = { reservaId: `res_${numero}`, clienteId, valor, descricao: 'x', expiraEm: clock.now() };
    await createUnitOfWork(dataSource).run(async ({ pagamentos, creditos }) => {
      const disponivel = await creditos.disponivel(clienteId, clock.now());
      const atual = await pagamentos.findById(id);
      const decidido = criarCobranca(atual.estado, id, pedido, clock.now(), disponivel);
      if (decidido.isSuccess) await pagamentos.append(atual, decidido.value, 'spec');
    });
    this.pagamentos.push(id);
  }

  fechar(i: number): Promise<void> {
    return this.#decidir(i, (estado, id) => {
      const { clienteId } = this;
      const pedido = { reservaId: 'x', clienteId, motivo: 'RESERVA_EXPIRANDO', pedido: 3 } as const;
      return solicitarEncerramento(estado, id, pedido, clock.now());
    });
  }

  pagar(i: number): Promise<void> {
    return this.#decidir(i, (estado, pagamentoId) => {
      const valor = valorNoCartao(estado as Cobranca);
      return ouNada(aprovar(estado, { pagamentoId, intencaoId: `pi_${pagamentoId}`, valor }, clock.now()));
    });
  }

  devolver(i: number, centavos: number): Promise<void> {
    const valor = Dinheiro.deCentavos(centavos);
    return this.#decidir(i, (estado, pagamentoId) => {
      const pedido = { pagamentoId, origem: 'ADMIN', valor, motivo: 'x' } as const;
      return ouNada(solicitarEstorno(estado, pedido, clock.now()));
    });
  }

  /** What each kind of account holds for this customer, in cents. */
  async contas(): Promise<Record<string, number>> {
    const sql = `
      select split_part(conta, ':', 1) || case when conta like 'plataforma:%' then substr(conta, 11) else '' end as nome,
        sum(l.centavos)::int as total
      from creditos_lancamentos l join creditos_lotes t on t.id = l.lote where t.cliente_id = $1 group by 1`;
    const rows: Array<{ nome: string; total: number }> = await dataSource.query(sql, [this.clienteId]);
    return Object.fromEntries(rows.map(({ nome, total }) => [nome, total]));
  }

  async #decidir(
    i: number,
    decisao: (estado: EstadoPagamento, id: string) => readonly PagamentoEvent[],
  ): Promise<void> {
    const id = this.pagamentos[i % Math.max(this.pagamentos.length, 1)];
    if (id === undefined) return;
    await createUnitOfWork(dataSource).run(async ({ pagamentos }) => {
      const atual = await pagamentos.findById(id);
      await pagamentos.append(atual, decisao(atual.estado, id), 'spec');
    });
  }
}

function ouNada(decidido: Result<readonly PagamentoEvent[], Error>): readonly PagamentoEvent[] {
  return decidido.isSuccess ? decidido.value : [];
}

type Passo = (historia: Historia) => Promise<unknown>;

const indice = fc.nat(9);
const centavos = fc.integer({ min: 1, max: 9_000 });
/** What can be charged at all. */
const cobravel = fc.integer({ min: 50, max: 9_000 });
const passo: fc.Arbitrary<Passo> = fc.oneof(
  centavos.map((valor) => (h: Historia) => h.conceder(valor)),
  cobravel.map((valor) => (h: Historia) => h.cobrar(valor)),
  cobravel.map((valor) => (h: Historia) => h.cobrar(valor)),
  indice.map((i) => (h: Historia) => h.fechar(i)),
  indice.map((i) => (h: Historia) => h.pagar(i)),
  fc.tuple(indice, centavos).map(
    ([i, valor]) =>
      (h: Historia) =>
        h.devolver(i, valor),
  ),
  fc.constantFrom(1, 40, 330).map((dias) => async () => clock.advance(dias * DIA_MS)),
  fc.constant(() => livro.expirar(clock.now())),
);

describe('any history of a customer with credit', () => {
  it('leaves books that agree to the cent: ledger, lots, events, projections, movements', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(passo, { minLength: 8, maxLength: 25, size: 'max' }), async (passos) => {
        const historia = new Historia();
        for (const dar of passos) await dar(historia);
        expect((await verificarLivro(dataSource)).defeitos).toEqual([]);
        const contas = await historia.contas();
        expect(Object.values(contas).reduce((soma, total) => soma + total, 0)).toBe(0);
        expect(contas.cliente ?? 0).toBeGreaterThanOrEqual(0);
        expect(contas.pagamento ?? 0).toBeGreaterThanOrEqual(0);
        expect(contas['plataforma:renovados'] ?? 0).toBe(0);
      }),
      { numRuns: 25 },
    );
    const movidos = `select distinct tipo from transacoes where tipo like 'CREDITO%' order by 1`;
    expect(await dataSource.query(movidos)).toEqual(
      ['CREDITO_CONCEDIDO', 'CREDITO_DEVOLVIDO', 'CREDITO_EXPIRADO', 'CREDITO_USADO'].map((tipo) => ({
        tipo,
      })),
    );
  });
});
