import { describe, expect, it } from '@jest/globals';
import { CalendariosQueries } from './calendarios-queries.ts';
import type { CalendariosRepository } from './ports.ts';

const naoLido = () => Promise.reject(new Error('the database was read'));
const calendarios: CalendariosRepository = {
  add: naoLido,
  ativosDe: naoLido,
  revogar: naoLido,
  revogarTodos: naoLido,
  revogarAnteriores: naoLido,
  revogarDeEspacos: naoLido,
  porImpressao: naoLido,
  reservas: naoLido,
  alteradoEm: naoLido,
};

describe('CalendariosQueries', () => {
  it('refuses a forged address before anything is read', async () => {
    const queries = new CalendariosQueries({
      calendarios,
      consulta: { espaco: naoLido },
      tokens: { impressao: () => undefined },
      enderecos: { dominio: 'exemplo.com' },
      clock: { now: () => new Date(0) },
    });
    expect(await queries.feed('forjado')).toMatchObject({ error: { motivo: 'CALENDARIO_NAO_ENCONTRADO' } });
  });
});
