import { describe, expect, it } from '@jest/globals';
import { EstadoExportacao } from '@plataforma/contratos/auth/v1/export_service_pb';
import { Worker } from '@plataforma/runtime/worker';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { publicados } from '../support/codigos.ts';
import { OUTROS } from '../support/other-services.ts';
import { as } from '../support/use-auth.ts';
import { useExports } from './use-exports.ts';

/** It stands: tokens are checked by the time of the system. What has to be due is made so. */
const clock = new FixedClock(new Date(Date.now() - 30_000).toISOString());
const { auth, rpc, titular, collect, aberta } = useExports(clock);

/** A person who has just asked for their data. */
async function pedida() {
  const dona = await titular();
  const { id: exportacaoId } = await rpc.exports.requestExport(
    { password: dona.quem.password },
    as(dona.session),
  );
  const vista = () => rpc.exports.getExport({ exportacaoId }, as(dona.session));
  return { ...dona, exportacaoId, vista };
}

async function row(id: string) {
  const [found] = await auth.dataSource.query('select * from exportacoes where id = $1', [id]);
  return found;
}

/** As if it had waited: whoever holds it holds it no longer. */
const makeDue = (id: string) =>
  auth.dataSource.query(`update exportacoes set tentar_em = '2000-01-01' where id = $1`, [id]);

const waiting = async (id: string) => (await row(id))?.estado === 'PREPARANDO';

/** Takes turns until nothing more is collected. */
async function collectAll(id: string, background = auth.background): Promise<void> {
  for (let turns = 0; await waiting(id); turns++) {
    if (turns > 60) throw new Error('it is never done');
    await collect(background);
    await makeDue(id);
  }
}

