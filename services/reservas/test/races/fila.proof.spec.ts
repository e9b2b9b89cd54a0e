import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import type { Transacao } from '../../src/persistence/unit-of-work.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import { Fila, MANHA } from '../fila-espera/fila-fixture.ts';
import { NOW, newId, storeEspaco } from '../reservas-fixture.ts';

const RODADAS = 10;

let ciclo: Ciclo;
let fila: Fila;

beforeAll(async () => {
  ciclo = await Ciclo.open();
  fila = new Fila(ciclo);
});

afterAll(() => ciclo.close());

beforeEach(() => ciclo.clock.set(NOW));

async function esperarTodos(espaco: Parameters<Fila['esperar']>[0], quantos: number) {
  const entradas: Awaited<ReturnType<Fila['esperar']>>[] = [];
  while (entradas.length < quantos) entradas.push(await fila.esperar(espaco));
  return entradas;
}

/** Rounds until no mark is left. */
async function acalmar(espaco: Parameters<Fila['vagas']>[0]): Promise<void> {
  while ((await fila.vagas(espaco)) > 0) await fila.round();
}

describe('several workers', () => {
  it('make one offer for one slot, to the first in line', async () => {
    for (let rodada = 0; rodada < RODADAS; rodada += 1) {
      const { espaco, id, dono } = await fila.espacoTomado();
      const [primeiro, ...outros] = await esperarTodos(espaco, 3);
      await fila.cancelar(id, dono);
      await Promise.all([1, 2, 3].map(() => fila.round()));
      await acalmar(espaco);
      expect(await fila.status(...outros)).toEqual(['AGUARDANDO', 'AGUARDANDO']);
      expect(await fila.ocupantes(espaco)).toEqual([primeiro?.clienteId]);
    }
  });

  it('serve everybody in order while holds come and go', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const entradas = await esperarTodos(espaco, 8);
    await fila.cancelar(id, dono);
    for (const entrada of entradas) {
      await Promise.all([1, 2].map(() => fila.round()));
      await acalmar(espaco);
      expect(await fila.ocupantes(espaco)).toEqual([entrada.clienteId]);
      await Promise.all([
        fila.sair.execute({ entradaId: entrada.id, solicitante: entrada.solicitante }),
        fila.round(),
      ]);
    }
    const [{ vezes }] = await ciclo.dataSource.query(
      `select count(*)::int as vezes from outbox where assunto = 'reservas.v1.VagaOferecida' and agregado_id = any($1)`,
      [entradas.map((entrada) => entrada.id)],
    );
    expect(vezes).toBe(8);
  });

  it('offer two slots of one space that become free at the same time, each to its first', async () => {
    for (let rodada = 0; rodada < RODADAS; rodada += 1) {
      const { espaco, id, dono } = await fila.espacoTomado(MANHA, { folgaMinutos: 0 });
      const TARDE = ['2026-06-10T12:00:00Z', '2026-06-10T14:00:00Z'] as const;
      const tarde = await fila.tomar(espaco, TARDE);
      const dia = await fila.esperar(espaco, [MANHA[0], TARDE[1]]);
      const [manha, depois] = [await fila.esperar(espaco), await fila.esperar(espaco, TARDE)];
      await Promise.all([
        fila.cancelar(id, dono),
        fila.cancelar(tarde.id, tarde.dono),
        fila.round(),
        fila.round(),
      ]);
      await acalmar(espaco);
      const status = (await fila.status(dia, manha, depois)).join();
      // The whole day comes first when both are free; a half that was free alone for a moment may be gone before.
      expect(['OFERTADA,AGUARDANDO,AGUARDANDO', 'AGUARDANDO,OFERTADA,OFERTADA']).toContain(status);
      const donos = status.startsWith('OFERTADA') ? [dia] : [manha, depois];
      expect(await fila.ocupantes(espaco)).toEqual(donos.map(({ clienteId }) => clienteId));
    }
  });
});

