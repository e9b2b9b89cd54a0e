import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Ciclo } from '../ciclo-fixture.ts';
import { violations } from '../invariants.ts';
import { between, NOW, newId, newReserva } from '../reservas-fixture.ts';

/** Rounds of each race; `npm run race` runs them all many times more. */
const RODADAS = 15;

let ciclo: Ciclo;

beforeAll(async () => {
  ciclo = await Ciclo.open();
});

afterAll(() => ciclo.close());

beforeEach(() => ciclo.clock.set(NOW));

afterEach(async () => expect(await violations(ciclo.dataSource)).toEqual([]));

/** A reservation that waits for its payment, in each of many rounds. */
async function rodadas(correr: (reserva: Awaited<ReturnType<Ciclo['esperando']>>) => Promise<void>) {
  for (let rodada = 0; rodada < RODADAS; rodada += 1) {
    ciclo.clock.set(NOW);
    await correr(await ciclo.esperando());
  }
}

/** Its hold has run out. */
function depoisDaEspera(): void {
  ciclo.clock.set('2026-06-02T09:15:00Z');
}

function cancelar({ id, clienteId }: { id: string; clienteId: string }) {
  const solicitante = { id: clienteId, admin: false };
  return ciclo.cancelar.execute({ reservaId: id, solicitante, motivo: '', excecao: undefined });
}

async function contar(id: string, tipo: string): Promise<number> {
  return (await ciclo.anunciados(id)).filter((anunciado) => anunciado === tipo).length;
}

async function reembolsado(id: string): Promise<string | undefined> {
  const { reembolso } = await ciclo.anuncio(id, 'ReservaCancelada');
  return (reembolso as { centavos: string } | undefined)?.centavos;
}

describe('expiry against payment', () => {
  it('confirms every reservation that was paid, whoever is first', async () => {
    await rodadas(async ({ id }) => {
      depoisDaEspera();
      await Promise.all([ciclo.prazos.execute('ESPERA'), ciclo.pagar(id), ciclo.prazos.execute('ESPERA')]);
      expect(await ciclo.status(id)).toBe('CONFIRMADA');
      expect(await contar(id, 'ReservaConfirmada')).toBe(1);
      expect(await contar(id, 'EncerrarCobranca')).toBeLessThanOrEqual(1);
    });
  });

  it('frees the slot or confirms when the charge is closed while the payment is announced', async () => {
    await rodadas(async ({ id }) => {
      depoisDaEspera();
      await ciclo.prazos.execute('ESPERA');
      await Promise.all([ciclo.encerrarCobranca(id), ciclo.pagar(id)]);
      // Nobody is at 10 June yet, so the payment takes the slot back when it comes second; coming first it stands.
      expect(await ciclo.status(id)).toBe('CONFIRMADA');
      expect(await contar(id, 'ReservaConfirmada')).toBe(1);
      expect(await contar(id, 'ReservaExpirada')).toBeLessThanOrEqual(1);
    });
  });

  it('never shares a slot that was freed with a booking that wants it at the same moment', async () => {
    await rodadas(async ({ id, espaco }) => {
      depoisDaEspera();
      await ciclo.prazos.execute('ESPERA');
      await ciclo.encerrarCobranca(id);
      const outra = newReserva(espaco, between('2026-06-10T10:30:00Z', '2026-06-10T12:30:00Z'));
      const [guardada] = await Promise.all([
        ciclo.uow.run(async (tx) => {
          await tx.reservas.travar(newId('cli'), espaco.id);
          return tx.reservas.add(outra);
        }),
        ciclo.pagar(id),
      ]);
      const status = await ciclo.status(id);
      const ultimo = (await ciclo.anunciados(id)).at(-1);
      expect([guardada.isSuccess, status, ultimo]).toEqual(
        guardada.isSuccess
          ? [true, 'EXPIRADA', 'PagamentoNaoAproveitado']
          : [false, 'CONFIRMADA', 'ReservaConfirmada'],
      );
    });
  });

  it('begins once when many workers find the same hold', async () => {
    await rodadas(async ({ id }) => {
      depoisDaEspera();
      await Promise.all([1, 2, 3, 4].map(() => ciclo.prazos.execute('ESPERA')));
      expect(await contar(id, 'EncerrarCobranca')).toBe(1);
      await ciclo.encerrarCobranca(id);
    });
  });
});

describe('cancellation against payment', () => {
  it('ends cancelled with the payment given back, or confirmed and then refunded', async () => {
    await rodadas(async (reserva) => {
      await Promise.all([cancelar(reserva), ciclo.pagar(reserva.id)]);
      expect(await ciclo.status(reserva.id)).toBe('CANCELADA');
      const tipos = (await ciclo.anunciados(reserva.id)).slice(1).join();
      expect([
        'ReservaCancelada,PagamentoNaoAproveitado undefined',
        'ReservaConfirmada,ReservaCancelada 25000',
      ]).toContain(`${tipos} ${await reembolsado(reserva.id)}`);
    });
  });

  it('gives a payment back once when it is announced many times beside many cancellations', async () => {
    await rodadas(async (reserva) => {
      const pagar = () => ciclo.pagar(reserva.id);
      await Promise.all([cancelar(reserva), pagar(), cancelar(reserva), pagar(), pagar()]);
      const devolvidos =
        (await contar(reserva.id, 'PagamentoNaoAproveitado')) +
        ((await reembolsado(reserva.id)) === undefined ? 0 : 1);
      expect([await ciclo.status(reserva.id), devolvidos]).toEqual(['CANCELADA', 1]);
    });
  });
});

describe('cancellation against expiry', () => {
  it('frees the slot once, and tells it once', async () => {
    await rodadas(async (reserva) => {
      depoisDaEspera();
      await ciclo.prazos.execute('ESPERA');
      const [cancelada] = await Promise.all([cancelar(reserva), ciclo.encerrarCobranca(reserva.id)]);
      const status = await ciclo.status(reserva.id);
      expect(status).toBe(cancelada.isSuccess ? 'CANCELADA' : 'EXPIRADA');
      const fins = ['ReservaCancelada', 'ReservaExpirada'];
      expect((await ciclo.anunciados(reserva.id)).filter((tipo) => fins.includes(tipo))).toHaveLength(1);
    });
  });
});
