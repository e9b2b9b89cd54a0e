import { generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import {
  UsuarioAtualizadoSchema,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { eventually } from '@plataforma/testing/eventually';
import { PROVIDER_KEY } from '@plataforma/testing/providers/keyed-stand-in';
import { SendGridStandIn } from '@plataforma/testing/providers/sendgrid';
import { bySendGrid } from '@plataforma/testing/providers/signed-events';
import type { Instance } from '../support/harness.ts';
import { abrirPorta } from '../support/retornos.ts';
import { useTestCase } from '../support/use-test-case.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const CHAVES = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const DIA_MS = 24 * 3_600_000;
const { ADMIN, CLIENTE } = PapelUsuario;

const testCase = useTestCase();
let api: SendGridStandIn;
let instancia: Instance;

beforeEach(async () => {
  api = new SendGridStandIn();
  await api.start();
  testCase.harness.email = { emailProvider: 'sendgrid', sendgridApiKey: PROVIDER_KEY, sendgridUrl: api.url };
  testCase.harness.retornos = { sendgridWebhookKeys: [CHAVES.publicKey] };
  instancia = await testCase.start();
});

afterEach(async () => {
  for (const um of testCase.instances.splice(0)) await um.stop();
  for (const tabela of ['retornos', 'contatos', 'administradores', 'resumos_de_devolucoes'])
    await sql(`delete from ${tabela}`);
  await api.stop();
});

const sql = (text: string, values: unknown[] = []) =>
  testCase.harness.database.dataSource.query(text, values);

const adm = (n = 1) => `cli_adm${n}x${testCase.numero}`;
const emailDe = (usuarioId: string) => `${usuarioId.replace('_', '.')}@exemplo.com`.toLowerCase();

/** An account with these roles, and known as such. */
async function conta(usuarioId: string, papeis: PapelUsuario[]): Promise<void> {
  const dados = { usuarioId, nome: 'Bia Lima', email: emailDe(usuarioId), emailVerificado: true, papeis };
  const agregado = { tipo: 'usuario', id: usuarioId, versao: 1 };
  await testCase.harness.publish({ schema: UsuarioRegistradoSchema, dados, agregado });
  await testCase.harness.drained();
}

const atualizar = (usuarioId: string, versao: number, mudou: { papeis: PapelUsuario[]; ativo: boolean }) =>
  testCase.harness.publish({
    schema: UsuarioAtualizadoSchema,
    dados: { usuarioId, nome: 'Bia Lima', email: emailDe(usuarioId), emailVerificado: true, ...mudou },
    agregado: { tipo: 'usuario', id: usuarioId, versao },
  });

/** Accounts whose addresses begin to send back now. */
async function devolvem(quantas: number, prefixo = 'd'): Promise<void> {
  const agora = testCase.clock.now();
  await sql(
    `insert into contatos (usuario_id, nome, email, versao, atualizado_em, email_verificado, devolve_desde, devolve_motivo,
       devolve_marcado_em)
     select 'cli_' || $3::text || n, 'Ana', 'ana' || n || '@exemplo.com', 1, $2, true, $2, 'SendGrid bounce 5.1.1', $2
     from generate_series(1, $1::int) n`,
    [quantas, agora, prefixo],
  );
}

const passar = async (ms: number) => {
  testCase.clock.advance(ms);
  for (const um of testCase.instances) await um.turns();
};

interface Resumo {
  clienteId: string;
  canal: string;
  dados: { novos: number; total: number; reclamacoes: number };
}

const resumos = (): Promise<Resumo[]> =>
  sql(
    `select cliente_id as "clienteId", canal, dados from notificacoes where modelo = 'CONTATOS_NAO_ENTREGAVEIS'
     order by criada_em, cliente_id`,
  );

const cartas = () => api.received.filter(({ subject }) => /devolve/.test(subject));

describe('the administrators', () => {
  it('are told of an address from which a message came back, masked, by one e-mail each', async () => {
    for (const n of [1, 2]) await conta(adm(n), [CLIENTE, ADMIN]);
    await testCase.harness.registrar(testCase.cliente, 'Ana Souza', 'ana.souza@exemplo.com');
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await eventually(() => expect(api.ids).toHaveLength(1));
    const porta = await abrirPorta(instancia);
    const evento = {
      ...{ email: 'ana.souza@exemplo.com', timestamp: testCase.clock.now().getTime() / 1_000 },
      ...{ event: 'bounce', status: '5.1.1', sg_event_id: `e_${testCase.numero}`, notificacao: api.ids[0] },
    };
    await eventually(async () => {
      await porta.post('sendgrid', bySendGrid([evento], CHAVES.privateKey, testCase.clock.now()));
      await instancia.turns();
      const [{ quantos }] = await sql('select count(devolve_desde)::int as quantos from contatos');
      expect(quantos).toBe(1);
    });
    await porta.close();
    await passar(DIA_MS);
    await eventually(() => expect(cartas()).toHaveLength(2));
    const [
      {
        content: [{ value } = { value: '' }],
      } = { content: [] },
    ] = cartas();
    expect(value).toContain(testCase.cliente);
    expect(value).toContain('SendGrid bounce 5.1.1');
    expect(value).toContain('/api/v1/notificacoes/contatos/nao-entregaveis');
    expect(value).not.toContain('ana.souza');
    expect((await resumos()).map(({ clienteId, canal, dados }) => [clienteId, canal, dados.novos])).toEqual([
      [adm(1), 'EMAIL', 1],
      [adm(2), 'EMAIL', 1],
    ]);
  });

  it('are told once a day, and on no day on which none is new', async () => {
    await conta(adm(), [ADMIN]);
    await passar(1);
    await devolvem(2);
    for (let hora = 0; hora < 24; hora += 1) await passar(3_600_000);
    expect((await resumos()).map(({ dados }) => dados.novos)).toEqual([2]);
    await passar(DIA_MS);
    await passar(DIA_MS);
    expect(await resumos()).toHaveLength(1);
    await devolvem(1, 'e');
    await passar(DIA_MS);
    expect((await resumos()).map(({ dados }) => [dados.novos, dados.total])).toEqual([
      [2, 2],
      [1, 3],
    ]);
  });

  it('are told of ten, and how many more there are', async () => {
    await conta(adm(), [ADMIN]);
    await devolvem(1_000);
    await passar(DIA_MS);
    await eventually(() => expect(cartas()).toHaveLength(1));
    const [
      {
        subject,
        content: [{ value } = { value: '' }],
      } = { subject: '', content: [] },
    ] = cartas();
    expect(subject).toBe('1.000 endereços novos devolvem mensagens');
    expect(value.match(/@exemplo\.com/g)).toHaveLength(10);
    expect(value).toContain('990');
  });

  it('get one each, however many copies of the service look at the same time', async () => {
    await conta(adm(), [ADMIN]);
    for (let n = 0; n < 3; n += 1) await testCase.start();
    await devolvem(3);
    testCase.clock.advance(DIA_MS);
    await Promise.all(testCase.instances.map((um) => um.turns()));
    await Promise.all(testCase.instances.map((um) => um.turns()));
    expect((await resumos()).map(({ dados }) => dados.novos)).toEqual([3]);
  });

  it('are told the next time when it dies in between', async () => {
    await conta(adm(), [ADMIN]);
    await devolvem(3);
    await sql(
      `create function morre() returns trigger language plpgsql as $$ begin raise exception 'dies'; end $$;
       create trigger morre before insert on notificacoes for each row execute function morre()`,
    );
    testCase.clock.advance(DIA_MS);
    await instancia.turns().catch(() => undefined);
    expect(
      await sql('select 1 from resumos_de_devolucoes where ate > $1', [
        new Date(testCase.clock.now().getTime() - DIA_MS / 2),
      ]),
    ).toEqual([]);
    await sql('drop trigger morre on notificacoes; drop function morre()');
    await passar(0);
    expect((await resumos()).map(({ dados }) => dados.novos)).toEqual([3]);
  });

  it('miss nothing of the days on which nobody is known as one', async () => {
    await devolvem(2);
    await passar(DIA_MS);
    await conta(adm(), [ADMIN]);
    await passar(0);
    expect((await resumos()).map(({ dados }) => dados.novos)).toEqual([2]);
    await passar(3_600_000);
    expect(await resumos()).toHaveLength(1);
  });

  it('are those who are it now: nobody who was, is suspended or gone, whatever order it is heard in', async () => {
    for (const n of [1, 2, 3, 4]) await conta(adm(n), [ADMIN]);
    await atualizar(adm(1), 3, { papeis: [CLIENTE], ativo: true });
    await testCase.harness.drained();
    await atualizar(adm(1), 2, { papeis: [ADMIN], ativo: true });
    await atualizar(adm(2), 2, { papeis: [ADMIN], ativo: false });
    await testCase.harness.publish({
      schema: UsuarioRemovidoSchema,
      dados: { usuarioId: adm(3) },
      agregado: { tipo: 'usuario', id: adm(3), versao: 2 },
    });
    await testCase.harness.drained();
    await devolvem(1);
    await passar(DIA_MS);
    expect((await resumos()).map(({ clienteId }) => clienteId)).toEqual([adm(4)]);
  });

  it('are told again of an address that was released and comes back once more', async () => {
    await conta(adm(), [ADMIN]);
    await devolvem(1);
    await passar(DIA_MS);
    await sql('update contatos set devolve_desde = null, devolve_motivo = null');
    await passar(DIA_MS);
    expect(await resumos()).toHaveLength(1);
    await sql(
      'update contatos set devolve_desde = $1, devolve_motivo = $2, devolve_marcado_em = $1 where usuario_id = $3',
      [testCase.clock.now(), 'SendGrid bounce 5.1.1', 'cli_d1'],
    );
    await passar(DIA_MS);
    expect(await resumos()).toHaveLength(2);
  });
});
