import { generateKeyPairSync } from 'node:crypto';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  RedefinicaoSenhaPedidaSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { stopAt } from '@plataforma/testing/barrier';
import { eventually } from '@plataforma/testing/eventually';
import { PROVIDER_KEY } from '@plataforma/testing/providers/keyed-stand-in';
import { SendGridStandIn } from '@plataforma/testing/providers/sendgrid';
import {
  byResend,
  bySendGrid,
  byTwilio,
  type SignedEvent,
} from '@plataforma/testing/providers/signed-events';
import type { Instance } from '../support/harness.ts';
import { abrirPorta, type Porta } from '../support/retornos.ts';
import { useTestCase } from '../support/use-test-case.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const novasChaves = () => generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const CHAVES = novasChaves();
const SEGREDO = Buffer.alloc(24, 5);
const TWILIO = {
  twilioWebhookToken: 'token de twilio',
  twilioWebhookUrl: 'https://api.exemplo.com/api/v1/webhooks/twilio',
};

const testCase = useTestCase();
let api: SendGridStandIn;
let instancia: Instance;
let porta: Porta;
let numero = 0;

beforeEach(async () => {
  api = new SendGridStandIn();
  await api.start();
  testCase.harness.email = { emailProvider: 'sendgrid', sendgridApiKey: PROVIDER_KEY, sendgridUrl: api.url };
  testCase.harness.retornos = {
    ...{ sendgridWebhookKeys: [CHAVES.publicKey], resendWebhookSecrets: [SEGREDO], ...TWILIO },
  };
  instancia = await testCase.start();
  porta = await abrirPorta(instancia);
});

afterEach(async () => {
  await porta.close();
  for (const tabela of ['retornos', 'contatos', 'preferencias', 'telefones'])
    await sql(`delete from ${tabela}`);
  await api.stop();
});

const sql = (text: string, values: unknown[] = []) =>
  testCase.harness.database.dataSource.query(text, values);
const endereco = () => `ana.${testCase.numero}@exemplo.com`;

/** A message that SendGrid has taken; its identity. */
async function enviada(reserva = testCase.reserva): Promise<string> {
  await testCase.harness.registrar(testCase.cliente, 'Ana Souza', endereco());
  await testCase.harness.confirmar(reserva, testCase.cliente);
  await eventually(async () =>
    expect(await testCase.harness.historico(reserva)).toEqual(['CRIADA', 'ENVIADA']),
  );
  return api.ids.at(-1) ?? '';
}

const evento = (notificacao: string, event: string, mais: object = {}) => ({
  ...{ email: endereco().toUpperCase(), timestamp: testCase.clock.now().getTime() / 1_000, event },
  ...{ sg_event_id: `evt_${++numero}`, notificacao, ...mais },
});

const dizer = (...eventos: object[]) =>
  porta.post('sendgrid', bySendGrid(eventos, CHAVES.privateKey, testCase.clock.now()));

const tratados = () =>
  eventually(async () => {
    const [{ quantos }] = await sql(
      'select count(*)::int as quantos from retornos where tentar_em is not null',
    );
    expect(quantos).toBe(0);
  });

/** Has it told and dealt with. */
async function contar(...eventos: object[]): Promise<void> {
  expect(await dizer(...eventos)).toEqual([200, undefined]);
  await tratados();
}

const entrega = async (id: string) => {
  const [linha] = await sql('select entrega from notificacoes where id = $1', [id]);
  return linha?.entrega;
};

const contato = async () => {
  const [linha] = await sql(
    'select devolve_desde as desde, devolve_motivo as motivo from contatos where usuario_id = $1',
    [testCase.cliente],
  );
  return linha;
};

/** Whether reminders are told by e-mail; undefined while nothing was ever chosen. */
const lembretes = async () => {
  const [linha] = await sql(
    `select lembretes and not 'LEMBRETES/EMAIL' = any(desligadas) as ligados from preferencias where cliente_id = $1`,
    [testCase.cliente],
  );
  return linha?.ligados;
};

