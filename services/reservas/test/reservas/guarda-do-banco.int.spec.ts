import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UnitOfWork } from '@plataforma/domain/unit-of-work';
import { isExclusionViolation, pgCode } from '@plataforma/runtime/postgres';
import type { DataSource } from 'typeorm';
import { STATUS_OCUPANTES, STATUS_RESERVA } from '../../src/agenda/domain/status-reserva.ts';
import { createUnitOfWork, type Transacao } from '../../src/persistence/unit-of-work.ts';
import { between, newReserva, openDatabase, storeEspaco } from '../reservas-fixture.ts';

let dataSource: DataSource;
let uow: UnitOfWork<Transacao>;
let close: () => Promise<void>;

beforeAll(async () => {
  ({ dataSource, close } = await openDatabase());
  uow = createUnitOfWork(dataSource);
});

afterAll(() => close());

const DIA = '2026-06-10';

function das(inicio: string, fim: string) {
  return between(`${DIA}T${inicio}:00Z`, `${DIA}T${fim}:00Z`);
}

/** A space with one reservation from 10:00 to 12:00. */
async function comVizinha(folgaMinutos: number) {
  const espaco = await storeEspaco(uow, { folgaMinutos });
  const vizinha = newReserva(espaco, das('10:00', '12:00'));
  const guardada = await uow.run((tx) => tx.reservas.add(vizinha));
  expect(guardada.isSuccess).toBe(true);
  return { espaco, vizinha };
}

/** Copies the neighbour by SQL, with another period and the override flag: what an admin's override will store. */
function inserirComOverride(
  vizinhaId: string,
  novoId: string,
  inicio: string,
  fim: string,
): Promise<unknown> {
  return dataSource.query(
    `insert into reservas
     select (jsonb_populate_record(r, jsonb_build_object(
       'id', $2::text, 'data_inicio', $3::timestamptz, 'data_fim', $4::timestamptz,
       'bloqueio_fim', $4::timestamptz + r.folga_minutos * interval '1 minute',
       'ignora_buffer', true, 'ignora_buffer_motivo', 'evento da casa'))).*
     from reservas r where id = $1`,
    [vizinhaId, novoId, `${DIA}T${inicio}:00Z`, `${DIA}T${fim}:00Z`],
  );
}

