import { randomUUID } from 'node:crypto';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { EspacosService } from '@plataforma/contratos/reservas/v1/espacos_service_pb';
import { createGrpcClient } from '@plataforma/runtime/grpc-client';
import { runLoad } from '../stats.ts';

/** What tells one booking from another. */
export interface Booking {
  readonly espacoId: string;
  readonly clienteId: string;
  readonly inicio: Date;
  readonly fim: Date;
}

export const HOUR_MS = 3_600_000;

/** Makes spaces as an admin would. */
export async function makeSpaces(address: string, authorization: string, count: number): Promise<string[]> {
  const espacos = createGrpcClient(EspacosService, { address, timeoutMs: 30_000 });
  const ids: string[] = [];
  await runLoad({
    callers: 16,
    seconds: 120,
    work: Array.from({ length: count }, (_, n) => n)[Symbol.iterator](),
    call: async (n) => {
      const request = {
        nome: `Sala ${n}`,
        tipo: TipoEspaco.SALA_REUNIAO,
        capacidade: 10,
        precoPorHora: { centavos: 10_000n, moeda: 'BRL' },
        // A customer of a benchmark pays nothing and comes back at once.
        limitesPendentes: { reservas: 100, horas: 1000, resfriamentoMinutos: 0 },
      };
      const { id } = await espacos.criarEspaco(request, { headers: { authorization } });
      ids.push(id);
    },
  });
  espacos.close();
  return ids;
}

/** Slots that nobody else asks for: one hour every two hours, space by space. */
export function* bookings(spaces: readonly string[]): Generator<Booking> {
  const first = firstSlot();
  for (let slot = 0; slot < 1_900; slot++) {
    const inicio = new Date(first + slot * 2 * HOUR_MS);
    const fim = new Date(inicio.getTime() + HOUR_MS);
    for (const espacoId of spaces)
      yield { espacoId, clienteId: `cli_${randomUUID().slice(0, 8)}`, inicio, fim };
  }
}

/** The next slot. */
export function take(slots: Iterator<Booking>): Booking {
  const next = slots.next();
  if (next.done) throw new Error('out of slots');
  return next.value;
}

/** The first full hour three days from now: far enough ahead for any space. */
export function firstSlot(): number {
  return new Date(Date.now() + 72 * HOUR_MS).setUTCMinutes(0, 0, 0);
}