const medida = async (nome: string) => {
  const linhas = (await instancia.metrics.registry.metrics()).matchAll(
    new RegExp(`^${nome}(?:\\{([^}]*)\\})? (\\d+)$`, 'gm'),
  );
  return Object.fromEntries(
    [...linhas].map(([, rotulos = '', valor]) => [
      [...rotulos.matchAll(/(?:canal|provedor|situacao|resultado|motivo)="([^"]*)"/g)]
        .map(([, um]) => um)
        .join(' '),
      Number(valor),
    ]),
  );
};

describe('what SendGrid tells of a message', () => {
  it('is where it was delivered, in the message and its history', async () => {
    const id = await enviada();
    await contar(evento(id, 'delivered'));
    expect(await entrega(id)).toBe('ENTREGUE');
    expect(await testCase.harness.historico(testCase.reserva)).toEqual(['CRIADA', 'ENVIADA', 'ENTREGUE']);
    expect(await medida('notificacoes_entregas_total')).toEqual({ 'EMAIL sendgrid ENTREGUE': 1 });
  });

  it('comes after what it is about, though it is told in whole seconds', async () => {
    const id = await enviada();
    await contar(
      evento(id, 'delivered', { timestamp: Math.floor(testCase.clock.now().getTime() / 1_000) - 1 }),
    );
    const linhas = await sql(
      'select tipo from historico_notificacoes where notificacao_id = $1 order by ocorrido_em, sequencia',
      [id],
    );
    expect(linhas.map(({ tipo }: { tipo: string }) => tipo)).toEqual(['CRIADA', 'ENVIADA', 'ENTREGUE']);
  });

  it('turns nothing back, however late and in whatever order it comes', async () => {
    const id = await enviada();
    await contar(evento(id, 'bounce'));
    await contar(evento(id, 'deferred'), evento(id, 'delivered'), evento(id, 'bounce', { type: 'blocked' }));
    expect(await entrega(id)).toBe('DEVOLVIDA');
    expect(await testCase.harness.historico(testCase.reserva)).toEqual(['CRIADA', 'ENVIADA', 'DEVOLVIDA']);
  });

  it('has effect once, however often it is told: in one list, in several, at the same time', async () => {
    const id = await enviada();
    const dito = evento(id, 'spamreport');
    const respostas = await Promise.all([dizer(dito, dito), dizer(dito), dizer(dito)]);
    expect(respostas.map(([status]) => status)).toEqual([200, 200, 200]);
    await tratados();
    expect(await testCase.harness.historico(testCase.reserva)).toEqual([
      ...['CRIADA', 'ENVIADA', 'RECLAMADA', 'DESCADASTRADA'],
    ]);
    expect(await medida('notificacoes_retornos_total')).toMatchObject({ 'sendgrid novo': 1 });
  });

  it('waits until the message is marked, for providers may be faster than we are', async () => {
    const id = await enviada();
    await sql(`update notificacoes set status = 'PENDENTE', enviada_em = null, retida = true where id = $1`, [
      id,
    ]);
    await dizer(evento(id, 'delivered'));
    await eventually(async () => {
      const [linha] = await sql('select tentativas from retornos');
      expect(linha).toEqual({ tentativas: 1 });
    });
    expect(await entrega(id)).toBeNull();
    await sql(
      `update notificacoes set status = 'ENVIADA', enviada_em = now(), retida = false where id = $1`,
      [id],
    );
    testCase.clock.advance(31_000);
    await eventually(async () => expect(await entrega(id)).toBe('ENTREGUE'));
  });

  it('keeps nothing of messages of others, or of who is gone', async () => {
    const id = await enviada();
    await sql('update contatos set nome = null, email = null, removido_em = now() where usuario_id = $1', [
      testCase.cliente,
    ]);
    await contar(evento('not_deOutros', 'delivered'), evento(id, 'bounce'), evento(id, 'open'));
    expect(await sql('select * from retornos')).toEqual([]);
    expect(await entrega(id)).toBeNull();
    expect(await medida('notificacoes_retornos_total')).toMatchObject({
      'sendgrid novo': 0,
      'sendgrid sem_efeito': 2,
      'sendgrid ignorado': 1,
    });
  });

  it('forgets the address once it is dealt with, and all of it after a week', async () => {
    const id = await enviada();
    await contar(evento(id, 'bounce'));
    expect(await sql('select endereco from retornos')).toEqual([{ endereco: null }]);
    testCase.clock.advance(7 * 24 * 3_600_000 + 1_000);
    await instancia.turns();
    expect(await sql('select 1 from retornos')).toEqual([]);
  });

  it('takes ten thousand events in one list', async () => {
    const id = await enviada();
    const muitos = Array.from({ length: 10_000 }, (_, i) => ({
      ...{
        email: 'a@b.co',
        event: 'delivered',
        sg_event_id: `e${i}`,
        notificacao: i % 2 === 0 ? id : 'not_x',
      },
    }));
    const inicio = performance.now();
    expect(await dizer(...muitos)).toEqual([200, undefined]);
    expect(performance.now() - inicio).toBeLessThan(5_000);
    const [{ quantos }] = await sql('select count(*)::int as quantos from retornos');
    expect(quantos).toBe(5_000);
  });
});

