import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type Client, Code, ConnectError } from '@connectrpc/connect';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { UsuarioAtualizadoSchema, UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import {
  DesativadoPor,
  SituacaoEntrega,
  SituacaoWebhook,
  TipoDeAssinatura,
  TipoDeEvento,
} from '@plataforma/contratos/notificacoes/v1/webhook_pb';
import type { WebhooksService } from '@plataforma/contratos/notificacoes/v1/webhooks_service_pb';
import { motivoDe } from '@plataforma/runtime/errors';
import { eventually } from '@plataforma/testing/eventually';
import { Receptor } from '../support/receptor.ts';
import { useTestCase } from '../support/use-test-case.ts';
import { useWebhooks } from '../support/use-webhooks.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const testCase = useTestCase();
const integracao = useWebhooks(testCase);
const { inscrever } = integracao;
let receptor: Receptor;
let admin: Client<typeof WebhooksService>;

const { RESERVA_CRIADA, RESERVA_CANCELADA, ESTORNO_CONCLUIDO } = TipoDeEvento;

const sql = (text: string, values: unknown[] = []) =>
  testCase.harness.database.dataSource.query(text, values);

beforeEach(() => {
  ({ receptor, admin } = integracao);
});

const { reservar, confirmar, cancelar } = {
  reservar: (reserva = testCase.reserva) =>
    testCase.harness.criar(reserva, testCase.cliente, '2026-12-24T13:30:00Z'),
  confirmar: (reserva = testCase.reserva) => testCase.harness.confirmar(reserva, testCase.cliente),
  cancelar: (reserva = testCase.reserva) => testCase.harness.cancelarSemResposta(reserva, testCase.cliente),
};

const tipos = () => receptor.recebidos.map(({ type }) => type);
const entregas = async (webhookId: string) => (await admin.listarEntregas({ webhookId })).entregas;

async function recusa(chamada: Promise<unknown>) {
  const error = ConnectError.from(await chamada.catch((reason: unknown) => reason));
  return [error.code, motivoDe(error)];
}

describe('an event', () => {
  it('reaches who wants to know, signed, in order, without a word about the person', async () => {
    const { id, chave } = await inscrever();
    expect(chave).toMatch(/^whsec_/);
    await reservar();
    await confirmar();
    await cancelar();
    await eventually(() =>
      expect(tipos()).toEqual(['reserva.criada', 'reserva.confirmada', 'reserva.cancelada']),
    );
    const [, confirmada, cancelada] = receptor.recebidos;
    expect(confirmada?.data).toEqual({
      ...{ reservaId: testCase.reserva, espacoId: 'esp_1', pagamentoId: 'pag_7Yt2Kp4m', versao: 2 },
      ...{ dataInicio: '2026-11-24T17:00:00.000Z', dataFim: '2026-11-24T19:00:00.000Z' },
      valor: { centavos: 25_000, moeda: 'BRL' },
    });
    const tudo = receptor.recebidos.map(({ corpo }) => corpo).join();
    for (const pessoal of [testCase.cliente, 'Choveu', 'Avenida', 'Ipê']) expect(tudo).not.toContain(pessoal);
    await eventually(async () =>
      expect((await entregas(id))[0]).toMatchObject({
        ...{ eventoId: cancelada?.id, tipo: RESERVA_CANCELADA, situacao: SituacaoEntrega.ENTREGUE },
        ...{ tentativas: 1, statusHttp: 204, resposta: '', corpo: cancelada?.corpo, erro: '' },
      }),
    );
  });

  it('goes to those alone who want its kind and its space', async () => {
    await inscrever({ nome: 'Outro espaço', espacoIds: ['esp_2'] });
    await inscrever({ nome: 'Outro tipo', tipos: [RESERVA_CANCELADA] });
    await inscrever({ nome: 'Este', espacoIds: ['esp_1', 'esp_2'], tipos: [RESERVA_CRIADA] });
    await reservar();
    await eventually(() => expect(tipos()).toEqual(['reserva.criada']));
    expect(await sql('select 1 from webhook_entregas')).toHaveLength(1);
  });

  it('of a payment waits for the space of its reservation where only that space is wanted', async () => {
    await inscrever({ espacoIds: ['esp_1'], tipos: [ESTORNO_CONCLUIDO] });
    await testCase.harness.estornar(testCase.reserva, testCase.cliente, 1);
    await eventually(async () => expect(await sql('select 1 from webhook_eventos')).toHaveLength(1));
    expect(await sql('select 1 from webhook_entregas')).toHaveLength(0);
    await reservar();
    await eventually(() => expect(tipos()).toEqual(['estorno.concluido']));
  });

  it('is not told twice when it comes twice', async () => {
    await inscrever();
    for (let vez = 0; vez < 3; vez++)
      await testCase.harness.expirar(`res_x${testCase.numero}`, testCase.cliente, `exp_${testCase.numero}`);
    const id = `cnf_${testCase.numero}`;
    for (let vez = 0; vez < 3; vez++)
      await testCase.harness.confirmar(testCase.reserva, testCase.cliente, id);
    await eventually(() => expect(receptor.recebidos.map((um) => um.id)).toEqual([id]));
    expect(await sql('select 1 from webhook_entregas')).toHaveLength(1);
  });
});

describe('a receiver that fails', () => {
  it('gets the event again, and nothing later of its reservation before', async () => {
    const { id } = await inscrever();
    receptor.responder = () => 400;
    await reservar();
    await eventually(async () =>
      expect((await entregas(id))[0]).toMatchObject({ statusHttp: 400, tentativas: 1 }),
    );
    await confirmar();
    await testCase.harness.criar(`res_y${testCase.numero}`, testCase.cliente, '2026-12-24T13:30:00Z');
    // Of another reservation: that goes on.
    await eventually(() => expect(tipos()).toEqual(['reserva.criada', 'reserva.criada']));
    const recusadas = async () => (await entregas(id)).filter(({ statusHttp }) => statusHttp === 400);
    await eventually(async () => expect(await recusadas()).toHaveLength(2));
    receptor.responder = () => 200;
    testCase.clock.advance(7_000);
    await eventually(() =>
      expect(tipos().slice(2).sort()).toEqual(['reserva.confirmada', 'reserva.criada', 'reserva.criada']),
    );
    const daReserva = receptor.recebidos.filter(({ data }) => data.reservaId === testCase.reserva);
    expect(daReserva.map(({ type }) => type)).toEqual([
      'reserva.criada',
      'reserva.criada',
      'reserva.confirmada',
    ]);
    expect(new Set(daReserva.map((um) => um.id)).size).toBe(2);
  });

  it('is left alone while it is not well, and keeps no other waiting', async () => {
    const { id } = await inscrever();
    receptor.responder = () => 503;
    await reservar();
    await eventually(async () =>
      expect((await admin.obterWebhook({ webhookId: id })).falhandoDesde).toBeDefined(),
    );
    const bom = new Receptor();
    await bom.start();
    await admin.criarWebhook({ nome: 'Bom', url: bom.url, tipos: [RESERVA_CRIADA] });
    await testCase.harness.criar(`res_z${testCase.numero}`, testCase.cliente, '2026-12-24T13:30:00Z');
    await eventually(() => expect(bom.recebidos).toHaveLength(1));
    expect(receptor.recebidos).toHaveLength(1);
    await bom.stop();
    receptor.responder = () => 200;
    testCase.clock.advance(60_000);
    await eventually(() => expect(receptor.recebidos).toHaveLength(3));
    await eventually(async () =>
      expect((await admin.obterWebhook({ webhookId: id })).falhandoDesde).toBeUndefined(),
    );
  });

  it('is sent no more when it is gone, until it is enabled; what happened meanwhile is brought by a replay', async () => {
    const { id: webhookId } = await inscrever();
    receptor.responder = () => 410;
    await reservar();
    await eventually(async () =>
      expect(await admin.obterWebhook({ webhookId })).toMatchObject({
        ...{ situacao: SituacaoWebhook.DESATIVADO, desativadoPor: DesativadoPor.GONE },
      }),
    );
    await confirmar();
    await eventually(async () => expect(await sql('select 1 from webhook_eventos')).toHaveLength(2));
    expect(await recusa(admin.testarWebhook({ webhookId }))).toEqual([
      Code.FailedPrecondition,
      'WEBHOOK_DESATIVADO',
    ]);
    receptor.responder = () => 200;
    testCase.clock.advance(10_000);
    await admin.ativarWebhook({ webhookId });
    await eventually(() => expect(tipos()).toEqual(['reserva.criada', 'reserva.criada']));
    const em = testCase.clock.now().getTime();
    const periodo = {
      dataInicio: timestampFromDate(new Date(em - 60_000)),
      dataFim: timestampFromDate(new Date(em)),
    };
    await eventually(async () =>
      expect((await entregas(webhookId))[0]?.situacao).toBe(SituacaoEntrega.ENTREGUE),
    );
    expect(await admin.repetirEventos({ webhookId, ...periodo })).toMatchObject({ quantos: 2 });
    await eventually(() => expect(tipos().slice(2)).toEqual(['reserva.criada', 'reserva.confirmada']));
    expect(
      await recusa(
        admin.repetirEventos({ webhookId, dataInicio: periodo.dataFim, dataFim: periodo.dataInicio }),
      ),
    ).toEqual([...[Code.InvalidArgument, 'PERIODO_INVALIDO']]);
  });
});

describe('an administrator', () => {
  it('sends a test and an event again, under the same id', async () => {
    const { id: webhookId } = await inscrever();
    const { eventoId } = await admin.testarWebhook({ webhookId });
    await eventually(() => expect(tipos()).toEqual(['webhook.teste']));
    await eventually(async () =>
      expect((await entregas(webhookId))[0]?.situacao).toBe(SituacaoEntrega.ENTREGUE),
    );
    await admin.reentregar({ webhookId, eventoId });
    await eventually(() => expect(receptor.recebidos.map(({ id }) => id)).toEqual([eventoId, eventoId]));
    expect(await recusa(admin.reentregar({ webhookId, eventoId: 'nada' }))).toEqual([
      ...[Code.NotFound, 'ENTREGA_NAO_ENCONTRADA'],
    ]);
  });

  it('gets the key once, and another one beside which the one before signs for a day', async () => {
    const headers = { 'idempotency-key': `chave-${testCase.numero}` };
    const pedido = { nome: 'Loja', url: receptor.url, tipos: [RESERVA_CRIADA] };
    const primeira = await admin.criarWebhook(pedido, { headers });
    expect(await admin.criarWebhook(pedido, { headers })).toEqual(primeira);
    const { id: webhookId, chave } = primeira;
    expect((await admin.obterWebhook({ webhookId })).chave).toBe('');
    const nova = await admin.trocarChaveWebhook({ webhookId });
    expect(nova.chave).not.toBe(chave);
    for (const uma of [chave, nova.chave]) {
      receptor.chave = uma;
      const antes = receptor.recebidos.length;
      await admin.testarWebhook({ webhookId });
      await eventually(() => expect(receptor.recebidos).toHaveLength(antes + 1));
    }
    expect(JSON.stringify(await sql('select * from webhooks'))).not.toContain(chave.slice(6));
  });

  it('may have the platform sign by a key of which only the public half is told', async () => {
    const { id: webhookId, chave } = await inscrever({ assinatura: TipoDeAssinatura.ED25519 });
    expect(chave).toMatch(/^whpk_/);
    await admin.testarWebhook({ webhookId });
    await eventually(() => expect(receptor.recebidos[0]?.headers['webhook-signature']).toMatch(/^v1a,/));
  });

  it('changes, disables, deletes and lists; and has twenty at most', async () => {
    const { id: webhookId } = await inscrever();
    const novo = {
      webhookId,
      nome: 'Outra',
      url: receptor.url,
      tipos: [RESERVA_CANCELADA],
      espacoIds: ['esp_9'],
    };
    expect(await admin.atualizarWebhook(novo)).toMatchObject({ nome: 'Outra', espacoIds: ['esp_9'] });
    expect(await admin.desativarWebhook({ webhookId })).toMatchObject({
      desativadoPor: DesativadoPor.PEDIDO,
    });
    expect(await recusa(admin.atualizarWebhook({ ...novo, url: 'https://10.0.0.1/' }))).toEqual([
      ...[Code.InvalidArgument, 'URL_NAO_PERMITIDA'],
    ]);
    for (let n = 1; n < 20; n++) await inscrever({ nome: `n${n}` });
    expect(await recusa(inscrever())).toEqual([Code.FailedPrecondition, 'LIMITE_DE_WEBHOOKS']);
    const primeira = await admin.listarWebhooks({ pageSize: 15 });
    const segunda = await admin.listarWebhooks({ pageSize: 15, pageToken: primeira.nextPageToken });
    expect([primeira, segunda].map(({ webhooks }) => webhooks.length)).toEqual([15, 5]);
    const { webhooks: parados } = await admin.listarWebhooks({ situacao: SituacaoWebhook.DESATIVADO });
    expect(parados.map(({ id }) => id)).toEqual([webhookId]);
    await admin.apagarWebhook({ webhookId });
    expect(await recusa(admin.obterWebhook({ webhookId }))).toEqual([
      Code.NotFound,
      'WEBHOOK_NAO_ENCONTRADO',
    ]);
    expect(await recusa(admin.apagarWebhook({ webhookId }))).toEqual([
      Code.NotFound,
      'WEBHOOK_NAO_ENCONTRADO',
    ]);
    expect(await recusa(admin.listarEntregas({ webhookId }))).toEqual([
      Code.NotFound,
      'WEBHOOK_NAO_ENCONTRADO',
    ]);
  });

  it('who is none any more sends nothing any more, and takes all along who is gone', async () => {
    const { id: webhookId, donoId: usuarioId } = await inscrever();
    const agregado = (versao: number) => ({ tipo: 'usuario', id: usuarioId, versao });
    await testCase.harness.publish({
      schema: UsuarioAtualizadoSchema,
      dados: {
        usuarioId,
        nome: 'Ana',
        email: 'ana@exemplo.com',
        ativo: true,
        papeis: [PapelUsuario.CLIENTE],
      },
      agregado: agregado(2),
    });
    await eventually(async () =>
      expect(await admin.obterWebhook({ webhookId })).toMatchObject({
        desativadoPor: DesativadoPor.DONO_SEM_ACESSO,
      }),
    );
    await testCase.harness.publish({
      schema: UsuarioRemovidoSchema,
      dados: { usuarioId, ocorridoEm: timestampFromDate(testCase.clock.now()) },
      agregado: agregado(3),
    });
    await eventually(async () =>
      expect(await recusa(admin.obterWebhook({ webhookId }))).toEqual([
        Code.NotFound,
        'WEBHOOK_NAO_ENCONTRADO',
      ]),
    );
  });
});
