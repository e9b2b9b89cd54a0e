import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Espaco } from '../../src/espacos/domain/espaco.ts';
import { MINUTO_MS } from '../../src/tempo/domain/periodo-reserva.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import type { ModelReserva, Pedido } from '../reference-model.ts';
import { NOW, newId, storeEspaco } from '../reservas-fixture.ts';
import { Fila } from './fila-fixture.ts';
import { FilaModel, type ModelEntrada } from './fila-model.ts';

const FOLGA = 15;
const CLIENTES = 4;

let ciclo: Ciclo;
let fila: Fila;

beforeAll(async () => {
  ciclo = await Ciclo.open();
  fila = new Fila(ciclo);
});

afterAll(() => ciclo.close());

/** One space of the service, and what the model calls by number. */
class Real {
  readonly espaco: Espaco;
  readonly clientes = Array.from({ length: CLIENTES }, () => newId('cli'));
  readonly reservas: string[] = [];
  readonly entradas: string[] = [];

  private constructor(espaco: Espaco) {
    this.espaco = espaco;
  }

  static async novo(): Promise<Real> {
    ciclo.clock.set(NOW);
    return new Real(await storeEspaco(ciclo.uow, { folgaMinutos: FOLGA }));
  }

  cliente(n: number): string {
    return this.clientes[n] ?? '';
  }

  async criar({ cliente, ...horas }: Pedido): Promise<string> {
    const feita = await fila.reservar(this.espaco, emHoras(horas), this.cliente(cliente));
    if (feita !== 'PENDENTE_PAGAMENTO') return feita;
    const [row] = await ciclo.dataSource.query(
      'select id from reservas where espaco_id = $1 and not id = any($2)',
      [this.espaco.id, this.reservas],
    );
    this.reservas.push(row.id);
    return feita;
  }

  async entrar({ cliente, ...horas }: Pedido): Promise<string> {
    const feita = await fila.pedir(this.espaco, this.cliente(cliente), emHoras(horas));
    if (feita.isFailure) return feita.error.motivo;
    const { id, status } = feita.value.entrada;
    if (!this.entradas.includes(id)) this.entradas.push(id);
    return status;
  }

  async sair(i: number, cliente: number): Promise<string> {
    const solicitante = { id: this.cliente(cliente), admin: false };
    const saida = await fila.sair.execute({ entradaId: this.entradas[i] ?? '', solicitante });
    return saida.isFailure ? saida.error.motivo : saida.value.status;
  }

  async cancelar(i: number, cliente: number): Promise<string> {
    const solicitante = { id: this.cliente(cliente), admin: false };
    const reservaId = this.reservas[i] ?? '';
    const feito = await ciclo.cancelar.execute({ reservaId, solicitante, motivo: 'x', excecao: undefined });
    return feito.isFailure ? feito.error.motivo : feito.value.status;
  }

  /** A round of the worker; `ofertadas` are the entries that should have an offer now. */
  async atender(ofertadas: readonly number[]): Promise<void> {
    await fila.round();
    for (const i of ofertadas) {
      const id = await fila.oferta({ id: this.entradas[i] ?? '' });
      await ciclo.receber({ tipo: 'CobrancaCriada', ...ciclo.pagamento(id), checkoutUrl: 'https://p' });
      this.reservas.push(id);
    }
  }

  async passar(minutos: number): Promise<void> {
    ciclo.clock.advance(minutos * MINUTO_MS);
    for (const prazo of ['ESPERA', 'RESPOSTA', 'TERMINO'] as const) while (await ciclo.prazos.execute(prazo));
    while (await fila.encerrar.execute());
  }

  /** What can be seen of every reservation and entry, in the order in which they were made. */
  async visto() {
    const reservas: { status: string }[] = await ciclo.dataSource.query(
      'select status from reservas where id = any($1) order by array_position($1, id)',
      [this.reservas],
    );
    const filtro = { espacoId: this.espaco.id, status: undefined, pageSize: 100, pageToken: '' };
    const lista = await fila.consulta.listar({ ...filtro, solicitante: { id: '', admin: true } });
    if (lista.isFailure) throw lista.error;
    const porId = new Map(lista.value.itens.map((item) => [item.entrada.id, item]));
    return {
      reservas: reservas.map(({ status }) => status),
      entradas: this.entradas.map((id) => `${porId.get(id)?.entrada.status} ${porId.get(id)?.posicao}`),
      ocupantes: (await fila.ocupantes(this.espaco)).length,
    };
  }
}

function emHoras({ inicio, fim }: Pick<Pedido, 'inicio' | 'fim'>): [string, string] {
  const em = (minutos: number) => new Date(Date.parse(NOW) + minutos * MINUTO_MS).toISOString();
  return [em(inicio), em(fim)];
}

function esperado(modelo: FilaModel) {
  return {
    reservas: modelo.reservas.map(({ status }) => status),
    entradas: modelo.entradas.map((e) => `${e.status} ${modelo.posicao(e)}`),
    ocupantes: modelo.reservas.filter((r) => modelo.ocupa(r)).length,
  };
}