describe('the database guards the slots', () => {
  it.each([
    ['10:00', '12:00', 15, false],
    ['11:00', '13:00', 15, false],
    ['09:00', '11:00', 15, false],
    ['10:30', '11:30', 15, false],
    ['09:00', '13:00', 15, false],
    ['12:00', '14:00', 15, false],
    ['12:15', '14:00', 15, true],
    ['08:00', '09:50', 15, false],
    ['08:00', '09:45', 15, true],
    ['14:00', '16:00', 15, true],
    ['12:00', '14:00', 0, true],
    ['08:00', '10:00', 0, true],
    ['11:59', '14:00', 0, false],
  ])('%s-%s beside 10:00-12:00 with %i min of buffer is stored: %p', async (inicio, fim, folga, aceita) => {
    const { espaco } = await comVizinha(folga);
    const guardada = await uow.run((tx) => tx.reservas.add(newReserva(espaco, das(inicio, fim))));
    expect(guardada.isSuccess).toBe(aceita);
    if (guardada.isFailure) expect(guardada.error.motivo).toBe('ESPACO_INDISPONIVEL');
  });

  it('leaves nothing behind when it refuses, and the transaction goes on', async () => {
    const { espaco, vizinha } = await comVizinha(15);
    const [recusada, aceita] = [
      newReserva(espaco, das('11:00', '13:00')),
      newReserva(espaco, das('15:00', '16:00')),
    ];
    await uow.run(async (tx) => {
      await tx.reservas.add(recusada);
      await tx.reservas.add(aceita);
    });
    const ids = await dataSource.query('select id from reservas where espaco_id = $1 order by data_inicio', [
      espaco.id,
    ]);
    const eventos = await dataSource.query('select agregado_id from outbox where agregado_id = any($1)', [
      [recusada.id, aceita.id],
    ]);
    expect(ids).toEqual([{ id: vizinha.id }, { id: aceita.id }]);
    expect(eventos).toEqual([{ agregado_id: aceita.id }]);
  });

  it.each(STATUS_RESERVA)('%s takes the slot exactly if it is an occupying status', async (status) => {
    const { espaco, vizinha } = await comVizinha(15);
    await dataSource.query(
      `update reservas set status = $2, pagamento_id = $1, checkout_url = 'x', confirmada_em = now(),
         expirando_desde = now(), anuncios = 1, proximo_anuncio_em = now(),
         cancelada_em = now(), motivo_cancelamento = '', reembolso_centavos = 0, bonus_centavos = 0
       where id = $1`,
      [vizinha.id, status],
    );
    const guardada = await uow.run((tx) => tx.reservas.add(newReserva(espaco, das('10:00', '12:00'))));
    expect(guardada.isFailure).toBe((STATUS_OCUPANTES as readonly string[]).includes(status));
  });

  it('names in both constraints exactly the occupying statuses of the domain', async () => {
    const rows: { conname: string; definicao: string }[] = await dataSource.query(
      `select conname, pg_get_constraintdef(oid) as definicao from pg_constraint
       where conrelid = 'reservas'::regclass and contype = 'x' order by conname`,
    );
    expect(rows.map(({ conname }) => conname)).toEqual(['reservas_dura_ex', 'reservas_folga_ex']);
    for (const { definicao } of rows) {
      const nomeados = [...definicao.matchAll(/'([A-Z_]+)'/g)].map(([, nome]) => nome);
      expect(nomeados.sort()).toEqual([...STATUS_OCUPANTES].sort());
    }
  });

  it('lets an override pass the buffer but never an overlap', async () => {
    const { vizinha } = await comVizinha(15);
    await inserirComOverride(vizinha.id, `${vizinha.id}a`, '12:00', '13:00');
    const sobreposta = inserirComOverride(vizinha.id, `${vizinha.id}b`, '11:00', '12:00').catch(
      (error) => error,
    );
    expect(isExclusionViolation(await sobreposta, 'reservas_dura_ex')).toBe(true);
  });

  it('does not store an override without its reason', async () => {
    const { vizinha } = await comVizinha(15);
    const erro = await dataSource
      .query('update reservas set ignora_buffer = true where id = $1', [vizinha.id])
      .catch((error) => error);
    expect(pgCode(erro)).toBe('23514');
  });

  it('tells the application of an override, whose buffer later neighbours have to respect', async () => {
    const { espaco, vizinha } = await comVizinha(15);
    await inserirComOverride(vizinha.id, `${vizinha.id}c`, '12:00', '13:00');
    const ocupacoes = await uow.run((tx) =>
      tx.reservas.ocupacoes(espaco.id, new Date(`${DIA}T00:00:00Z`), new Date(`${DIA}T23:00:00Z`)),
    );
    expect(ocupacoes.some((ocupacao) => das('13:00', '14:00').conflitaCom(ocupacao, 15))).toBe(true);
    expect(ocupacoes.some((ocupacao) => das('13:15', '14:00').conflitaCom(ocupacao, 15))).toBe(false);
  });

  it.each([
    ['its price', `preco = '[]'::jsonb, valor_centavos = 0`],
    ['its policy', `politica = '{}'::jsonb`],
    ['its buffer', 'folga_minutos = 0, bloqueio_fim = data_fim'],
    ['its customer', `cliente_id = 'cli_outro'`],
  ])('keeps a reservation as it was made when somebody changes %s', async (_, mudanca) => {
    const { vizinha } = await comVizinha(15);
    const erro = await dataSource
      .query(`update reservas set ${mudanca} where id = $1`, [vizinha.id])
      .catch((error) => error);
    expect(pgCode(erro)).toBe('23001');
  });

  it.each(['reservas_historico', 'cotacoes'])('refuses to change or empty %s', async (tabela) => {
    // A quote that holds; one that has been over for a day may go.
    const { espaco } = await comVizinha(15);
    await dataSource.query(
      `insert into cotacoes values ($1, 'cli_1', $2, now(), now() + interval '1 hour', '[]', '[]', 0, 'BRL', now(),
         now() + interval '10 minutes')`,
      [`cot_${tabela.replace('_', '')}`, espaco.id],
    );
    for (const sql of [
      `update ${tabela} set versao = 9`,
      `delete from ${tabela}`,
      `truncate ${tabela} cascade`,
    ]) {
      const erro = await dataSource
        .query(sql.replace('versao = 9', tabela === 'cotacoes' ? 'moeda = moeda' : 'versao = 9'))
        .catch((error) => error);
      expect(pgCode(erro)).toBe('23001');
    }
  });

  it('does not store a price whose lines do not add up', async () => {
    const espaco = await storeEspaco(uow);
    const periodo = das('10:00', '12:00');
    const preco = espaco.precificar(periodo, [], new Date());
    const errado = { ...preco, linhas: preco.linhas.slice(1) };
    const erro = await uow
      .run((tx) => tx.reservas.add(newReserva(espaco, periodo, { preco: errado })))
      .catch((error) => error);
    expect(pgCode(erro)).toBe('23514');
  });
});
