import { beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { AjustarPreferenciasHandler } from '../../src/preferencias/application/ajustar-preferencias.ts';
import type { Silencio } from '../../src/preferencias/domain/silencio.ts';
import { useTestCase } from '../support/use-test-case.ts';

/** Half past eleven in the evening in São Paulo; later than any clock that runs these tests. */
const NOITE = '2090-05-10T02:30:00Z';
const MANHA = '2090-05-10T11:00:00Z';

describe('a message in the quiet hours', () => {
  const testCase = useTestCase();
  const noite: Silencio = { inicio: '22:00', fim: '08:00', fuso: 'America/Sao_Paulo', email: true };

  beforeEach(async () => {
    testCase.clock.set(NOITE);
    await testCase.harness.registrar(testCase.cliente, 'Ana', `ana.${testCase.numero}@exemplo.com`);
    await escolher(noite);
  });

  const escolher = (silencio: Silencio | null) => {
    const { harness, clock, cliente: clienteId } = testCase;
    const uow = createUnitOfWork(harness.database.dataSource);
    const ajuste = { escolhas: [], silencio };
    return new AjustarPreferenciasHandler({ clock, idiomas: [], uow }).execute({ clienteId, ajuste });
  };

  const fila = async () => {
    const linhas: Array<Record<string, unknown>> = await testCase.harness.database.dataSource.query(
      `select modelo, status, recusas, adiamentos, silencio_ate as "silencioAte" from notificacoes
       where cliente_id = $1 order by modelo`,
      [testCase.cliente],
    );
    return linhas;
  };
  const espera = (silencioAte: string) =>
    eventually(async () =>
      expect(await fila()).toEqual([
        {
          ...{ modelo: 'ESTORNO_CONCLUIDO', status: 'PENDENTE', recusas: 0, adiamentos: 0 },
          silencioAte: new Date(silencioAte),
        },
      ]),
    );
  const enviada = () =>
    eventually(async () => expect(await fila()).toMatchObject([{ status: 'ENVIADA', recusas: 0 }]));

  it('waits for their end, costs no attempt, is counted, and keeps no other waiting', async () => {
    const { metrics } = await testCase.start();
    await testCase.harness.estornar(testCase.reserva, testCase.cliente, 1);
    await espera(MANHA);
    expect(await metrics.registry.getSingleMetricAsString('notificacoes_na_fila')).toMatch(
      /situacao="silencio"[^}]*\} 1$/m,
    );
    await testCase.harness.cancelar(`${testCase.reserva}b`, testCase.cliente);
    await eventually(() => expect(testCase.smtp.received).toHaveLength(1));
    await eventually(async () =>
      expect((await fila()).map(({ status }) => status)).toEqual(['PENDENTE', 'ENVIADA']),
    );
    testCase.clock.set(MANHA);
    await eventually(() => expect(testCase.smtp.received).toHaveLength(2));
    await eventually(async () => {
      const demora = await metrics.registry.getSingleMetricAsString('notificacoes_demora_segundos');
      expect(demora).toMatch(/sum\{[^}]*modelo="ESTORNO_CONCLUIDO"[^}]*\} 0$/m);
    });
  });

  it('is looked at again when its reader changes them: sent, or put off till their new end', async () => {
    await testCase.start();
    await testCase.harness.estornar(testCase.reserva, testCase.cliente, 1);
    await espera(MANHA);
    await escolher({ ...noite, fim: '10:00' });
    await espera('2090-05-10T13:00:00Z');
    await escolher({ ...noite, fuso: 'America/Manaus' });
    await espera('2090-05-10T12:00:00Z');
    await escolher(null);
    await enviada();
  });

  it('is looked at with the choices of the moment, whatever they were when it was taken', async () => {
    await escolher(null);
    await testCase.start();
    await testCase.harness.estornar(testCase.reserva, testCase.cliente, 1);
    await enviada();
  });

  it('of who said nothing goes by e-mail at once', async () => {
    await testCase.harness.database.dataSource.query('delete from preferencias where cliente_id = $1', [
      testCase.cliente,
    ]);
    await testCase.start();
    await testCase.harness.estornar(testCase.reserva, testCase.cliente, 1);
    await enviada();
  });
});