describe('what is told of a digest', () => {
  it('is told of each message that went in it', async () => {
    const { harness, cliente } = testCase;
    await harness.registrar(cliente, 'Ana Souza', endereco());
    const reservas = [1, 2, 3].map((n) => `${testCase.reserva}s${n}`);
    harness.serieId = `ser_${testCase.numero}`;
    for (const reserva of reservas) await harness.confirmar(reserva, cliente);
    harness.serieId = '';
    await eventually(async () => {
      for (const reserva of reservas) expect(await harness.historico(reserva)).toContain('CRIADA');
    });
    testCase.clock.advance(31_000);
    await eventually(async () => {
      for (const reserva of reservas) expect(await harness.historico(reserva)).toEqual(['CRIADA', 'ENVIADA']);
    });
    expect(api.received).toHaveLength(1);
    await contar(evento(api.ids[0] ?? '', 'bounce'));
    for (const reserva of reservas)
      expect(await harness.historico(reserva)).toEqual(['CRIADA', 'ENVIADA', 'DEVOLVIDA']);
    expect(await medida('notificacoes_entregas_total')).toEqual({ 'EMAIL sendgrid DEVOLVIDA': 3 });
  });
});

describe('an address from which messages come back', () => {
  it('is marked once, with codes and no address', async () => {
    const [uma, outra] = [await enviada(), await enviada(`${testCase.reserva}b`)];
    await contar(evento(uma, 'bounce', { status: '5.1.1', reason: `550 ${endereco()} unknown` }));
    const { desde, motivo } = await contato();
    expect([desde, motivo]).toEqual([testCase.clock.now(), 'SendGrid bounce 5.1.1']);
    testCase.clock.advance(60_000);
    await contar(evento(outra, 'bounce'));
    expect(await contato()).toEqual({ desde, motivo });
    expect(await medida('notificacoes_contatos_nao_entregaveis')).toEqual({ '': 1 });
  });

  it.each([
    ['it was full, or did not take this message', { type: 'blocked' }, endereco],
    ['the message went to another address', {}, () => 'outra@exemplo.com'],
  ])('is not marked when %s', async (_, mais, para) => {
    const id = await enviada();
    await contar(evento(id, 'bounce', { ...mais, email: para() }));
    expect(await contato()).toEqual({ desde: null, motivo: null });
  });

  it('is not marked any more when it takes a message, unless that was before', async () => {
    const uma = await enviada();
    const outra = await enviada(`${testCase.reserva}b`);
    const terceira = await enviada(`${testCase.reserva}c`);
    await contar(evento(uma, 'bounce'));
    await contar(evento(outra, 'delivered', { timestamp: testCase.clock.now().getTime() / 1_000 - 60 }));
    expect(await contato()).not.toEqual({ desde: null, motivo: null });
    testCase.clock.advance(60_000);
    await contar(evento(terceira, 'delivered'));
    expect(await contato()).toEqual({ desde: null, motivo: null });
  });

  it.each([
    ['the account has another one', `email = 'nova@exemplo.com'`],
    ['it is proved anew', 'email_verificado = true'],
    ['the person is gone', 'nome = null, email = null, removido_em = now()'],
  ])('is not marked any more when %s, whatever copy of the service writes it', async (_, mudanca) => {
    const id = await enviada();
    await contar(evento(id, 'bounce'));
    await sql('update contatos set email_verificado = false where usuario_id = $1', [testCase.cliente]);
    expect((await contato()).desde).not.toBeNull();
    await sql(`update contatos set ${mudanca} where usuario_id = $1`, [testCase.cliente]);
    expect(await contato()).toEqual({ desde: null, motivo: null });
  });
});

