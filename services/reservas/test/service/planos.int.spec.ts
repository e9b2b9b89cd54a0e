import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Sql } from '@plataforma/runtime/transaction';
import type { DataSource } from 'typeorm';
import { PRAZOS } from '../../src/reservas/application/cumprir-prazo.ts';
import { contarParadas, contarVencidas } from '../../src/reservas/infrastructure/consulta-de-reservas.ts';
import { PostgresReservasRepository } from '../../src/reservas/infrastructure/reservas-repository.ts';
import { situacaoDosPrazos } from '../../src/reservas/infrastructure/vencidas-sql.ts';
import { PostgresConsultaDeSagas } from '../../src/saga/infrastructure/consulta-de-sagas.ts';
import { contarEstornosParados, contarSemPagamento } from '../../src/saga/infrastructure/contagens.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import { NOW } from '../reservas-fixture.ts';

const MUITAS = 20_000;
const agora = new Date(NOW);

let ciclo: Ciclo;
let id: string;

beforeAll(async () => {
  ciclo = await Ciclo.open();
  const { dataSource } = ciclo;
  ({ id } = await ciclo.esperando());
  await ciclo.pagar(id);
  const solicitante = { id: 'cli_admin', admin: true };
  await ciclo.cancelar.execute({ reservaId: id, solicitante, motivo: '', excecao: undefined });
  // Cancelled and refunded long ago.
  await dataSource.query(
    `insert into reservas
     select copia.* from reservas r, generate_series(1, $2::int) n,
       jsonb_populate_record(r, jsonb_build_object('id', 'res_' || n, 'pagamento_id', null, 'estorno_numero', 1,
         'estorno_status', 'CONCLUIDO', 'devolucao_anuncios', null, 'devolucao_anuncio_em', null)) copia
     where r.id = $1`,
    [id, MUITAS],
  );
  await dataSource.query(
    `insert into reservas_historico
     select copia.* from reservas_historico h, generate_series(1, $2::int) n,
       jsonb_populate_record(h, jsonb_build_object('reserva_id', 'res_' || n)) copia
     where h.reserva_id = $1`,
    [id, MUITAS / 10],
  );
  await dataSource.query(
    `insert into saga_ocorrencias (reserva_id, fato, comando, resultado, em)
     select 'res_' || n, 'CobrancaCriada', 'RegistrarCobranca', 'SEM_EFEITO', now() from generate_series(1, $1::int) n`,
    [MUITAS],
  );
  await dataSource.query(
    `insert into outbox (id, agregado_tipo, agregado_id, agregado_versao, assunto, payload, enviado_em)
     select gen_random_uuid(), 'reserva', 'res_' || n, 1, 'reservas.v1.ReservaCriada', '{}', now()
     from generate_series(1, $1::int) n`,
    [MUITAS],
  );
  await dataSource.query('analyze');
});

afterAll(() => ciclo.close());

interface Pergunta {
  readonly sql: string;
  readonly valores: unknown[] | undefined;
}

/** Statements as they are sent; what `usar` does is not kept. */
async function perguntas(usar: (dataSource: DataSource & Sql) => Promise<unknown>): Promise<Pergunta[]> {
  const feitas: Pergunta[] = [];
  await ciclo.dataSource
    .transaction(async (manager) => {
      const query = (sql: string, valores?: unknown[]) => {
        feitas.push({ sql, valores });
        return manager.query(sql, valores);
      };
      const transaction = (_: string, work: (sql: unknown) => Promise<unknown>) => work({ query });
      await usar({ query, transaction } as unknown as DataSource & Sql);
      throw new Error('undone');
    })
    .catch((error: Error) => {
      if (error.message !== 'undone') throw error;
    });
  return feitas;
}

const USOS: ReadonlyArray<readonly [string, (dataSource: DataSource & Sql) => Promise<unknown>]> = [
  [
    'giving back what no reservation waits for',
    (sql) => new PostgresReservasRepository(sql, new Set()).devolverPagamento('res_x', 'pag_x', agora),
  ],
  ['the saga of a reservation', (dataSource) => new PostgresConsultaDeSagas(dataSource).registros(id, 500)],
  ['refunds that do not get on', (dataSource) => contarEstornosParados(dataSource, agora, agora)],
  ['reservations without their money', (dataSource) => contarSemPagamento(dataSource, agora)],
  ['holds that ran out', (dataSource) => contarVencidas(dataSource, agora)],
  ['holds that wait for an answer', (dataSource) => contarParadas(dataSource, agora)],
  ['the gauges of the deadlines', (dataSource) => situacaoDosPrazos(dataSource, PRAZOS, agora)],
  [
    'what is due',
    async (sql) => {
      const reservas = new PostgresReservasRepository(sql, new Set());
      for (const prazo of ['ESPERA', 'RESPOSTA', 'DEVOLUCAO', 'TERMINO'] as const)
        await reservas.vencidas(prazo, agora, 50);
    },
  ],
];

describe('of twenty thousand reservations', () => {
  it.each(USOS)('%s reads only those that it is about', async (_, usar) => {
    const feitas = await perguntas(usar);
    expect(feitas).not.toEqual([]);
    for (const { sql, valores } of feitas) {
      if (!/^\s*(select|with|update|insert)/i.test(sql)) continue;
      const plano: unknown[] = await ciclo.dataSource.query(`explain ${sql}`, valores);
      const texto = JSON.stringify(plano);
      expect(texto).not.toMatch(/Seq Scan on (reservas|reservas_historico|saga_ocorrencias|outbox)\b/);
      // Skipping through an index by a column that does not lead it is what only the latest servers can do.
      expect(texto).not.toContain('Index Cond: (agregado_id');
    }
  });
});
