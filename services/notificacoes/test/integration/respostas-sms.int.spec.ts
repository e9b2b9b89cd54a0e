import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { eventually } from '@plataforma/testing/eventually';
import { byTwilio, type SignedEvent } from '@plataforma/testing/providers/signed-events';
import type { Instance } from '../support/harness.ts';
import { abrirPorta, type Porta } from '../support/retornos.ts';
import { useTestCase } from '../support/use-test-case.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const TWILIO = {
  twilioWebhookToken: 'token de twilio',
  twilioWebhookUrl: 'https://api.exemplo.com/api/v1/webhooks/twilio',
};
const NUMERO = '+5511987654321';
const VAZIA = '<?xml version="1.0" encoding="UTF-8"?><Response/>';

const testCase = useTestCase();
let instancia: Instance;
let porta: Porta;
let recado = 0;

beforeEach(async () => {
  testCase.harness.retornos = TWILIO;
  instancia = await testCase.start();
  porta = await abrirPorta(instancia);
});

afterEach(async () => {
  await porta.close();
  for (const tabela of ['telefones', 'contatos', 'preferencias']) await sql(`delete from ${tabela}`);
});

const sql = (texto: string, valores: unknown[] = []) =>
  testCase.harness.database.dataSource.query(texto, valores);

/** Somebody who has proved a number and wants text messages there. */
async function pessoa(clienteId = testCase.cliente, numero = NUMERO, escolhido = numero): Promise<string> {
  await sql(
    `insert into contatos (usuario_id, versao, nome, email, email_verificado, atualizado_em)
     values ($1, 1, 'Ana', $1 || '@exemplo.com', true, now())`,
    [clienteId],
  );
  await sql('insert into telefones (cliente_id, numero, provado_em) values ($1, $2, $3)', [
    ...[clienteId, numero, testCase.clock.now()],
  ]);
  await sql(
    `insert into preferencias (cliente_id, email, sms, push, lembretes, telefone, atualizadas_em)
     values ($1, true, true, false, true, $2, now())`,
    [clienteId, escolhido],
  );
  return clienteId;
}

/** A text message to our number, as Twilio tells of it. */
const recebida = (campos: Readonly<Record<string, string>>) => ({
  ...{ AccountSid: `AC${'0'.repeat(32)}`, ApiVersion: '2010-04-01', NumMedia: '0', NumSegments: '1' },
  ...{
    MessageSid: `SM${String(++recado).padStart(32, '0')}`,
    From: NUMERO,
    To: '+15005550006',
    Body: 'STOP',
  },
  ...campos,
});

const assinada = (campos: Readonly<Record<string, string>>): SignedEvent =>
  byTwilio(campos, {
    url: TWILIO.twilioWebhookUrl,
    authToken: TWILIO.twilioWebhookToken,
    rest: 'respostas',
  });

const responder = (campos: Readonly<Record<string, string>> = {}) =>
  porta.post('twilio', assinada(recebida(campos)));

/** Whether text messages are wanted, and whether they are refused. */
async function situacao(clienteId = testCase.cliente): Promise<unknown> {
  const [linha] = await sql(
    `select p.sms, t.recusado_em is not null as recusado from preferencias p
     join telefones t on t.cliente_id = p.cliente_id where p.cliente_id = $1`,
    [clienteId],
  );
  return linha && [linha.sms, linha.recusado];
}

const LIGADO = [true, false];
const DESLIGADO = [false, true];

const mudancas = () =>
  sql('select por, campo, valor from mudancas_de_preferencia where cliente_id = $1 order by id', [
    testCase.cliente,
  ]);