describe('somebody who does not stand in line', () => {
  it('never overtakes those who do, and never shares a slot with them', async () => {
    for (let rodada = 0; rodada < RODADAS; rodada += 1) {
      const { espaco, id, dono } = await fila.espacoTomado();
      const entrada = await fila.esperar(espaco);
      const respostas = await Promise.all([
        fila.reservar(espaco),
        fila.cancelar(id, dono),
        fila.reservar(espaco),
        fila.round(),
        fila.reservar(espaco, ['2026-06-10T11:00:00Z', '2026-06-10T13:00:00Z']),
      ]);
      expect(respostas.filter(Boolean)).toEqual(Array(3).fill('ESPACO_INDISPONIVEL'));
      await acalmar(espaco);
      expect(await fila.ocupantes(espaco)).toEqual([entrada.clienteId]);
    }
  });

  it('is refused between the freeing and the offer, unless those in line could not have the slot', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const tarde = await fila.tomar(espaco, ['2026-06-10T13:00:00Z', '2026-06-10T15:00:00Z']);
    await fila.esperar(espaco, ['2026-06-10T11:00:00Z', '2026-06-10T14:00:00Z']);
    const entrada = await fila.esperar(espaco);
    await fila.cancelar(id, dono);
    expect(await fila.reservar(espaco)).toBe('ESPACO_INDISPONIVEL');
    await fila.sair.execute({ entradaId: entrada.id, solicitante: entrada.solicitante });
    expect(await fila.reservar(espaco)).toBe('PENDENTE_PAGAMENTO');
    expect(await fila.reservar(espaco, ['2026-06-10T16:00:00Z', '2026-06-10T17:00:00Z'])).toBe(
      'PENDENTE_PAGAMENTO',
    );
    await fila.cancelar(tarde.id, tarde.dono);
  });

  it('stands in line behind those who are about to get the slot', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const primeiro = await fila.esperar(espaco);
    await fila.cancelar(id, dono);
    const segundo = await fila.esperar(espaco);
    await fila.round();
    expect(await fila.status(primeiro, segundo)).toEqual(['OFERTADA', 'AGUARDANDO']);
  });

  it('is the first in line, who may take the slot that is about to be offered', async () => {
    const { espaco, id, dono } = await fila.espacoTomado();
    const primeiro = await fila.esperar(espaco);
    await fila.esperar(espaco);
    await fila.cancelar(id, dono);
    expect(await fila.reservar(espaco, MANHA, primeiro.clienteId)).toBe('PENDENTE_PAGAMENTO');
  });
});

describe('a slot and its line', () => {
  it('find each other when both come at the same moment', async () => {
    for (let rodada = 0; rodada < RODADAS; rodada += 1) {
      const { espaco, id, dono } = await fila.espacoTomado();
      const clienteId = newId('cli');
      const [pedido] = await Promise.all([fila.pedir(espaco, clienteId), fila.cancelar(id, dono)]);
      await acalmar(espaco);
      const desfecho = pedido.isFailure
        ? pedido.error.motivo
        : (await fila.entrada(pedido.value.entrada.id)).status;
      expect(desfecho).toMatch(/^(VAGA_DISPONIVEL|OFERTADA)$/);
      expect(await fila.ocupantes(espaco)).toEqual(desfecho === 'OFERTADA' ? [clienteId] : []);
    }
  });

  it('agree on who has it when the customer leaves while the offer is made', async () => {
    for (let rodada = 0; rodada < RODADAS; rodada += 1) {
      const { espaco, id, dono } = await fila.espacoTomado();
      const [primeiro, segundo] = [await fila.esperar(espaco), await fila.esperar(espaco)];
      await fila.cancelar(id, dono);
      await Promise.all([
        fila.round(),
        fila.sair.execute({ entradaId: primeiro.id, solicitante: primeiro.solicitante }),
      ]);
      await acalmar(espaco);
      expect(await fila.status(primeiro, segundo)).toEqual(['CANCELADA', 'OFERTADA']);
      expect(await fila.ocupantes(espaco)).toEqual([segundo.clienteId]);
    }
  });

  it('agree on who has it when the offer is paid while it is declined', async () => {
    for (let rodada = 0; rodada < RODADAS; rodada += 1) {
      const { espaco, id, dono } = await fila.espacoTomado();
      const entrada = await fila.esperar(espaco);
      await fila.cancelar(id, dono);
      await fila.round();
      const reservaId = await fila.oferta(entrada);
      await Promise.all([
        ciclo.pagar(reservaId),
        fila.sair.execute({ entradaId: entrada.id, solicitante: entrada.solicitante }),
      ]);
      const [reserva, [status]] = [await ciclo.status(reservaId), await fila.status(entrada)];
      expect(['CONFIRMADA ATENDIDA', 'CANCELADA CANCELADA']).toContain(`${reserva} ${status}`);
      expect(await fila.ocupantes(espaco)).toEqual(status === 'ATENDIDA' ? [entrada.clienteId] : []);
    }
  });

  it('offer no more than the limit of the customer, whom an offer keeps from no booking of their own', async () => {
    for (let rodada = 0; rodada < RODADAS; rodada += 1) {
      const { espaco, id, dono } = await fila.espacoTomado();
      const entrada = await fila.esperar(espaco);
      const { clienteId } = entrada;
      for (const dia of ['11', '12', '13', '14']) {
        const outro = await storeEspaco(ciclo.uow);
        await fila.tomar(outro, [`2026-06-${dia}T10:00:00Z`, `2026-06-${dia}T11:00:00Z`], clienteId);
      }
      const outro = await storeEspaco(ciclo.uow);
      await fila.cancelar(id, dono);
      const [reserva] = await Promise.all([fila.reservar(outro, MANHA, clienteId), fila.round()]);
      await acalmar(espaco);
      const [status] = await fila.status(entrada);
      expect(reserva).toBe('PENDENTE_PAGAMENTO');
      // Five are held at most: the offer was there first and does not count, or it finds five and waits.
      expect(['AGUARDANDO', 'OFERTADA']).toContain(status);
      expect(await fila.ocupantes(espaco)).toEqual(status === 'OFERTADA' ? [clienteId] : []);
    }
  }, 60_000);
});