type Comando = fc.AsyncCommand<FilaModel, Real>;

/** A command that is done to the model and to the service, after which both must look the same. */
function comando(nome: string, fazer: (modelo: FilaModel, real: Real) => Promise<void>): Comando {
  return {
    check: () => true,
    run: async (modelo, real) => {
      await fazer(modelo, real);
      expect(await real.visto()).toEqual(esperado(modelo));
    },
    toString: () => nome,
  };
}

/** The same for one of those that are named by their numbers. */
function comUm(
  nome: string,
  quais: (modelo: Pick<FilaModel, 'reservas' | 'entradas'>) => readonly number[],
  fazer: (modelo: FilaModel, real: Real, i: number) => Promise<void>,
): fc.Arbitrary<Comando> {
  return fc.nat(20).map((n) => {
    const feito = comando(`${nome}(${n})`, async (modelo, real) => {
      const numeros = quais(modelo);
      await fazer(modelo, real, numeros[n % numeros.length] ?? 0);
    });
    return { ...feito, check: (modelo) => quais(modelo).length > 0 };
  });
}

/** Numbers of those that are in one of these statuses. */
function em(todos: readonly { readonly status: string }[], ...status: string[]): number[] {
  return todos.flatMap((um, i) => (status.includes(um.status) ? [i] : []));
}

/** Few hours, so that people want the same ones. */
const pedido = fc
  .record({
    cliente: fc.nat(CLIENTES - 1),
    hora: fc.constantFrom(2, 3),
    horas: fc.constantFrom(1, 2),
  })
  .map(({ cliente, hora, horas }) => {
    const inicio = 1440 + hora * 60;
    return { cliente, espaco: 0, inicio, fim: inicio + horas * 60 };
  });

const criar = pedido.map((p) =>
  comando(`criar(${JSON.stringify(p)})`, async (modelo, real) => {
    expect(await real.criar(p)).toBe(modelo.criar(p));
  }),
);

const entrar = pedido.map((p) =>
  comando(`entrar(${JSON.stringify(p)})`, async (modelo, real) => {
    expect(await real.entrar(p)).toBe(modelo.entrar(p));
  }),
);

const atender = fc.constant(
  comando('atender', async (modelo, real) => {
    const ofertadas = modelo.atender().map((e) => modelo.entradas.indexOf(e));
    await real.atender(ofertadas);
  }),
);

const passar = fc.constantFrom(15, 30).map((minutos) =>
  comando(`passar(${minutos})`, async (modelo, real) => {
    modelo.advance(minutos);
    await real.passar(minutos);
  }),
);

const sair = comUm(
  'sair',
  ({ entradas }) => em(entradas, 'AGUARDANDO', 'OFERTADA', 'ATENDIDA'),
  async (modelo, real, i) => {
    const entrada = modelo.entradas[i] as ModelEntrada;
    expect(await real.sair(i, entrada.cliente)).toBe(modelo.sair(entrada));
  },
);

/** Paying comes late now and then. */
const pagar = comUm(
  'pagar',
  ({ reservas }) => em(reservas, 'PENDENTE_PAGAMENTO', 'EXPIRANDO', 'EXPIRADA'),
  async (modelo, real, i) => {
    modelo.pagar(modelo.reservas[i] as ModelReserva);
    await ciclo.pagar(real.reservas[i] ?? '');
  },
);

const encerrar = comUm(
  'encerrarCobranca',
  ({ reservas }) => em(reservas, 'EXPIRANDO'),
  async (modelo, real, i) => {
    modelo.encerrarCobranca(modelo.reservas[i] as ModelReserva);
    await ciclo.encerrarCobranca(real.reservas[i] ?? '');
  },
);

const cancelar = comUm(
  'cancelar',
  ({ reservas }) => em(reservas, 'PENDENTE_PAGAMENTO', 'EXPIRANDO', 'CONFIRMADA'),
  async (modelo, real, i) => {
    const reserva = modelo.reservas[i] as ModelReserva;
    expect(await real.cancelar(i, reserva.cliente)).toBe(modelo.cancelar(reserva, false));
  },
);

describe('the waitlist', () => {
  it('does what the reference model does, which looks at everything every time', async () => {
    // Long enough for slots to change hands more than once.
    const comandos = fc.array(
      fc.oneof(
        criar,
        criar,
        entrar,
        entrar,
        entrar,
        atender,
        atender,
        passar,
        sair,
        pagar,
        encerrar,
        encerrar,
        cancelar,
      ),
      { minLength: 50, maxLength: 80 },
    );
    await fc.assert(
      fc.asyncProperty(comandos, async (cmds) => {
        const setup = async () => ({ model: new FilaModel([FOLGA]), real: await Real.novo() });
        await fc.asyncModelRun(setup, cmds);
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});