describe('who answers a text message', () => {
  it.each([
    ['STOP', {}],
    ['a word of their language', { Body: 'parar' }],
    ['a keyword that Twilio was taught', { Body: 'CHEGA', OptOutType: 'STOP' }],
  ])('with %s gets no more of them, and nothing in return', async (_, campos) => {
    await pessoa();
    expect(await responder(campos)).toEqual([200, VAZIA]);
    expect(await situacao()).toEqual(DESLIGADO);
    expect(await mudancas()).toEqual([{ por: 'PROVEDOR', campo: 'sms', valor: 'false' }]);
  });

  it('answers for all people whose number it is, and for no other', async () => {
    const [outra, terceira] = [`${testCase.cliente}b`, `${testCase.cliente}c`];
    await pessoa();
    await pessoa(outra);
    await pessoa(terceira, '+5511987654322');
    await responder();
    expect([await situacao(), await situacao(outra), await situacao(terceira)]).toEqual([
      ...[DESLIGADO, DESLIGADO, LIGADO],
    ]);
  });

  it('with START gets back what STOP took', async () => {
    await pessoa();
    await responder();
    expect(await responder({ Body: 'Start', OptOutType: 'START' })).toEqual([200, VAZIA]);
    expect(await situacao()).toEqual(LIGADO);
    expect(await sql('select aceito_em from telefones')).toEqual([{ aceito_em: testCase.clock.now() }]);
  });

  it('with START gets nothing that they have switched off themselves', async () => {
    await pessoa();
    await responder();
    for (const sms of ['true', 'false'])
      await sql(
        `insert into mudancas_de_preferencia (cliente_id, em, por, campo, valor) values ($1, now(), 'PESSOA', 'sms', $2)`,
        [testCase.cliente, sms],
      );
    await responder({ Body: 'START' });
    expect(await situacao()).toEqual([false, false]);
  });

  it('decides nothing about another number that the account has meanwhile', async () => {
    await pessoa(testCase.cliente, NUMERO, '+5511987654322');
    await responder();
    expect(await situacao()).toEqual([true, true]);
    expect(await mudancas()).toEqual([]);
  });

  it('is heard once: a copy of what was said has no effect, whatever was said since', async () => {
    await pessoa();
    const [parar, voltar] = [assinada(recebida({})), assinada(recebida({ Body: 'START' }))];
    await Promise.all([1, 2, 3].map(() => porta.post('twilio', parar)));
    await porta.post('twilio', voltar);
    expect(await porta.post('twilio', parar)).toEqual([200, VAZIA]);
    expect(await situacao()).toEqual(LIGADO);
    await responder();
    await porta.post('twilio', voltar);
    expect(await situacao()).toEqual(DESLIGADO);
  });

  it.each([
    ['HELP', { Body: 'HELP', OptOutType: 'HELP' }],
    ['a whole sentence', { Body: 'Quero cancelar a reserva' }],
    ['nothing', { Body: '' }],
    ['10 kB', { Body: `STOP ${'x'.repeat(10_000)}` }],
    ['STOP from a number that we do not know', { From: '+5511900000000' }],
    ['STOP from something that is no number', { From: 'whatsapp:+5511987654321' }],
    ['STOP in a message without a name', { MessageSid: '' }],
  ])('with %s changes nothing, and is answered alike', async (_, campos) => {
    await pessoa();
    expect(await responder(campos)).toEqual([200, VAZIA]);
    expect(await situacao()).toEqual(LIGADO);
    expect(await sql('select recados from telefones')).toEqual([{ recados: [] }]);
  });

  it('leaves a bounded trace, however often they change their mind', async () => {
    await pessoa();
    for (let n = 0; n < 60; n++) await responder({ Body: n % 2 === 0 ? 'STOP' : 'START' });
    const [{ recados }] = await sql('select recados from telefones');
    expect(recados).toHaveLength(50);
    expect(recados.at(-1)).toBe(`SM${String(recado).padStart(32, '0')}`);
  });

  it('takes the trace along with the account', async () => {
    await pessoa();
    await responder();
    await testCase.harness.publish({
      schema: UsuarioRemovidoSchema,
      dados: { usuarioId: testCase.cliente },
      agregado: { tipo: 'usuario', id: testCase.cliente, versao: 2 },
    });
    await eventually(async () => expect(await sql('select 1 from telefones')).toEqual([]));
    await responder();
    expect([await sql('select 1 from telefones'), await sql('select 1 from preferencias')]).toEqual([[], []]);
  });
});

describe('the address for answers', () => {
  it('believes what is signed for it, and nothing else', async () => {
    await pessoa();
    const pedido = assinada(recebida({}));
    const outro = byTwilio(recebida({}), {
      ...{ url: TWILIO.twilioWebhookUrl, authToken: 'outro token', rest: 'respostas' },
    });
    const doEstado = byTwilio(recebida({}), {
      ...{ url: TWILIO.twilioWebhookUrl, authToken: TWILIO.twilioWebhookToken, rest: 'not_1' },
    });
    const mudado = { ...pedido, body: Buffer.from(pedido.body.toString().replace('4321', '4322')) };
    const semAssinatura = { ...pedido, headers: { 'content-type': 'application/x-www-form-urlencoded' } };
    const json = { ...pedido, headers: { ...pedido.headers, 'content-type': 'application/json' } };
    for (const forjado of [outro, { ...doEstado, rest: 'respostas' }, mudado, semAssinatura, json])
      expect(await porta.post('twilio', forjado)).toEqual([400, 'ASSINATURA_INVALIDA']);
    expect(await situacao()).toEqual(LIGADO);
    expect(await instancia.metrics.registry.metrics()).toMatch(
      /notificacoes_retornos_recusados_total\{[^}]*motivo="signature"[^}]*\} 3/,
    );
  });

  it('takes 64 kB', async () => {
    expect((await responder({ Body: 'x'.repeat(70_000) }))[0]).toBe(413);
  });

  it('is not there without a key', async () => {
    testCase.harness.retornos = {};
    const outra = await abrirPorta(await testCase.start());
    expect(await outra.post('twilio', assinada(recebida({})))).toEqual([404, 'ROTA_INEXISTENTE']);
    await outra.close();
  });
});