describe('a worker that dies', () => {
  let morto = false;
  beforeEach(() => {
    morto = false;
  });
  const morrer = async () => {
    morto = true;
    throw new Error('killed');
  };
  /** A unit of work that ends at one step: what it had written is gone with its transaction, and nothing comes after. */
  function queMorre(passo: (tx: Transacao) => Partial<Transacao>): UnitOfWork<Transacao> {
    return {
      run: (work) => (morto ? morrer() : ciclo.uow.run((tx) => work({ ...tx, ...passo(tx) }))),
      runOnce: ciclo.uow.runOnce.bind(ciclo.uow) as UnitOfWork<Transacao>['runOnce'],
    };
  }
  /** The repository with one method replaced. */
  function trocar<T extends object>(repositorio: T, mudancas: Partial<T>): T {
    return new Proxy(repositorio, {
      get(alvo, nome) {
        const valor = Reflect.get(nome in mudancas ? mudancas : alvo, nome);
        return typeof valor === 'function' ? valor.bind(alvo) : valor;
      },
    });
  }

  it.each([
    ['before the slot is taken', (tx) => ({ reservas: trocar(tx.reservas, { add: morrer }) })],
    ['between slot and entry', (tx) => ({ fila: trocar(tx.fila, { save: morrer }) })],
    [
      'after both, before the commit',
      (tx) => ({
        fila: trocar(tx.fila, {
          save: async (entrada) => {
            await tx.fila.save(entrada);
            return morrer();
          },
        }),
      }),
    ],
    ['when nobody is left', (tx) => ({ fila: trocar(tx.fila, { concluirVagas: morrer }) })],
  ] as [string, (tx: Transacao) => Partial<Transacao>][])(
    'leaves everything to the next one when it dies %s',
    async (_, passo) => {
      const { espaco, id, dono } = await fila.espacoTomado();
      const [primeiro, segundo] = [await fila.esperar(espaco), await fila.esperar(espaco)];
      await fila.cancelar(id, dono);
      const doente = fila.atender(queMorre(passo));
      await expect(
        (async () => {
          while (await doente.execute(espaco.id));
          await doente.execute(espaco.id);
        })(),
      ).rejects.toThrow('killed');
      expect(await fila.vagas(espaco)).toBeGreaterThan(0);
      const ocupantes = await fila.ocupantes(espaco);
      const [status] = await fila.status(primeiro);
      expect(ocupantes).toEqual(status === 'OFERTADA' ? [primeiro.clienteId] : []);
      await acalmar(espaco);
      expect(await fila.status(primeiro, segundo)).toEqual(['OFERTADA', 'AGUARDANDO']);
      expect(await fila.ocupantes(espaco)).toEqual([primeiro.clienteId]);
    },
  );
});
