import { describe, expect, it, jest } from '@jest/globals';
import { UsuarioRegistradoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { DesativadoPor } from '@plataforma/contratos/notificacoes/v1/webhook_pb';
import { eventually } from '@plataforma/testing/eventually';
import { useTestCase } from '../support/use-test-case.ts';
import { useWebhooks } from '../support/use-webhooks.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

const testCase = useTestCase();
const integracao = useWebhooks(testCase);

const DIA_MS = 24 * 3_600_000;

const sql = (text: string) => testCase.harness.database.dataSource.query(text);
const mensagens = () =>
  sql(`select cliente_id, canal, status, dados from notificacoes where modelo = 'WEBHOOK_DESATIVADO'`);

/** The owner of the webhooks has an address; a reservation makes something to tell. */
async function acontecer(): Promise<void> {
  const { harness, numero, cliente, reserva } = testCase;
  const usuarioId = `cli_adm${numero}`;
  await harness.publish({
    schema: UsuarioRegistradoSchema,
    dados: { usuarioId, nome: 'Ana', email: `ana${numero}@exemplo.com`, emailVerificado: true },
    agregado: { tipo: 'usuario', id: usuarioId, versao: 1 },
  });
  await harness.criar(reserva, cliente, '2026-12-24T13:30:00Z');
}

const desativadoPor = async (webhookId: string) =>
  (await integracao.admin.obterWebhook({ webhookId })).desativadoPor;

describe('the owner of an address that is disabled', () => {
  it('is mailed once when it says that it is gone, and nothing of it stays in the message', async () => {
    const { id } = await integracao.inscrever({ nome: 'Loja <b>' });
    integracao.receptor.responder = () => 410;
    await acontecer();
    await eventually(async () => expect(await desativadoPor(id)).toBe(DesativadoPor.GONE));
    const { smtp, numero } = testCase;
    await eventually(() => expect(smtp.received).toHaveLength(1));
    const [carta] = smtp.received;
    expect(carta?.to).toEqual([`ana${numero}@exemplo.com`]);
    expect(carta?.raw).toContain('Webhook desativado');
    await eventually(async () =>
      expect(await mensagens()).toEqual([
        {
          cliente_id: `cli_adm${numero}`,
          canal: 'EMAIL',
          status: 'ENVIADA',
          dados: expect.not.objectContaining({
            nomeDoWebhook: expect.anything(),
            receptor: expect.anything(),
          }),
        },
      ]),
    );
  });

  it('is mailed when nothing was taken for five days, and again when that happens again', async () => {
    const { id: webhookId } = await integracao.inscrever();
    const { admin, receptor } = integracao;
    // Days go by that the clock of the public library does not see.
    receptor.chave = '';
    receptor.responder = () => 503;
    for (const vez of [1, 2]) {
      if (vez === 1) await acontecer();
      else await testCase.harness.criar(`res_v${testCase.numero}`, testCase.cliente, '2026-12-24T13:30:00Z');
      await eventually(async () =>
        expect((await admin.obterWebhook({ webhookId })).falhandoDesde).toBeDefined(),
      );
      testCase.clock.advance(5 * DIA_MS);
      await eventually(async () => expect(await desativadoPor(webhookId)).toBe(DesativadoPor.FALHAS));
      await eventually(() => expect(testCase.smtp.received).toHaveLength(vez));
      await admin.ativarWebhook({ webhookId });
    }
  });

  it('is told nothing of what they disable themselves, even while the address answers that it is gone', async () => {
    const { id: webhookId } = await integracao.inscrever();
    const { admin, receptor } = integracao;
    const parada = Promise.withResolvers<void>();
    receptor.responder = () => void parada.resolve();
    await acontecer();
    await parada.promise;
    await admin.desativarWebhook({ webhookId });
    receptor.soltar(410);
    await eventually(async () =>
      expect((await admin.listarEntregas({ webhookId })).entregas).toMatchObject([{ statusHttp: 410 }]),
    );
    expect(await desativadoPor(webhookId)).toBe(DesativadoPor.PEDIDO);
    expect(await mensagens()).toEqual([]);
  });
});

it('keeps no event back while there is no id for the message', async () => {
  const { id: webhookId } = await integracao.inscrever();
  const { receptor } = integracao;
  const next = jest.spyOn(testCase.harness.ids, 'next').mockRejectedValueOnce(new Error('redis is away'));
  receptor.responder = () => 410;
  await acontecer();
  await eventually(() => expect(receptor.recebidos.length).toBeGreaterThan(0));
  await eventually(() => expect(next).toHaveBeenCalled());
  expect(await desativadoPor(webhookId)).toBe(DesativadoPor.UNSPECIFIED);
  testCase.clock.advance(121_000);
  await eventually(async () => expect(await desativadoPor(webhookId)).toBe(DesativadoPor.GONE));
  await eventually(() => expect(testCase.smtp.received).toHaveLength(1));
});