describe('what is sent to an address from which messages come back', () => {
  const historico = (reserva: string) => testCase.harness.historico(reserva);
  const pedirSenha = (n: number, email = endereco()) =>
    testCase.harness.publish({
      schema: RedefinicaoSenhaPedidaSchema,
      dados: {
        ...{ usuarioId: testCase.cliente, email, codigo: `codigo${n}` },
        ocorridoEm: timestampFromDate(testCase.clock.now()),
      },
      agregado: { tipo: 'redefinicao', id: `${testCase.cliente}/${n}`, versao: 1 },
    });
  const codigos = () =>
    sql(
      `select status from notificacoes where cliente_id = $1 and modelo = 'REDEFINICAO_SENHA' order by criada_em, id`,
      [testCase.cliente],
    ).then((linhas: { status: string }[]) => linhas.map(({ status }) => status));

  beforeEach(async () => {
    await contar(evento(await enviada(), 'bounce'));
  });

  it('is nothing, and said to be so in the history', async () => {
    await testCase.harness.confirmar(`${testCase.reserva}b`, testCase.cliente);
    await eventually(async () =>
      expect(await historico(`${testCase.reserva}b`)).toEqual(['CRIADA', 'SUPRIMIDA']),
    );
    expect(await sql(`select detalhe from historico_notificacoes where tipo = 'SUPRIMIDA'`)).toContainEqual({
      detalhe: 'address sends back',
    });
    expect(api.received).toHaveLength(1);
  });

  it('is one code a day, which frees the address when it is delivered', async () => {
    await pedirSenha(1);
    await eventually(async () => expect(await codigos()).toEqual(['ENVIADA']));
    testCase.clock.advance(60_000);
    await pedirSenha(2);
    await eventually(async () => expect(await codigos()).toEqual(['ENVIADA', 'SUPRIMIDA']));
    await contar(evento(api.ids.at(-1) ?? '', 'delivered'));
    await pedirSenha(3);
    await eventually(async () => expect(await codigos()).toEqual(['ENVIADA', 'SUPRIMIDA', 'ENVIADA']));
    await testCase.harness.confirmar(`${testCase.reserva}b`, testCase.cliente);
    await eventually(async () =>
      expect(await historico(`${testCase.reserva}b`)).toEqual(['CRIADA', 'ENVIADA']),
    );
  });

  it('is not what goes to another address', async () => {
    for (const n of [1, 2]) await pedirSenha(n, 'outra@exemplo.com');
    await eventually(async () => expect(await codigos()).toEqual(['ENVIADA', 'ENVIADA']));
  });
});

