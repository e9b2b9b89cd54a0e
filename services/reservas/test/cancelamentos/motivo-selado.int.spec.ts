import { create, fromJsonString, toJsonString } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  file_reservas_v1_eventos,
  ReservaCanceladaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import { openPersonal } from '@plataforma/runtime/opening';
import { createSeal } from '@plataforma/runtime/sealing';
import { eventually } from '@plataforma/testing/eventually';
import { personalKeyOf } from '../auth-stand-in.ts';
import { startReservas } from '../reservas-under-test.ts';

const MOTIVO = 'Minha mãe, Ana Conceição, está no hospital';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut.close());

/** What leaves of a cancellation, and how long it took. */
async function leaves(clienteId: string) {
  const seal = createSeal([file_reservas_v1_eventos], sut.parts.personal);
  const evento = {
    reservaId: 'res_1',
    clienteId,
    motivo: MOTIVO,
    reembolso: { centavos: 500n, moeda: 'BRL' },
  };
  const payload = toJsonString(ReservaCanceladaSchema, create(ReservaCanceladaSchema, evento));
  const began = performance.now();
  const left = await seal(ReservaCanceladaSchema.typeName, payload);
  return { left, ms: performance.now() - began };
}

describe('the reason that somebody writes for a cancellation', () => {
  it('leaves sealed under the key of the customer', async () => {
    const keys = { keyOf: async (personId: string) => personalKeyOf(personId) };
    // On a busy machine the first answer of auth may come too late for it.
    await eventually(async () => {
      const { left } = await leaves('cli_ana');
      expect(left).not.toMatch(/Ana|hospital/);
      const message = fromJsonString(ReservaCanceladaSchema, left);
      expect(await openPersonal(ReservaCanceladaSchema, message, keys)).toBe(true);
      expect(message).toMatchObject({ clienteId: 'cli_ana', motivo: MOTIVO, reembolso: { centavos: 500n } });
    });
  });

  it('is left out while auth is away: the refund does not wait for it', async () => {
    await sut.standIns.close();
    const { left, ms } = await leaves('cli_bia');
    expect(ms).toBeLessThan(4_000);
    const { motivo, ...evento } = JSON.parse(left);
    expect(motivo).toBe('');
    expect(evento).toMatchObject({ clienteId: 'cli_bia', reembolso: { centavos: '500' } });
    for (let n = 0; n < 5; n++) await leaves('cli_bia');
    // The breaker is open: nobody waits any more.
    expect((await leaves('cli_bia')).ms).toBeLessThan(200);
  });
});
