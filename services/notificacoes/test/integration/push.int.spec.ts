import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { FcmStandIn, fcmError } from '@plataforma/testing/providers/fcm';
import type { Answer, Fault } from '@plataforma/testing/providers/stand-in';
import { WebPushStandIn } from '@plataforma/testing/providers/web-push';
import { lerContaDeServico } from '../../src/canais/infrastructure/push/conta-de-servico.ts';
import { lerChaveVapid } from '../../src/canais/infrastructure/push/vapid.ts';
import { useTestCase } from '../support/use-test-case.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const CHAVE = lerChaveVapid('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw');
const HORA_MS = 3_600_000;

const testCase = useTestCase();
const fcm = new FcmStandIn();
const servico = new WebPushStandIn();

const sql = (text: string, values: unknown[] = []) =>
  testCase.harness.database.dataSource.query(text, values);

beforeAll(() => Promise.all([fcm.start(), servico.start()]));
afterAll(() => Promise.all([fcm.stop(), servico.stop()]));

beforeEach(async () => {
  for (const falso of [fcm, servico]) falso.faults.length = 0;
  fcm.received.length = 0;
  servico.received.length = 0;
  testCase.harness.push = {
    ...{ fcmServiceAccount: lerContaDeServico(fcm.credentials), fcmUrl: fcm.url },
    ...{ vapidPrivateKey: CHAVE, webPushSubject: 'mailto:push@exemplo.com' },
  };
  await sql(
    `insert into preferencias (cliente_id, email, sms, push, lembretes, telefone, atualizadas_em)
     values ($1, true, false, true, true, '', now())`,
    [testCase.cliente],
  );
  await testCase.harness.registrar(testCase.cliente, 'Ana', 'ana@exemplo.com');
  await testCase.start();
});

/** An app of the customer; its token. */
async function app(): Promise<string> {
  const token = `tok_${testCase.numero}`;
  fcm.devices.add(token);
  await guardar('a', 'FCM', [token, null, null, null, null]);
  return token;
}

/** A browser of the customer; its name at the push service. */
async function navegador(): Promise<string> {
  const { id, endpoint, p256dh, auth } = servico.subscribe(CHAVE.publica);
  await guardar('n', 'WEB_PUSH', [null, endpoint, p256dh, auth, CHAVE.publica]);
  return id;
}

const guardar = (
  sufixo: string,
  tipo: string,
  meios: readonly (string | null)[],
  cliente = testCase.cliente,
) =>
  sql(
    `insert into dispositivos_push (id, cliente_id, tipo, nome, impressao, token, endpoint, p256dh, auth, chave_publica,
       geracao, sessao_id, criado_em, registrado_em)
     values ($1, $2, $3, 'Um', sha256(convert_to($1, 'UTF8')), $4, $5, $6, $7, $8, 1, 'ses', now(), now())`,
    [`dsp_${testCase.numero}${sufixo}`, cliente, tipo, ...meios],
  );

const aparelhos = async (): Promise<Array<{ tipo: string; levou: boolean }>> =>
  sql(
    `select tipo, ultimo_envio_em is not null as levou from dispositivos_push where cliente_id = $1 order by tipo`,
    [testCase.cliente],
  );

const situacao = async (canal = 'PUSH'): Promise<string | undefined> => {
  const [linha]: { status: string }[] = await sql(
    'select status from notificacoes where reserva_id = $1 and canal = $2 and modelo = $3',
    [testCase.reserva, canal, 'RESERVA_CONFIRMADA'],
  );
  return linha?.status;
};

const confirmar = (espaco?: string) =>
  testCase.harness.confirmar(testCase.reserva, testCase.cliente, undefined, espaco);
const ficou = (status: string, canal?: string) =>
  eventually(async () => expect(await situacao(canal)).toBe(status));