describe('a reader who wants no more', () => {
  it.each(['spamreport', 'unsubscribe', 'group_unsubscribe'])('gets no reminders after %s', async (event) => {
    const id = await enviada();
    await contar(evento(id, 'delivered'), evento(id, event));
    expect(await lembretes()).toBe(false);
  });

  it('has it noted once, however often they say so', async () => {
    const id = await enviada();
    await contar(evento(id, 'unsubscribe'));
    await contar(evento(id, 'unsubscribe'), evento(id, 'group_unsubscribe'));
    expect(await testCase.harness.historico(testCase.reserva)).toEqual([
      'CRIADA',
      'ENVIADA',
      'DESCADASTRADA',
    ]);
  });

  it('decides nothing for an account that has another address', async () => {
    const id = await enviada();
    await contar(evento(id, 'spamreport', { email: 'outra@exemplo.com' }));
    expect([await entrega(id), await lembretes()]).toEqual(['RECLAMADA', undefined]);
  });

  it('keeps all else that they have chosen, and is told why it is off', async () => {
    const id = await enviada();
    await sql(
      `insert into preferencias (cliente_id, email, sms, push, lembretes, telefone, atualizadas_em)
       values ($1, false, true, true, true, '+5511987654321', now())`,
      [testCase.cliente],
    );
    await contar(evento(id, 'spamreport'));
    const [linha] = await sql(
      'select email, sms, push, lembretes, desligadas::text[] from preferencias where cliente_id = $1',
      [testCase.cliente],
    );
    expect(linha).toEqual({
      email: false,
      sms: true,
      push: true,
      lembretes: true,
      desligadas: ['LEMBRETES/EMAIL'],
    });
    expect(
      await sql('select por, campo, valor from mudancas_de_preferencia where cliente_id = $1', [
        testCase.cliente,
      ]),
    ).toEqual([{ por: 'RECLAMACAO', campo: 'LEMBRETES/EMAIL', valor: 'false' }]);
  });
});

describe('a person who is gone', () => {
  const remover = () =>
    testCase.harness.publish({
      schema: UsuarioRemovidoSchema,
      dados: { usuarioId: testCase.cliente },
      agregado: { tipo: 'usuario', id: testCase.cliente, versao: 2 },
    });
  const foi = () =>
    eventually(async () =>
      expect(await sql('select 1 from remocoes where usuario_id = $1', [testCase.cliente])).toHaveLength(1),
    );

  it('takes along what was told of their messages', async () => {
    const id = await enviada();
    await contar(evento(id, 'bounce'), evento(id, 'spamreport'));
    await remover();
    await foi();
    expect(await sql('select 1 from retornos')).toEqual([]);
    expect(await contato()).toEqual({ desde: null, motivo: null });
    expect(await lembretes()).toBeUndefined();
  });

  it('leaves nothing behind when it is dealt with just then', async () => {
    const id = await enviada();
    const parada = stopAt(/insert into preferencias/, { when: 'after' });
    await dizer(evento(id, 'spamreport'));
    await parada.reached();
    await remover();
    parada.open();
    await foi();
    await tratados();
    expect(await sql('select 1 from retornos')).toEqual([]);
    expect(await lembretes()).toBeUndefined();
  });
});

