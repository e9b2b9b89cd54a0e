import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NENHUMA_DISPENSA } from '../../src/espacos/domain/dispensas.ts';
import { CriarReservaHandler } from '../../src/reservas/application/criar-reserva.ts';
import { MINUTO_MS } from '../../src/tempo/domain/periodo-reserva.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import { InMemoryObservador } from '../doubles.ts';
import { type ModelReserva, ReferenceModel } from '../reference-model.ts';
import { NOW, newId, storeEspaco } from '../reservas-fixture.ts';

const FOLGAS = [15, 0];
const CLIENTES = 2;

let ciclo: Ciclo;

beforeAll(async () => {
  ciclo = await Ciclo.open();
});

afterAll(() => ciclo.close());

/** The service under test, and what the model calls by number. */
class Real {
  readonly espacos: string[] = [];
  readonly clientes = Array.from({ length: CLIENTES }, () => newId('cli'));
  readonly ids: string[] = [];
  readonly #criar = new CriarReservaHandler({
    uow: ciclo.uow,
    ids: { next: async (prefixo) => newId(prefixo) },
    clock: ciclo.clock,
    cobrancas: ciclo.cobrancas,
    observador: new InMemoryObservador(),
    bonusPercentual: 10,
  });

  static async novo(): Promise<Real> {
    ciclo.clock.set(NOW);
    const real = new Real();
    for (const folgaMinutos of FOLGAS) real.espacos.push((await storeEspaco(ciclo.uow, { folgaMinutos })).id);
    return real;
  }

  async criar({ cliente, espaco, inicio, fim }: Pick<ModelReserva, 'cliente' | 'espaco' | 'inicio' | 'fim'>) {
    const clienteId = this.clientes[cliente] ?? '';
    const em = (minutos: number) => new Date(Date.parse(NOW) + minutos * MINUTO_MS);
    const feita = await this.#criar.execute({
      clienteId,
      quem: clienteId,
      espacoId: this.espacos[espaco] ?? '',
      inicio: em(inicio),
      fim: em(fim),
      extras: [],
      cotacaoId: undefined,
      dispensas: NENHUMA_DISPENSA,
    });
    if (feita.isFailure) return feita.error.motivo;
    this.ids.push(feita.value.id);
    return feita.value.status;
  }

  async passar(minutos: number): Promise<void> {
    ciclo.clock.advance(minutos * MINUTO_MS);
    for (const prazo of ['ESPERA', 'RESPOSTA', 'TERMINO'] as const) while (await ciclo.prazos.execute(prazo));
  }

  async cancelar(i: number, cliente: number, admin: boolean): Promise<string> {
    const solicitante = { id: this.clientes[cliente] ?? '', admin };
    const reservaId = this.ids[i] ?? '';
    const feito = await ciclo.cancelar.execute({
      reservaId,
      solicitante,
      motivo: 'modelo',
      excecao: undefined,
    });
    return feito.isFailure ? feito.error.motivo : feito.value.status;
  }

  /** What can be seen of every reservation, in the order in which they were made. */
  async vistas() {
    const rows: Record<string, unknown>[] = await ciclo.dataSource.query(
      `select status, (reembolso_centavos * 100 / valor_centavos)::int as volta,
         (select count(*)::int from outbox o where o.agregado_id = r.id
            and o.assunto = 'reservas.v1.PagamentoNaoAproveitado') as devolucoes,
         (select count(*)::int from outbox o where o.agregado_id = r.id
            and o.assunto = 'reservas.v1.ReservaConfirmada') as confirmacoes
       from reservas r where id = any($1) order by array_position($1, id)`,
      [this.ids],
    );
    return rows;
  }
}

function esperadas({ reservas }: ReferenceModel) {
  return reservas.map(({ status, volta, devolvida, paga }) => ({
    status,
    volta: volta ?? null,
    devolucoes: devolvida ? 1 : 0,
    confirmacoes: paga && !devolvida ? 1 : 0,
  }));
}

