import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DadosReserva } from '../../src/reservas/domain/estado-reserva.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import { violations } from '../invariants.ts';
import { between, newReserva, storeEspaco } from '../reservas-fixture.ts';

/*
 * A product that gets it wrong: the database does not guard the slots any more, and rows are changed behind the back of
 * the application.
 */

let ciclo: Ciclo;
let espaco: Awaited<ReturnType<typeof storeEspaco>>;

beforeAll(async () => {
  ciclo = await Ciclo.open();
  const { dataSource } = ciclo;
  await dataSource.query(
    'alter table reservas drop constraint reservas_dura_ex, drop constraint reservas_folga_ex',
  );
  for (const tabela of ['reservas_historico', 'saga_ocorrencias'])
    await dataSource.query(`alter table ${tabela} disable trigger user`);
});

afterAll(() => ciclo.close());

beforeEach(async () => {
  await ciclo.dataSource.query('truncate reservas, outbox cascade');
  espaco = await storeEspaco(ciclo.uow, { folgaMinutos: 15 });
});

/** Stores a reservation, whatever else there is. */
async function guardar([inicio, fim]: [string, string], mudancas: Partial<DadosReserva> = {}) {
  const reserva = newReserva(espaco, between(`2026-06-10T${inicio}:00Z`, `2026-06-10T${fim}:00Z`), mudancas);
  const guardada = await ciclo.uow.run((tx) => tx.reservas.add(reserva));
  if (guardada.isFailure) throw guardada.error;
  return reserva.id;
}

/** Whether somebody is told of it, and of whom. */
async function achado(defeito: string): Promise<string | undefined> {
  const achados = await violations(ciclo.dataSource);
  return achados.find((um) => um.startsWith(defeito))?.slice(defeito.length + 2);
}

const forcar = (id: string, status: string) =>
  ciclo.dataSource.query(
    `update reservas set status = $2, pagamento_id = id, checkout_url = 'x', confirmada_em = now(),
       expirando_desde = now(), anuncios = 1, proximo_anuncio_em = now(), cancelada_em = now(),
       motivo_cancelamento = '', reembolso_centavos = 0, bonus_centavos = 0 where id = $1`,
    [id, status],
  );

describe('what must never be found', () => {
  it('is not found in what the application has stored', async () => {
    const { id } = await ciclo.esperando({}, espaco);
    await ciclo.pagar(id);
    await guardar(['12:15', '13:00']);
    expect(await violations(ciclo.dataSource)).toEqual([]);
  });

  it.each([
    ['PENDENTE_COBRANCA', true],
    ['PENDENTE_PAGAMENTO', true],
    ['EXPIRANDO', true],
    ['CONFIRMADA', true],
    ['CANCELADA', false],
    ['EXPIRADA', false],
    ['CONCLUIDA', false],
  ])('is an overlap with what is %s: %s', async (status, ocupa) => {
    const id = await guardar(['10:00', '12:00']);
    await forcar(id, status);
    const outra = await guardar(['11:59', '13:00']);
    expect(await achado('two reservations overlap')).toBe(ocupa ? id : undefined);
    const semFolga = await achado('a buffer is not kept');
    expect(semFolga?.split(', ').sort()).toEqual(ocupa ? [id, outra].sort() : undefined);
  });

  it.each([
    ['12:14', true],
    ['12:15', false],
  ])('is a neighbour inside the buffer, at %s: %s', async (inicio, perto) => {
    await guardar(['10:00', '12:00']);
    await guardar([inicio, '14:00']);
    expect((await achado('a buffer is not kept')) !== undefined).toBe(perto);
    expect(await achado('two reservations overlap')).toBeUndefined();
  });

  it('is no neighbour for whom somebody has left the buffer aside', async () => {
    await guardar(['10:00', '12:00']);
    await guardar(['12:00', '14:00'], { dispensaDeFolga: 'evento da casa' });
    expect(await violations(ciclo.dataSource)).toEqual([]);
  });

  it('is a status that the history does not tell, or an end that is not announced', async () => {
    const id = await guardar(['10:00', '12:00']);
    await forcar(id, 'EXPIRADA');
    expect(await achado('a history has gaps or ends in another status')).toBe(id);
    expect(await achado('an end was not announced')).toBe(id);
  });

  it('is a change that the history leaves out', async () => {
    const id = await guardar(['10:00', '12:00']);
    await ciclo.dataSource.query('update reservas set versao = 3 where id = $1', [id]);
    expect(await achado('a history has gaps or ends in another status')).toBe(id);
  });

  it('is a reservation that is announced twice, never, or does not exist', async () => {
    const id = await guardar(['10:00', '12:00']);
    const copiar = (novo: string, sql: string) =>
      ciclo.dataSource.query(
        `insert into outbox (id, agregado_tipo, agregado_id, agregado_versao, assunto, payload)
         select gen_random_uuid(), agregado_tipo, $2, agregado_versao + 1, assunto, payload from outbox where ${sql}`,
        [id, novo],
      );
    await copiar(id, 'agregado_id = $1');
    expect(await achado('a reservation was not announced once')).toBe(id);
    await copiar('res_nenhuma', 'agregado_id = $1');
    expect(await achado('a history or an event is of no reservation')).toContain('res_nenhuma');
    await ciclo.dataSource.query('truncate outbox');
    expect(await achado('a reservation was not announced once')).toBe(id);
  });
});
