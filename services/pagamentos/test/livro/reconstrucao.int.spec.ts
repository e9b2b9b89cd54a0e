import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { type Barrier, doneOrBlocked, stopAt } from '@plataforma/testing/barrier';
import { eventually } from '@plataforma/testing/eventually';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { verificarLivro } from '../../src/livro/infrastructure/ledger-verifier.ts';
import { reconstruirProjecoes } from '../../src/livro/infrastructure/reconstruir-projecoes.ts';
import type { PagamentoEvent } from '../../src/pagamento/domain/eventos.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { openTestDatabase } from '../pagamentos-under-test.ts';

// Room for servers that start on a busy machine.
jest.setTimeout(60_000);

let dataSource: DataSource;
let close: () => Promise<void>;
let contador = 0;
let barreira: Barrier | undefined;

beforeAll(async () => {
  ({ dataSource, close } = await openTestDatabase());
});

afterEach(() => barreira?.open());

afterAll(() => close());

const T0 = Date.parse('2026-06-01T12:00:00Z');

/** What a charge may go through, in the words of the generator. */
interface Vida {
  readonly centavos: number;
  readonly recusas: number;
  readonly fim: 'ABERTA' | 'SEM_CHECKOUT' | 'CANCELADA' | 'ENCERRANDO' | 'PAGA';
  /** Parts of the payment in percent, and how far each refund got. */
  readonly estornos: ReadonlyArray<
    readonly [number, 'SOLICITADO' | 'PENDENTE' | 'CONCLUIDO' | 'FALHOU' | 'DEVOLVIDO']
  >;
  readonly disputa: boolean;
  /** How many events are written at a time. */
  readonly lote: number;
}

const vida: fc.Arbitrary<Vida> = fc.record({
  centavos: fc.integer({ min: 100, max: 10 ** 7 }),
  recusas: fc.integer({ min: 0, max: 3 }),
  fim: fc.constantFrom('ABERTA', 'SEM_CHECKOUT', 'CANCELADA', 'ENCERRANDO', 'PAGA', 'PAGA', 'PAGA'),
  estornos: fc.array(
    fc.tuple(
      fc.integer({ min: 1, max: 33 }),
      fc.constantFrom('SOLICITADO', 'PENDENTE', 'CONCLUIDO', 'FALHOU', 'DEVOLVIDO'),
    ),
    { maxLength: 3 },
  ),
  disputa: fc.boolean(),
  lote: fc.integer({ min: 1, max: 20 }),
});

const PAGA: Vida = { centavos: 100_00, recusas: 0, fim: 'PAGA', estornos: [], disputa: false, lote: 20 };

function eventosDe({ centavos, recusas, fim, estornos, disputa }: Vida, n: number): PagamentoEvent[] {
  let agora = T0;
  const em = () => {
    agora += 1_000;
    return new Date(agora);
  };
  const valor = Dinheiro.deCentavos(centavos);
  const expiraEm = new Date(T0 + 900_000);
  const [pagamentoId, reservaId] = [`pag_${n}`, `res_${n}`];
  const eventos: PagamentoEvent[] = [
    {
      tipo: 'CobrancaCriada',
      pagamentoId,
      reservaId,
      clienteId: `cli_${n % 5}`,
      valor,
      creditos: Dinheiro.zero(),
      descricao: 'Sala',
      expiraEm,
      em: em(),
    },
    { tipo: 'CheckoutSolicitado', tentativa: 1, expiraEm, em: em() },
  ];
  if (fim === 'SEM_CHECKOUT') return eventos;
  const checkoutUrl = `https://checkout.test/${n}`;
  eventos.push({
    tipo: 'CheckoutAberto',
    tentativa: 1,
    sessaoId: `cs_${n}`,
    checkoutUrl,
    expiraEm,
    em: em(),
  });
  for (let i = 0; i < recusas; i += 1)
    eventos.push({ tipo: 'CartaoRecusado', recusaId: `ch_${n}_${i}`, codigo: 'card_declined', em: em() });
  if (fim === 'ENCERRANDO')
    eventos.push({ tipo: 'EncerramentoSolicitado', motivo: 'RESERVA_EXPIRANDO', pedido: 2, em: em() });
  if (fim === 'CANCELADA') eventos.push({ tipo: 'CobrancaCancelada', motivo: 'SESSAO_EXPIRADA', em: em() });
  if (fim !== 'PAGA') return eventos;
  eventos.push({ tipo: 'PagamentoAprovado', intencaoId: `pi_${n}`, valor, em: em() });
  if (disputa) eventos.push({ tipo: 'DisputaAberta', disputaId: `dp_${n}`, motivo: 'x', valor, em: em() });
  for (const [i, [parte, ate]] of estornos.entries()) {
    const comum = { numero: i + 1, valor: valor.multiplicarFracao(BigInt(parte), 100n) };
    const refundId = `re_${n}_${i}`;
    eventos.push({
      tipo: 'EstornoSolicitado',
      meio: 'CARTAO',
      ...comum,
      origem: 'ADMIN',
      motivo: 'x',
      em: em(),
    });
    if (ate === 'PENDENTE') eventos.push({ tipo: 'EstornoPendente', numero: i + 1, refundId, em: em() });
    if (ate === 'CONCLUIDO' || ate === 'DEVOLVIDO')
      eventos.push({ tipo: 'EstornoConcluido', ...comum, refundId, em: em() });
    if (ate === 'FALHOU' || ate === 'DEVOLVIDO')
      eventos.push({
        tipo: 'EstornoFalhou',
        ...comum,
        refundId,
        motivo: 'x',
        devolvido: ate === 'DEVOLVIDO',
        em: em(),
      });
  }
  return eventos;
}

