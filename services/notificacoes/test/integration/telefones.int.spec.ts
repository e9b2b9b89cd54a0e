import { type Client, Code, ConnectError, createClient, createRouterTransport } from '@connectrpc/connect';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { NotificacoesService } from '@plataforma/contratos/notificacoes/v1/notificacoes_service_pb';
import { TelefonesService } from '@plataforma/contratos/notificacoes/v1/telefones_service_pb';
import { motivoDe } from '@plataforma/runtime/errors';
import { PostgresIdempotencyKeys } from '@plataforma/runtime/idempotency-keys';
import { createInterceptors } from '@plataforma/runtime/interceptors';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { eventually } from '@plataforma/testing/eventually';
import { PROVIDER_KEY } from '@plataforma/testing/providers/keyed-stand-in';
import { TWILIO_ACCOUNT, TwilioStandIn, twilioError } from '@plataforma/testing/providers/twilio';
import { createTestIssuer, type TestIssuer } from '@plataforma/testing/test-tokens';
import { logger } from '../support/harness.ts';
import { useTestCase } from '../support/use-test-case.ts';

const NUMERO = '+5511987654321';
const testCase = useTestCase();
let issuer: TestIssuer;
let twilio: TwilioStandIn;
let metrics: () => Promise<string>;
let telefones: Client<typeof TelefonesService>;
let preferencias: Client<typeof NotificacoesService>;

beforeAll(async () => {
  issuer = await createTestIssuer();
});

afterAll(() => issuer.close());

beforeEach(async () => {
  twilio = new TwilioStandIn();
  await twilio.start();
  testCase.harness.sms = {
    ...{
      smsProvider: 'twilio',
      twilioAccountSid: TWILIO_ACCOUNT,
      twilioAuthToken: PROVIDER_KEY,
      twilioUrl: twilio.url,
    },
    ...{ twilioFrom: '+15005550006', smsDailyLimit: 1_000 },
  };
  await sql('delete from envios_do_dia');
});

afterEach(() => twilio.stop());

const sql = (texto: string, valores: unknown[] = []) =>
  testCase.harness.database.dataSource.query(texto, valores);

async function ligar(sub = testCase.cliente): Promise<void> {
  const instancia = await testCase.start();
  metrics = () => instancia.metrics.registry.metrics();
  const { services } = instancia;
  const keys = new PostgresIdempotencyKeys(testCase.harness.database.dataSource);
  const verifier = createTokenVerifier(issuer);
  const interceptors = createInterceptors({ logger, verifier, services, keys });
  const transport = createRouterTransport(
    (router) => {
      for (const { methods } of services) for (const { spec } of methods) router.rpc(spec.method, spec.impl);
    },
    { router: { interceptors } },
  );
  const autorizada = async () => ({
    authorization: `Bearer ${await issuer.token({ sub, papeis: ['CLIENTE'] })}`,
  });
  const com = <T extends object>(cliente: T): T =>
    new Proxy(cliente, {
      get:
        (alvo, nome) =>
        async (pedido: unknown, opcoes: { headers?: object } = {}) => {
          const headers = { ...(await autorizada()), ...opcoes.headers };
          return (alvo as Record<PropertyKey, (...args: unknown[]) => unknown>)[nome]?.(pedido, { headers });
        },
    });
  telefones = com(createClient(TelefonesService, transport));
  preferencias = com(createClient(NotificacoesService, transport));
}

async function conta(telefone = NUMERO): Promise<void> {
  await testCase.harness.registrar(testCase.cliente, 'Ana Souza', `ana.${testCase.numero}@exemplo.com`);
  await eventually(async () =>
    expect(await sql('select 1 from contatos where usuario_id = $1', [testCase.cliente])).toHaveLength(1),
  );
  const escolhas = { email: true, sms: telefone !== '', push: false, lembretes: true };
  await preferencias.atualizarPreferencias({ ...escolhas, telefone });
}