describe('a push message', () => {
  it('goes to every device of the person, beside the e-mail', async () => {
    await app();
    const id = await navegador();
    await confirmar();
    await ficou('ENVIADA');
    await ficou('ENVIADA', 'EMAIL');
    const [{ title, body } = { title: '', body: '' }] = fcm.received.map(({ notification }) => notification);
    expect([title, body]).toEqual(['Reserva confirmada', expect.stringContaining('Sala Ipê')]);
    expect(
      servico.received.map(({ subscription, clear }) => [subscription, clear.titulo, clear.corpo]),
    ).toEqual([[id, title, body]]);
    expect(fcm.received).toHaveLength(1);
    expect(await aparelhos()).toEqual([
      { tipo: 'FCM', levou: true },
      { tipo: 'WEB_PUSH', levou: true },
    ]);
  });

  it('says whatever people call things in what fits', async () => {
    await app();
    await navegador();
    await confirmar(`Sala ${'🏢عربى"<b>\\'.repeat(1_000)}`);
    await ficou('ENVIADA');
    expect([fcm.received.length, servico.received.length]).toEqual([1, 1]);
    expect(servico.received[0]?.bytes).toBeLessThanOrEqual(4_096);
  });

  it('is given up where the person has no device, and asks nobody', async () => {
    await confirmar();
    await ficou('SUPRIMIDA');
    expect([fcm.received.length, servico.received.length]).toEqual([0, 0]);
  });

  it('is sent when one device has taken it, and ends those that are no more', async () => {
    fcm.devices.delete(await app());
    await navegador();
    await confirmar();
    await ficou('ENVIADA');
    await eventually(async () => expect(await aparelhos()).toEqual([{ tipo: 'WEB_PUSH', levou: true }]));
  });

  it('is sent when one device has taken it, and does not ring twice there for another one that was away', async () => {
    await app();
    await navegador();
    fcm.faults.push(fcmError(503, 'UNAVAILABLE'));
    await confirmar();
    await ficou('ENVIADA');
    testCase.clock.advance(HORA_MS);
    await testCase.instances[0]?.turns();
    expect([fcm.received.length, servico.received.length]).toEqual([0, 1]);
    expect(await aparelhos()).toEqual([
      { tipo: 'FCM', levou: false },
      { tipo: 'WEB_PUSH', levou: true },
    ]);
  });

  it('goes to no device whose session has ended by its age, and forgets it', async () => {
    await app();
    const id = await navegador();
    const dias = (quantos: number) => new Date(testCase.clock.now().getTime() - quantos * 24 * HORA_MS);
    const datar = 'update dispositivos_push set registrado_em = $2 where cliente_id = $1 and tipo = $3';
    await sql(datar, [testCase.cliente, dias(31), 'FCM']);
    await sql(datar, [testCase.cliente, dias(29), 'WEB_PUSH']);
    await confirmar();
    await ficou('ENVIADA');
    expect(fcm.received).toEqual([]);
    expect(servico.received.map(({ subscription }) => subscription)).toEqual([id]);
    expect(await aparelhos()).toEqual([{ tipo: 'WEB_PUSH', levou: true }]);
  });

  it('is given up once no device is left', async () => {
    fcm.devices.delete(await app());
    servico.unsubscribe(await navegador());
    await confirmar();
    await eventually(async () => expect(await aparelhos()).toEqual([]));
    testCase.clock.advance(HORA_MS);
    await ficou('SUPRIMIDA');
  });

  it.each<[string, Answer]>([
    ['away', { status: 503 }],
    ['not pleased with our key', { status: 401 }],
    ['overloaded', { status: 429 }],
  ])('waits while all of its providers are %s, and keeps no e-mail waiting', async (_, resposta) => {
    await navegador();
    // Fewer than a breaker opens at: it is closed again by real time.
    servico.faults.push(...Array.from({ length: 2 }, () => resposta));
    await confirmar();
    await ficou('ENVIADA', 'EMAIL');
    await eventually(() => expect(servico.faults.length).toBeLessThan(2));
    expect(await situacao()).toBe('PENDENTE');
    await eventually(async () => {
      testCase.clock.advance(HORA_MS);
      await testCase.instances[0]?.turns();
      expect(await situacao()).toBe('ENVIADA');
    });
    expect(servico.received).toHaveLength(1);
  });
});

describe('one of two providers', () => {
  /** Somebody else, whose only device is an app, and so many messages to them. */
  async function outraPessoa(quantas: number): Promise<void> {
    const outra = `${testCase.cliente}o`;
    await sql(
      `insert into preferencias (cliente_id, email, sms, push, lembretes, telefone, atualizadas_em)
       values ($1, true, false, true, true, '', now())`,
      [outra],
    );
    await testCase.harness.registrar(outra, 'Bia', 'bia@exemplo.com');
    fcm.devices.add(`tok_${outra}`);
    await guardar('o', 'FCM', [`tok_${outra}`, null, null, null, null], outra);
    for (let n = 0; n < quantas; n += 1) await testCase.harness.confirmar(`${testCase.reserva}o${n}`, outra);
    await eventually(async () => expect(await delas()).toHaveLength(quantas));
  }

  const delas = (): Promise<{ status: string }[]> =>
    sql(
      `select status from notificacoes where cliente_id = $1 and canal = 'PUSH' and modelo = 'RESERVA_CONFIRMADA'`,
      [`${testCase.cliente}o`],
    );

  const medidas = async () => (await testCase.instances[0]?.metrics.registry.metrics()) ?? '';

  it.each<[string, Fault, RegExp]>([
    [
      'refuses us',
      fcmError(401),
      /^notificacoes_canal_parado\{(?=[^}]*canal="PUSH")(?=[^}]*provedor="fcm")[^}]*\} 1$/m,
    ],
    [
      'is away',
      fcmError(503),
      /^notificacoes_provedor_afastado\{(?=[^}]*canal="PUSH")(?=[^}]*provedor="fcm")[^}]*\} 1$/m,
    ],
    [
      'hangs',
      'SILENCE',
      /^notificacoes_provedor_afastado\{(?=[^}]*canal="PUSH")(?=[^}]*provedor="fcm")[^}]*\} 1$/m,
    ],
  ])('that %s keeps nobody from what goes by the other one', async (_, tropeco, aviso) => {
    fcm.faults.push(...Array.from({ length: 1_000 }, () => tropeco));
    await outraPessoa(40);
    const id = await navegador();
    const inicio = performance.now();
    await confirmar();
    // A request that hangs ends after ten seconds. Those of two rounds may be needed to see that it does; nobody waits for the others.
    await eventually(async () => expect(await situacao()).toBe('ENVIADA'), { timeoutMs: 25_000 });
    expect(performance.now() - inicio).toBeLessThan(22_000);
    expect(servico.received.map(({ subscription }) => subscription)).toEqual([id]);
    expect(new Set((await delas()).map(({ status }) => status))).toEqual(new Set(['PENDENTE']));
    expect(await medidas()).toMatch(aviso);
    expect(await medidas()).toMatch(
      /^notificacoes_provedor_afastado\{(?=[^}]*canal="PUSH")(?=[^}]*provedor="web-push")[^}]*\} 0$/m,
    );
    // As many as were under way when it was seen that it is away.
    expect(1_000 - fcm.faults.length).toBeLessThanOrEqual(10);
  });
});