async function gravar(id: string, eventos: readonly PagamentoEvent[]): Promise<void> {
  await createUnitOfWork(dataSource).run(async ({ pagamentos }) =>
    pagamentos.append(await pagamentos.findById(id), eventos, 'teste'),
  );
}

async function viver(uma: Vida): Promise<string> {
  contador += 1;
  const eventos = eventosDe(uma, contador);
  const id = `pag_${contador}`;
  for (let i = 0; i < eventos.length; i += uma.lote) await gravar(id, eventos.slice(i, i + uma.lote));
  return id;
}

/** Every row of every projection, without the times at which queues will look again. */
async function projecoes() {
  const tabelas = ['pagamentos', 'estornos', 'transacoes', 'checkouts_pendentes', 'encerramentos_pendentes'];
  const linhas = await Promise.all(
    tabelas.map((tabela) =>
      dataSource.query(
        `select to_jsonb(t) - 'tentar_em' - 'falhas' - 'erro' as linha from ${tabela} t order by 1`,
      ),
    ),
  );
  return Object.fromEntries(tabelas.map((tabela, i) => [tabela, linhas[i]]));
}

describe('rebuilding the projections', () => {
  it('gives the very same rows, once and again, whatever has happened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(vida, { minLength: 1, maxLength: 8 }), async (vidas) => {
        for (const uma of vidas) await viver(uma);
        const antes = await projecoes();
        expect(await reconstruirProjecoes(dataSource)).toBe(contador);
        expect(await projecoes()).toEqual(antes);
        await reconstruirProjecoes(dataSource);
        expect(await projecoes()).toEqual(antes);
      }),
      { numRuns: 8 },
    );
    expect((await verificarLivro(dataSource)).defeitos).toEqual([]);
  });

  it('takes nothing from readers and loses nothing of writers while the service runs', async () => {
    const [amostra] = fc.sample(vida, { numRuns: 1, seed: 7 });
    const base = { ...(amostra as Vida), fim: 'PAGA', estornos: [], lote: 20 } as const;
    const antes = new Set(await Promise.all([viver(base), viver(base), viver(base)]));
    let reconstruindo = true;
    const faltas: number[] = [];
    const leitor = async () => {
      while (reconstruindo) {
        const sql = 'select count(*)::int as n from pagamentos where id = any ($1)';
        const [{ n }] = await dataSource.query(sql, [[...antes]]);
        if (n < antes.size) faltas.push(n);
      }
    };
    const escritor = async () => {
      while (reconstruindo) await viver(base);
    };
    const trabalho = [leitor(), escritor(), escritor()];
    for (let vez = 0; vez < 4; vez += 1) await reconstruirProjecoes(dataSource);
    reconstruindo = false;
    await Promise.all(trabalho);
    expect(faltas).toEqual([]);
    const depois = await projecoes();
    expect(depois.pagamentos).toHaveLength(contador);
    await reconstruirProjecoes(dataSource);
    expect(await projecoes()).toEqual(depois);
  });

  it('waits for who is just writing, and has what they write', async () => {
    const id = await viver({ ...PAGA, fim: 'ABERTA' });
    barreira = stopAt(/^commit$/);
    const em = new Date(T0 + 60_000);
    const escrita = gravar(id, [
      { tipo: 'EncerramentoSolicitado', motivo: 'RESERVA_EXPIRANDO', pedido: 2, em },
    ]);
    await barreira.reached();
    const reconstrucao = reconstruirProjecoes(dataSource);
    expect(await doneOrBlocked(dataSource, reconstrucao)).toBe('blocked');
    barreira.open();
    await escrita;
    expect(await reconstrucao).toBe(contador);
    expect((await projecoes()).encerramentos_pendentes).toContainEqual({ linha: { pagamento_id: id } });
  });

  it('leaves everything as it was when it dies half-way', async () => {
    await viver({ ...PAGA, estornos: [[10, 'CONCLUIDO']] });
    const antes = await projecoes();
    const preso = dataSource.createQueryRunner();
    await preso.startTransaction();
    // It has deleted the movements when it comes to wait for this one.
    await preso.query('select * from estornos for update');
    const reconstrucao = reconstruirProjecoes(dataSource).then(
      () => 'done',
      () => 'died',
    );
    await eventually(async () => {
      const mortos: unknown[] = await dataSource.query(`
        select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock' and query like 'delete from estornos%'`);
      expect(mortos).toHaveLength(1);
    });
    expect(await reconstrucao).toBe('died');
    await preso.rollbackTransaction();
    await preso.release();
    expect(await projecoes()).toEqual(antes);
    await expect(dataSource.query('delete from transacoes')).rejects.toThrow('is append-only');
    await reconstruirProjecoes(dataSource);
    expect(await projecoes()).toEqual(antes);
  });
});
