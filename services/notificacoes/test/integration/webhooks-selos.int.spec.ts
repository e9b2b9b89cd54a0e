import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { useTestCase } from '../support/use-test-case.ts';
import { useWebhooks } from '../support/use-webhooks.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const testCase = useTestCase();
const integracao = useWebhooks(testCase);

const [VELHA, NOVA, OUTRA] = [7, 8, 9].map((byte) => Buffer.alloc(32, byte)) as [Buffer, Buffer, Buffer];
const DIA_MS = 24 * 3_600_000;

const sql = (text: string): Promise<Record<string, unknown>[]> =>
  testCase.harness.database.dataSource.query(text);
const selos = () => sql('select selo, selo_anterior from webhooks');

/** The only copy that runs from now on has these keys. */
async function trocarDeCopia(...chaves: Buffer[]) {
  for (const instance of testCase.instances.splice(0)) await instance.stop();
  testCase.harness.webhookKeys = chaves;
  return testCase.start();
}

async function chegou(chave: string): Promise<void> {
  const { receptor } = integracao;
  receptor.chave = chave;
  const antes = receptor.recebidos.length;
  await testCase.harness.criar(`res_${testCase.numero}_${antes}`, testCase.cliente, '2026-12-24T13:30:00Z');
  await eventually(() => expect(receptor.recebidos).toHaveLength(antes + 1));
}

beforeEach(() => trocarDeCopia(VELHA));

afterEach(() => {
  testCase.harness.webhookKeys = [VELHA];
});

describe('keys that sign', () => {
  it('are sealed under the newest key, so that the one before can be taken out', async () => {
    const { id: webhookId, chave: antes } = await integracao.inscrever();
    const { chave: depois } = await integracao.admin.trocarChaveWebhook({ webhookId });
    const [velho] = await selos();
    await trocarDeCopia(NOVA, VELHA);
    await eventually(async () => {
      const [novo] = await selos();
      expect(novo).toEqual({ selo: expect.any(String), selo_anterior: novo?.selo });
      expect(novo?.selo).not.toBe(velho?.selo);
    });
    await trocarDeCopia(NOVA);
    for (const chave of [antes, depois]) await chegou(chave);
  });

  it('of before it was noted what has sealed them are sealed anew', async () => {
    const { chave } = await integracao.inscrever();
    await sql('update webhooks set selo = null');
    await trocarDeCopia(VELHA);
    await eventually(async () =>
      expect(await selos()).toEqual([{ selo: expect.any(String), selo_anterior: null }]),
    );
    await chegou(chave);
  });

  it('that no key opens are left as they are, told to operators, and hold up no other', async () => {
    await integracao.inscrever({ nome: 'perdido' });
    await sql(`update webhooks set chave = chave || '\\x00', selo = null where nome = 'perdido'`);
    const perdido = await sql('select chave, selo from webhooks');
    const { chave } = await integracao.inscrever({ nome: 'outro' });
    await sql(`update webhooks set selo = null where nome = 'outro'`);
    const { metrics } = await trocarDeCopia(NOVA, VELHA);
    await eventually(async () =>
      expect(
        await sql(`select count(*)::int as n from webhooks where nome = 'outro' and selo is not null`),
      ).toEqual([{ n: 1 }]),
    );
    expect(await sql(`select chave, selo from webhooks where nome = 'perdido'`)).toEqual(perdido);
    const texto = await metrics.registry.metrics();
    expect(texto).toMatch(/worker_mortos\{[^}]*worker="webhooks-selos"[^}]*\} 1/);
    await sql(`delete from webhooks where nome = 'perdido'`);
    await trocarDeCopia(OUTRA, NOVA);
    await chegou(chave);
  });

  it('are forgotten a day after they were replaced', async () => {
    const { id: webhookId } = await integracao.inscrever();
    await integracao.admin.trocarChaveWebhook({ webhookId });
    const anteriores = () => sql('select chave_anterior_ate from webhooks where chave_anterior is not null');
    expect(await anteriores()).toHaveLength(1);
    testCase.clock.advance(DIA_MS);
    await trocarDeCopia(VELHA);
    await eventually(async () => expect(await anteriores()).toEqual([]));
  });
});
