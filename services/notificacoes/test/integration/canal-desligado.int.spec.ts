import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { FcmStandIn, fcmError } from '@plataforma/testing/providers/fcm';
import { lerContaDeServico } from '../../src/canais/infrastructure/push/conta-de-servico.ts';
import type { Instance } from '../support/harness.ts';
import { useTestCase } from '../support/use-test-case.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const HORA_MS = 3_600_000;
const testCase = useTestCase();
const fcm = new FcmStandIn();

const sql = (text: string, values: unknown[] = []) =>
  testCase.harness.database.dataSource.query(text, values);

beforeAll(() => fcm.start());
afterAll(() => fcm.stop());

/** A message that waits for FCM, which is away; then the channel is switched off and the service starts again. */
beforeEach(async () => {
  const { cliente, harness, numero, reserva } = testCase;
  fcm.faults.splice(0, 1_000, ...Array.from({ length: 1_000 }, () => fcmError(503)));
  fcm.received.length = 0;
  fcm.devices.add(`tok_${numero}`);
  await sql(
    `insert into preferencias (cliente_id, email, sms, push, lembretes, telefone, atualizadas_em)
     values ($1, true, false, true, true, '', now())`,
    [cliente],
  );
  await sql(
    `insert into dispositivos_push (id, cliente_id, tipo, nome, impressao, token, geracao, sessao_id, criado_em, registrado_em)
     values ($1, $2, 'FCM', 'Um', sha256(convert_to($1, 'UTF8')), $3, 1, 'ses', $4, $4)`,
    [`dsp_${numero}`, cliente, `tok_${numero}`, testCase.clock.now()],
  );
  await harness.registrar(cliente, 'Ana', 'ana@exemplo.com');
  const instancia = await ligar();
  await harness.confirmar(reserva, cliente);
  await eventually(async () => expect(await situacao('EMAIL')).toBe('ENVIADA'));
  await eventually(async () => expect(await situacao('PUSH')).toBe('PENDENTE'));
  await desligar(instancia);
});

const ligar = () => {
  testCase.harness.push = { fcmServiceAccount: lerContaDeServico(fcm.credentials), fcmUrl: fcm.url };
  return testCase.start();
};

/** The service starts again without the channel. */
async function desligar(instancia: Instance): Promise<Instance> {
  await parar(instancia);
  testCase.harness.push = {};
  return testCase.start();
}

async function parar(instancia: Instance): Promise<void> {
  testCase.instances.splice(testCase.instances.indexOf(instancia), 1);
  await instancia.stop();
}

const situacao = async (canal: string): Promise<string | undefined> => {
  const [linha]: { status: string }[] = await sql(
    `select status from notificacoes where reserva_id = $1 and canal = $2 and modelo = 'RESERVA_CONFIRMADA'`,
    [testCase.reserva, canal],
  );
  return linha?.status;
};

const passar = async (ms: number) => {
  testCase.clock.advance(ms);
  for (const um of testCase.instances) await um.turns();
};

const naFila = async () => {
  const texto = (await testCase.instances[0]?.metrics.registry.metrics()) ?? '';
  const linhas = texto.matchAll(/^notificacoes_na_fila\{situacao="(\w+)",canal="PUSH"[^}]*\} ([1-9]\d*)$/gm);
  return Object.fromEntries([...linhas].map(([, situacao = '', quantas]) => [situacao, Number(quantas)]));
};

describe('a message by a channel that is switched off', () => {
  it('waits as long as it is news, and is shown as what it is', async () => {
    await passar(HORA_MS);
    expect(await situacao('PUSH')).toBe('PENDENTE');
    // The reminder, too.
    expect(await naFila()).toEqual({ desligada: 2 });
  });

  it('goes when the channel is switched on again in time', async () => {
    const [desligada] = testCase.instances;
    if (desligada) await parar(desligada);
    fcm.faults.length = 0;
    await ligar();
    await passar(HORA_MS);
    await eventually(async () => expect(await situacao('PUSH')).toBe('ENVIADA'));
  });

  it('ends when it is no news any more, and says why', async () => {
    await passar(23 * HORA_MS);
    expect(await situacao('PUSH')).toBe('PENDENTE');
    await passar(2 * HORA_MS);
    expect(await situacao('PUSH')).toBe('SUPRIMIDA');
    const detalhes = await sql(
      `select h.detalhe from historico_notificacoes h join notificacoes n on n.id = h.notificacao_id
       where n.reserva_id = $1 and n.canal = 'PUSH' and n.modelo = 'RESERVA_CONFIRMADA' and h.tipo = 'SUPRIMIDA'`,
      [testCase.reserva],
    );
    expect(detalhes).toEqual([{ detalhe: 'channel switched off' }]);
  });

  it('is no old news when the channel is switched on again a month later', async () => {
    await passar(30 * 24 * HORA_MS);
    const [desligada] = testCase.instances;
    if (desligada) await parar(desligada);
    fcm.faults.length = 0;
    await ligar();
    await passar(HORA_MS);
    await passar(HORA_MS);
    expect(fcm.received).toEqual([]);
    expect(await sql(`select 1 from notificacoes where canal = 'PUSH' and status = 'PENDENTE'`)).toEqual([]);
  });
});