/** As an older release, or other countries of the configuration, have let it in. */
const guardado = (telefone: string) =>
  sql(`update preferencias set telefone = $2, sms = sms and $2 <> '' where cliente_id = $1`, [
    ...[testCase.cliente, telefone],
  ]);

/** The reason of a refusal. */
async function motivo(chamada: Promise<unknown>): Promise<string | undefined> {
  const erro = await chamada.then(
    () => undefined,
    (error: unknown) => error,
  );
  return erro instanceof ConnectError ? (motivoDe(erro) ?? Code[erro.code]) : undefined;
}

const codigos = () => twilio.received.flatMap(({ Body }) => /\b\d{6}\b/.exec(Body)?.[0] ?? []);

async function pedir(): Promise<string> {
  const antes = codigos().length;
  await telefones.pedirCodigoDeTelefone({});
  await eventually(() => expect(codigos()).toHaveLength(antes + 1));
  return codigos().at(-1) as string;
}

async function provar(): Promise<void> {
  await telefones.confirmarTelefone({ codigo: await pedir() });
}

describe('a telephone', () => {
  it('is proved by the code that was sent there, which is kept nowhere', async () => {
    await ligar();
    await conta();
    expect(await telefones.obterTelefone({})).toMatchObject({ numero: '+55***4321', provado: false });
    const pedido = await telefones.pedirCodigoDeTelefone({});
    expect(pedido.numero).toBe('+55***4321');
    await eventually(() => expect(codigos()).toHaveLength(1));
    const [codigo = ''] = codigos();
    expect(twilio.received[0]).toMatchObject({ To: NUMERO, ValidityPeriod: '600' });
    await eventually(async () =>
      expect(
        await sql(
          `select dados, destino from notificacoes where modelo = 'CODIGO_DE_TELEFONE' and cliente_id = $1`,
          [testCase.cliente],
        ),
      ).toEqual([{ dados: {}, destino: '+55***4321' }]),
    );
    expect(JSON.stringify(await sql('select * from codigos_de_telefone'))).not.toContain(codigo);
    expect(await telefones.confirmarTelefone({ codigo })).toMatchObject({ provado: true });
    expect(await motivo(telefones.confirmarTelefone({ codigo }))).toBe('CODIGO_DE_TELEFONE_INVALIDO');
  });

  it('is proved no longer once it is another one', async () => {
    await ligar();
    await conta();
    await provar();
    const escolhas = { email: true, sms: true, push: false, lembretes: true };
    await preferencias.atualizarPreferencias({ ...escolhas, telefone: '+5511987654322' });
    expect(await telefones.obterTelefone({})).toMatchObject({ numero: '+55***4322', provado: false });
  });

  it.each([
    ['of who has none', '', 'TELEFONE_AUSENTE'],
    ['that is a landline', '+551132654321', 'TELEFONE_INVALIDO'],
    ['of a country that is not written to', '+351912345678', 'TELEFONE_INVALIDO'],
  ])('%s gets no code', async (_, numero, esperado) => {
    await ligar();
    await conta();
    await guardado(numero);
    expect(await motivo(telefones.pedirCodigoDeTelefone({}))).toBe(esperado);
    expect(twilio.requests).toBe(0);
  });

  it.each([
    ['a landline', '+551132654321'],
    ['a number for which its caller pays more', '+559001234567'],
    ['a toll-free number', '+558001234567'],
    ['a mobile number without its ninth digit', '+551187654321'],
    ['a number of a country that is not written to', '+351912345678'],
    ['a number that nobody has', '+9999999999'],
  ])('is refused at once where it is %s, and the one before stays', async (_, telefone) => {
    await ligar();
    await conta();
    const escolhas = { email: true, sms: false, push: false, lembretes: true };
    expect(await motivo(preferencias.atualizarPreferencias({ ...escolhas, telefone }))).toBe(
      'TELEFONE_INVALIDO',
    );
    expect(await preferencias.obterPreferencias({})).toMatchObject({ sms: true, telefone: NUMERO });
  });

  it('that is in the preferences already stands in the way of no other choice', async () => {
    await ligar();
    await conta();
    await guardado('+551132654321');
    const escolhas = { email: true, sms: false, push: true, lembretes: true };
    expect(
      await preferencias.atualizarPreferencias({ ...escolhas, telefone: '+551132654321' }),
    ).toMatchObject({
      ...{ push: true, telefone: '+551132654321' },
    });
  });

  it('of who has not proved an address gets no code', async () => {
    await ligar();
    await conta();
    await sql('update contatos set email_verificado = false where usuario_id = $1', [testCase.cliente]);
    expect(await motivo(telefones.pedirCodigoDeTelefone({}))).toBe('EMAIL_NAO_VERIFICADO');
  });

  it('gets no code where nothing goes by SMS', async () => {
    testCase.harness.sms = {};
    await ligar();
    await conta();
    expect(await motivo(telefones.pedirCodigoDeTelefone({}))).toBe('SMS_DESLIGADO');
  });

  it('is guessed by nobody: after five tries the code is void, also for who knows it', async () => {
    await ligar();
    await conta();
    const codigo = await pedir();
    const outro = codigo === '000000' ? '000001' : '000000';
    const tentar = (um: string) => motivo(telefones.confirmarTelefone({ codigo: um }));
    for (const _ of [1, 2, 3, 4, 5]) expect(await tentar(outro)).toBe('CODIGO_DE_TELEFONE_INVALIDO');
    expect(await tentar(codigo)).toBe('CODIGO_DE_TELEFONE_INVALIDO');
    expect(await telefones.obterTelefone({})).toMatchObject({ provado: false });
  });

  it('is not proved by a code that is ten minutes old', async () => {
    await ligar();
    await conta();
    const codigo = await pedir();
    testCase.clock.advance(600_000);
    expect(await motivo(telefones.confirmarTelefone({ codigo }))).toBe('CODIGO_DE_TELEFONE_INVALIDO');
  });

  it('is sent one code a minute, however many ask at once, and three a day', async () => {
    await ligar();
    await conta();
    const pedidos = Array.from({ length: 5 }, () => motivo(telefones.pedirCodigoDeTelefone({})));
    expect((await Promise.all(pedidos)).filter((um) => um === undefined)).toHaveLength(1);
    for (const n of [2, 3, 4]) {
      testCase.clock.advance(60_000);
      expect(await motivo(telefones.pedirCodigoDeTelefone({}))).toBe(n === 4 ? 'MUITOS_CODIGOS' : undefined);
      await eventually(() => expect(twilio.received).toHaveLength(Math.min(n, 3)));
    }
    testCase.clock.advance(24 * 3_600_000);
    await pedir();
  });

  it('is sent five codes a day of one person, whatever the number, and what is refused counts in no share', async () => {
    await ligar();
    await conta();
    const escolhas = { email: true, sms: true, push: false, lembretes: true };
    for (let n = 1; n <= 6; n++) {
      const telefone = `+551198765430${n}`;
      await preferencias.atualizarPreferencias({ ...escolhas, telefone });
      expect(await motivo(telefones.pedirCodigoDeTelefone({}))).toBe(n === 6 ? 'MUITOS_CODIGOS' : undefined);
      testCase.clock.advance(60_000);
    }
    const contados = await sql('select sum(quantos)::int as n from envios_do_dia');
    expect(contados).toEqual([{ n: 15 }]);
  });

  it('is sent no code when there are no more of them today for anybody', async () => {
    testCase.harness.sms = { ...testCase.harness.sms, smsDailyLimit: 1 };
    await ligar();
    await conta();
    await pedir();
    testCase.clock.advance(60_000);
    expect(await motivo(telefones.pedirCodigoDeTelefone({}))).toBe('MUITOS_CODIGOS');
  });

  it('is sent one code by a call that comes twice', async () => {
    await ligar();
    await conta();
    const headers = { 'idempotency-key': `chave-${testCase.cliente}` };
    const [um, outro] = [
      await telefones.pedirCodigoDeTelefone({}, { headers }),
      await telefones.pedirCodigoDeTelefone({}, { headers }),
    ];
    expect(outro).toEqual(um);
    await eventually(() => expect(twilio.received).toHaveLength(1));
  });
});