type Comando = fc.AsyncCommand<ReferenceModel, Real>;

/** A command that is done to the model and to the service, after which both must look the same. */
function comando(nome: string, fazer: (modelo: ReferenceModel, real: Real) => Promise<void>): Comando {
  return {
    check: () => true,
    run: async (modelo, real) => {
      await fazer(modelo, real);
      expect(await real.vistas()).toEqual(esperadas(modelo));
    },
    toString: () => nome,
  };
}

/** The same for one of the reservations made so far. */
function comReserva(
  nome: string,
  n: number,
  fazer: (modelo: ReferenceModel, real: Real, reserva: ModelReserva, i: number) => Promise<void>,
): Comando {
  const feito = comando(`${nome}(${n})`, async (modelo, real) => {
    const i = n % modelo.reservas.length;
    const reserva = modelo.reservas[i];
    if (reserva) await fazer(modelo, real, reserva, i);
  });
  return { ...feito, check: ({ reservas }) => reservas.length > 0 };
}

const criar = fc
  .record({
    cliente: fc.nat(CLIENTES - 1),
    espaco: fc.nat(FOLGAS.length - 1),
    quarto: fc.integer({ min: 6, max: 40 }),
    quartos: fc.integer({ min: 4, max: 8 }),
  })
  .map(({ cliente, espaco, quarto, quartos }) => {
    const pedido = { cliente, espaco, inicio: 1380 + quarto * 15, fim: 1380 + (quarto + quartos) * 15 };
    return comando(`criar(${JSON.stringify(pedido)})`, async (modelo, real) => {
      expect(await real.criar(pedido)).toBe(modelo.criar(pedido));
    });
  });

const passar = fc.constantFrom(5, 15, 60, 600, 1500).map((minutos) =>
  comando(`passar(${minutos})`, async (modelo, real) => {
    modelo.advance(minutos);
    await real.passar(minutos);
  }),
);

const pagar = fc.nat(20).map((n) =>
  comReserva('pagar', n, async (modelo, real, reserva, i) => {
    modelo.pagar(reserva);
    await ciclo.pagar(real.ids[i] ?? '');
  }),
);

const encerrar = fc.nat(20).map((n) =>
  comReserva('encerrarCobranca', n, async (modelo, real, reserva, i) => {
    modelo.encerrarCobranca(reserva);
    await ciclo.encerrarCobranca(real.ids[i] ?? '');
  }),
);

const cancelar = fc.tuple(fc.nat(20), fc.boolean()).map(([n, admin]) =>
  comReserva(`cancelar ${admin ? 'admin' : 'cliente'}`, n, async (modelo, real, reserva, i) => {
    expect(await real.cancelar(i, reserva.cliente, admin)).toBe(modelo.cancelar(reserva, admin));
  }),
);

describe('the service', () => {
  it('does what the reference model does, whatever is asked of it in whatever order', async () => {
    const comandos = fc.commands([criar, criar, criar, passar, pagar, pagar, encerrar, cancelar], {
      maxCommands: 40,
      size: 'max',
    });
    await fc.assert(
      fc.asyncProperty(comandos, async (cmds) => {
        const setup = async () => ({ model: new ReferenceModel(FOLGAS), real: await Real.novo() });
        await fc.asyncModelRun(setup, cmds);
      }),
      { numRuns: 25 },
    );
    const [{ sobrepostas }] = await ciclo.dataSource.query(
      `select count(*)::int as sobrepostas from reservas a join reservas b
         on a.espaco_id = b.espaco_id and a.id < b.id and a.data_inicio < b.bloqueio_fim and b.data_inicio < a.bloqueio_fim
       where a.status in ('PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO', 'EXPIRANDO', 'CONFIRMADA')
         and b.status in ('PENDENTE_COBRANCA', 'PENDENTE_PAGAMENTO', 'EXPIRANDO', 'CONFIRMADA')`,
    );
    expect(sobrepostas).toBe(0);
  }, 120_000);
});