describe('the collection of a person\u2019s data', () => {
  it('asks every service, each once when there is little', async () => {
    const { id, exportacaoId, vista } = await pedida();
    for (const servico of OUTROS) auth.outros.tem(servico, id, 3);
    auth.outros.calls.length = 0;
    await collect();
    expect(auth.outros.calls).toEqual(OUTROS);
    const { downloadUrl } = await vista();
    const { documento } = await aberta(downloadUrl);
    for (const servico of OUTROS) expect(documento.secoes[`${servico}.coisas`]).toHaveLength(3);
    expect(Object.keys(documento.secoes)).toEqual(Object.keys(documento.secoes).sort());
    expect((await row(exportacaoId)).falhas).toBe(0);
  });

  it('takes 5,000 reservations page by page, a few seconds, and no more memory than a page', async () => {
    const { id, exportacaoId, vista } = await pedida();
    auth.outros.tem('reservas', id, 5_000, 2_000);
    auth.outros.calls.length = 0;
    const begun = performance.now();
    await collectAll(exportacaoId);
    const seconds = (performance.now() - begun) / 1_000;
    expect(auth.outros.calls.filter((servico) => servico === 'reservas')).toHaveLength(26);
    expect(seconds).toBeLessThan(30);
    const { downloadUrl, bytes, partes } = await vista();
    expect(bytes).toBeGreaterThan(10_000_000);
    expect(partes).toBeGreaterThanOrEqual(26);
    const [{ maior }] = await auth.dataSource.query(
      'select max(length(conteudo)) as maior from exportacoes_partes where exportacao_id = $1',
      [exportacaoId],
    );
    expect(maior).toBeLessThanOrEqual(1_100_000);
    const { documento } = await aberta(downloadUrl);
    const ids = documento.secoes['reservas.coisas'].map((coisa: { id: string }) => coisa.id);
    expect(ids).toEqual(Array.from({ length: 5_000 }, (_, n) => `reservas_${n}`));
  });

  it('is delayed by a service that is away, for hours, and loses nothing', async () => {
    const { id, exportacaoId, vista } = await pedida();
    for (const servico of OUTROS) auth.outros.tem(servico, id, 2);
    auth.outros.away.add('pagamentos');
    for (let turns = 0; turns < 20; turns++) {
      await collect();
      await makeDue(exportacaoId);
    }
    expect(await row(exportacaoId)).toMatchObject({ estado: 'PREPARANDO', fonte: 'pagamentos', falhas: 0 });
    auth.outros.away.clear();
    await collectAll(exportacaoId, await freshWorkers());
    const { documento } = await aberta((await vista()).downloadUrl);
    expect(documento.secoes['pagamentos.coisas']).toHaveLength(2);
  });

  it('goes on where it stood when it dies between two pages, and beside another replica', async () => {
    const { id, exportacaoId, vista } = await pedida();
    auth.outros.tem('notificacoes', id, 1_000);
    auth.outros.tem('reservas', id, 700);
    let asked = 0;
    auth.outros.beforeEach(async () => {
      asked += 1;
      // The connection to the database is lost while every third page is on its way.
      if (asked % 3 === 0) await endOtherConnections();
    });
    const other = await freshWorkers();
    for (let turns = 0; await waiting(exportacaoId); turns++) {
      if (turns > 60) throw new Error('it does not go on');
      // The second one takes what the first one still holds.
      const first = collect();
      await makeDue(exportacaoId).catch(() => undefined);
      await Promise.allSettled([first, collect(other)]);
      await makeDue(exportacaoId).catch(() => undefined);
    }
    auth.outros.beforeEach(async () => {});
    const { documento } = await aberta((await vista()).downloadUrl);
    const numbers = (servico: string) =>
      documento.secoes[`${servico}.coisas`].map((coisa: { id: string }) => Number(coisa.id.split('_')[1]));
    expect(numbers('notificacoes')).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
    expect(numbers('reservas')).toEqual(Array.from({ length: 700 }, (_, n) => n));
    const avisos = await publicados<object>(auth.dataSource, 'auth.v1.AvisoDeSeguranca', id);
    expect(avisos).toHaveLength(1);
  });

  it('is given up when a service refuses ten times, leaves no part, and lets its owner ask again', async () => {
    const { exportacaoId, vista, quem, session } = await pedida();
    auth.outros.refusing.add('notificacoes');
    for (let turns = 0; turns < 10; turns++) {
      await collect();
      await makeDue(exportacaoId);
    }
    auth.outros.refusing.clear();
    expect((await vista()).estado).toBe(EstadoExportacao.FALHOU);
    const parts = await auth.dataSource.query('select 1 from exportacoes_partes where exportacao_id = $1', [
      exportacaoId,
    ]);
    expect(parts).toEqual([]);
    const again = await rpc.exports.requestExport({ password: quem.password }, as(session));
    expect(again.estado).toBe(EstadoExportacao.PREPARANDO);
    await collectAll(again.id, await freshWorkers());
  });

  it('is given up after three days', async () => {
    const { exportacaoId, vista } = await pedida();
    auth.outros.away.add('notificacoes');
    await collect();
    await auth.dataSource.query(
      `update exportacoes set tentar_em = '2000-01-01', pedida_em = pedida_em - interval '73 hours' where id = $1`,
      [exportacaoId],
    );
    await collect();
    auth.outros.away.clear();
    expect((await row(exportacaoId)).erro).toBe('could not be collected in three days');
    expect((await vista()).estado).toBe(EstadoExportacao.FALHOU);
  });

  it('ends with its account', async () => {
    const { id, exportacaoId } = await pedida();
    await auth.dataSource.query('update usuarios set ativo = false where id = $1', [id]);
    await collect();
    expect(await row(exportacaoId)).toBeUndefined();
  });
});

/** Of another instance over the same storage, whose breakers know nothing of what was away. */
async function freshWorkers() {
  const { background = [] } = await auth.createReplica({ admin: undefined });
  return background.filter((one): one is Worker => one instanceof Worker);
}

async function endOtherConnections(): Promise<void> {
  await auth.dataSource
    .query(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    )
    .catch(() => undefined);
}