describe('what is told by SMS', () => {
  const historico = async (canal: string) => {
    const linhas: Array<{ tipo: string }> = await sql(
      `select tipo from historico_notificacoes where reserva_id = $1 and canal = $2 and modelo = 'RESERVA_CONFIRMADA'
       order by sequencia`,
      [testCase.reserva, canal],
    );
    return linhas.map(({ tipo }) => tipo);
  };
  const confirmar = () => testCase.harness.confirmar(testCase.reserva, testCase.cliente);
  const terminou = (canal: string, ...tipos: string[]) =>
    eventually(async () => expect(await historico(canal)).toEqual(tipos));
  const textos = () => twilio.received.map(({ Body }) => Body).filter((texto) => !/\d{6}/.test(texto));

  it('goes to the number that is proved, beside the e-mail, in letters that are cheap', async () => {
    await ligar();
    await conta();
    await provar();
    await confirmar();
    await Promise.all([terminou('SMS', 'CRIADA', 'ENVIADA'), terminou('EMAIL', 'CRIADA', 'ENVIADA')]);
    expect(textos()).toEqual([expect.stringMatching(/Sala Ipe, /)]);
    expect(await metrics()).toMatch(/notificacoes_sms_partes_total\{[^}]*codificacao="GSM-7"[^}]*\} \d/);
    const { notificacoes } = await preferencias.listarNotificacoes({ reservaId: testCase.reserva });
    expect(notificacoes.map(({ destino }) => destino)).toContain('+55***4321');
  });

  it('goes nowhere after STOP, before the number is proved again', async () => {
    await ligar();
    await conta();
    await provar();
    twilio.faults.push(twilioError(400, 21610));
    await confirmar();
    await terminou('SMS', 'CRIADA', 'FALHOU');
    const { recusadoEm } = await telefones.obterTelefone({});
    expect(recusadoEm).toBeDefined();
    expect(await preferencias.obterPreferencias({})).toMatchObject({ sms: false });
    await testCase.harness.cancelar(testCase.reserva, testCase.cliente);
    await eventually(async () =>
      expect(
        await sql(`select canal from notificacoes where reserva_id = $1 and modelo = 'RESERVA_CANCELADA'`, [
          testCase.reserva,
        ]),
      ).toEqual([{ canal: 'EMAIL' }]),
    );
    testCase.clock.advance(60_000);
    await provar();
    const depois = await telefones.obterTelefone({});
    expect([depois.provado, depois.recusadoEm]).toEqual([true, undefined]);
    expect(await preferencias.obterPreferencias({})).toMatchObject({ sms: true });
  });

  it('is not switched on in the preferences while its owner wants none there, and may be left on or off', async () => {
    await ligar();
    await conta();
    await provar();
    await sql('update telefones set recusado_em = now() where cliente_id = $1', [testCase.cliente]);
    const escolher = (sms: boolean, telefone = NUMERO) =>
      motivo(
        preferencias.atualizarPreferencias({
          ...{ email: true, push: false, lembretes: true },
          sms,
          telefone,
        }),
      );
    // On since before it was known.
    expect(await escolher(true)).toBeUndefined();
    expect(await escolher(false)).toBeUndefined();
    expect(await escolher(true)).toBe('SMS_RECUSADO');
    expect(await motivo(preferencias.ajustarPreferencias({ sms: true }))).toBe('SMS_RECUSADO');
    expect(await motivo(preferencias.ajustarPreferencias({ push: true }))).toBeUndefined();
    expect(await preferencias.obterPreferencias({})).toMatchObject({ sms: false, push: true });
    expect(await escolher(true, '+5511987654322')).toBeUndefined();
    expect(await escolher(false)).toBeUndefined();
    testCase.clock.advance(60_000);
    await provar();
    expect(await motivo(preferencias.ajustarPreferencias({ sms: true }))).toBeUndefined();
  });

  it('waits for the next day when there is no more of it today for anybody, whatever the number, and codes go on', async () => {
    testCase.harness.sms = { ...testCase.harness.sms, smsMessagesDailyLimit: 1 };
    await ligar();
    await conta();
    await provar();
    await confirmar();
    await terminou('SMS', 'CRIADA', 'ENVIADA');
    await testCase.harness.cancelar(testCase.reserva, testCase.cliente);
    await eventually(async () =>
      expect(
        await sql(
          `select posse, contada_em, disponivel_em > '2026-11-20T23:59:00Z' as amanha from notificacoes
           where reserva_id = $1 and canal = 'SMS' and status = 'PENDENTE'`,
          [testCase.reserva],
        ),
      ).toEqual([{ posse: null, contada_em: null, amanha: true }]),
    );
    testCase.clock.advance(60_000);
    await provar();
    expect(textos()).toHaveLength(1);
  });

  it('is not sent any more when STOP is answered while it waits', async () => {
    testCase.harness.sms = { ...testCase.harness.sms, smsMessagesDailyLimit: 1 };
    await ligar();
    await conta();
    await provar();
    await confirmar();
    await terminou('SMS', 'CRIADA', 'ENVIADA');
    await testCase.harness.cancelar(testCase.reserva, testCase.cliente);
    const cancelada = () =>
      sql(
        `select status from notificacoes where reserva_id = $1 and canal = 'SMS' and modelo = 'RESERVA_CANCELADA'`,
        [testCase.reserva],
      );
    await eventually(async () => expect(await cancelada()).toEqual([{ status: 'PENDENTE' }]));
    await sql('update telefones set recusado_em = now() where cliente_id = $1', [testCase.cliente]);
    testCase.clock.advance(12 * 3_600_000);
    await eventually(async () => expect(await cancelada()).toEqual([{ status: 'SUPRIMIDA' }]));
    expect(textos()).toHaveLength(1);
  });

  it('is sent to nobody with a share of nothing', async () => {
    testCase.harness.sms = { ...testCase.harness.sms, smsMessagesDailyLimit: 0 };
    await ligar();
    await conta();
    await provar();
    await confirmar();
    await terminou('EMAIL', 'CRIADA', 'ENVIADA');
    expect(textos()).toEqual([]);
  });

  it('goes to no country any more that the configuration names no longer, whoever has proved a number there', async () => {
    await ligar();
    await conta();
    await provar();
    testCase.harness.sms = { ...testCase.harness.sms, smsCountries: ['PT'] };
    for (const instancia of testCase.instances.splice(0)) await instancia.stop();
    await ligar();
    await confirmar();
    await terminou('SMS', 'CRIADA', 'SUPRIMIDA');
    expect(textos()).toEqual([]);
  });

  it('takes the proof from a number that is none any more', async () => {
    await ligar();
    await conta();
    await provar();
    twilio.faults.push(twilioError(400, 21614));
    await confirmar();
    await terminou('SMS', 'CRIADA', 'FALHOU');
    expect(await telefones.obterTelefone({})).toMatchObject({ provado: false });
  });

  it('is risked twice where no answer comes, and not a third time', async () => {
    await ligar();
    await conta();
    await provar();
    twilio.faults.push('CUT_AFTER', 'CUT_AFTER');
    await confirmar();
    await terminou('SMS', 'CRIADA', 'TENTATIVA_FALHOU');
    testCase.clock.advance(30_000);
    await terminou('SMS', 'CRIADA', 'TENTATIVA_FALHOU', 'FALHOU');
    expect(textos()).toHaveLength(2);
  });
});