describe('the addresses for providers', () => {
  it('take what Resend signs', async () => {
    const id = await enviada();
    const dito = { type: 'email.delivered', data: { to: [endereco()], tags: { notificacao: id } } };
    expect(await porta.post('resend', byResend(dito, SEGREDO, testCase.clock.now()))).toEqual([
      200,
      undefined,
    ]);
    await eventually(async () => expect(await entrega(id)).toBe('ENTREGUE'));
  });

  /** A text message that was refused after Twilio had taken it: its addressee had answered STOP. */
  async function recusada(provado: string): Promise<{ id: string; pedido: SignedEvent }> {
    const id = await enviada();
    await sql(`update notificacoes set canal = 'SMS', fato = $1 where id = $1`, [id]);
    await sql(
      `insert into preferencias (cliente_id, email, sms, push, lembretes, telefone, atualizadas_em)
       values ($1, true, true, false, true, $2, now())`,
      [testCase.cliente, provado],
    );
    await sql('insert into telefones (cliente_id, numero, provado_em) values ($1, $2, $3)', [
      ...[testCase.cliente, provado, new Date(testCase.clock.now().getTime() - 60_000)],
    ]);
    const dito = { MessageSid: `SM${testCase.numero}`, MessageStatus: 'failed', ErrorCode: '21610' };
    const assinatura = { url: TWILIO.twilioWebhookUrl, authToken: TWILIO.twilioWebhookToken, rest: id };
    return { id, pedido: byTwilio({ ...dito, To: '+5511987654321' }, assinatura) };
  }

  const sms = () =>
    sql(
      `select p.sms, p.lembretes, t.recusado_em is not null as recusado from preferencias p
       join telefones t on t.cliente_id = p.cliente_id where p.cliente_id = $1`,
      [testCase.cliente],
    );

  it('take what Twilio signs, of the message that the address names', async () => {
    const { id, pedido } = await recusada('+5511987654321');
    expect(await porta.post('twilio', { ...pedido, rest: 'not_outra' })).toEqual([
      400,
      'ASSINATURA_INVALIDA',
    ]);
    for (const _ of [1, 2]) expect(await porta.post('twilio', pedido)).toEqual([200, undefined]);
    await tratados();
    expect(await entrega(id)).toBe('NAO_ENTREGUE');
    expect(await sms()).toEqual([{ sms: false, lembretes: true, recusado: true }]);
    expect(await testCase.harness.historico(testCase.reserva)).toEqual([
      ...['CRIADA', 'ENVIADA', 'NAO_ENTREGUE', 'DESCADASTRADA'],
    ]);
  });

  it('switch nothing off for who has answered START since the message was sent', async () => {
    const { id, pedido } = await recusada('+5511987654321');
    const voltou = new Date(testCase.clock.now().getTime() + 1_000);
    await sql('update telefones set aceito_em = $1', [voltou]);
    expect(await porta.post('twilio', pedido)).toEqual([200, undefined]);
    await tratados();
    expect(await entrega(id)).toBe('NAO_ENTREGUE');
    expect(await sms()).toEqual([{ sms: true, lembretes: true, recusado: false }]);
  });

  it('switch nothing off at a number that the person has proved since', async () => {
    const { id, pedido } = await recusada('+5511987654322');
    expect(await porta.post('twilio', pedido)).toEqual([200, undefined]);
    await tratados();
    expect(await entrega(id)).toBe('NAO_ENTREGUE');
    expect(await sms()).toEqual([{ sms: true, lembretes: true, recusado: false }]);
    expect(await testCase.harness.historico(testCase.reserva)).toEqual([
      ...['CRIADA', 'ENVIADA', 'NAO_ENTREGUE'],
    ]);
  });

  it('take nothing that is forged, and tell why only operators', async () => {
    const id = await enviada();
    const pedido = bySendGrid([evento(id, 'bounce')], novasChaves().privateKey, testCase.clock.now());
    expect(await porta.post('sendgrid', pedido)).toEqual([400, 'ASSINATURA_INVALIDA']);
    expect(await porta.post('resend', byResend({}, Buffer.alloc(24), testCase.clock.now()))).toEqual([
      400,
      'ASSINATURA_INVALIDA',
    ]);
    expect(await sql('select 1 from retornos')).toEqual([]);
    expect(await medida('notificacoes_retornos_recusados_total')).toEqual({
      'sendgrid signature': 1,
      'resend signature': 1,
    });
  });

  it('take nothing that was taken down before', async () => {
    const id = await enviada();
    const pedido = bySendGrid([evento(id, 'bounce')], CHAVES.privateKey, testCase.clock.now());
    testCase.clock.advance(5 * 60_000 + 1_000);
    expect(await porta.post('sendgrid', pedido)).toEqual([400, 'ASSINATURA_INVALIDA']);
  });

  it.each([
    ['sendgrid', 2 * 1024 * 1024],
    ['resend', 64 * 1024],
  ])('refuse more than %s sends before they look at it', async (caminho, bytes) => {
    const headers = { 'content-type': 'application/json' };
    const pedido = { headers, rest: '', body: Buffer.alloc(bytes + 1, 'a') };
    expect(await porta.post(caminho, pedido)).toEqual([413, 'MENSAGEM_GRANDE_DEMAIS']);
    expect(await porta.post(caminho, { ...pedido, body: pedido.body.subarray(1) })).toEqual([
      400,
      'ASSINATURA_INVALIDA',
    ]);
  });

  it('are not there without a key', async () => {
    testCase.harness.retornos = {};
    const outra = await abrirPorta(await testCase.start());
    const pedido = bySendGrid([], CHAVES.privateKey, testCase.clock.now());
    for (const caminho of ['sendgrid', 'resend', 'twilio'])
      expect(await outra.post(caminho, pedido)).toEqual([404, 'ROTA_INEXISTENTE']);
    await outra.close();
  });
});
