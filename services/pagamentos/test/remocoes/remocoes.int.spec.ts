import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { autocommit } from '@plataforma/runtime/transaction';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { remocoesConsumer } from '../../src/remocoes/composition.ts';
import { apagarWebhooksDeRemovidos } from '../../src/remocoes/infrastructure/apagamento-repository.ts';
import { PostgresCaixaDeWebhooks } from '../../src/webhooks/infrastructure/caixa-de-webhooks.ts';
import { PostgresWebhooksDaTransacao } from '../../src/webhooks/infrastructure/webhooks-da-transacao.ts';
import { openTestDatabase } from '../pagamentos-under-test.ts';

const clock = new FixedClock('2026-11-30T12:00:00Z');
let database: Awaited<ReturnType<typeof openTestDatabase>>;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database?.close());

/** What Stripe tells of a payment of this customer. */
function webhook(id: string, clienteId: unknown) {
  const object = {
    metadata: { clienteId },
    customer_details: { email: 'ana@exemplo.com', name: 'Ana Souza' },
  };
  return { id, tipo: 'checkout.session.completed', payload: JSON.stringify({ id, data: { object } }) };
}

const tratado = (id: string, clienteId: unknown) =>
  new PostgresWebhooksDaTransacao(autocommit(database.dataSource)).guardar(
    webhook(id, clienteId),
    clock.now(),
  );

async function removido(usuarioId: string): Promise<void> {
  const [subscription] = remocoesConsumer({ dataSource: database.dataSource, clock }).on;
  await subscription?.handle(create(UsuarioRemovidoSchema, { usuarioId }) as never, {
    ...{
      id: `removido ${usuarioId}`,
      subject: 'auth.v1.UsuarioRemovido',
      ocorridoEm: clock.now(),
      entrega: 1,
    },
    agregado: { tipo: 'usuario', id: usuarioId, versao: 2 },
  });
}

const guardados = async (): Promise<string[]> => {
  const rows: Array<{ id: string }> = await database.dataSource.query(
    'select id from webhooks_stripe order by id',
  );
  return rows.map(({ id }) => id);
};

const respostas = async (usuarioId: string): Promise<Record<string, number>[]> => {
  const rows: Array<{ payload: { itens: Array<{ dados: string; quantidade?: number }> } }> =
    await database.dataSource.query(
      `select payload from outbox where assunto = 'pagamentos.v1.DadosPessoaisApagados' and payload->>'usuarioId' = $1`,
      [usuarioId],
    );
  return rows.map(({ payload }) =>
    Object.fromEntries(payload.itens.map(({ dados, quantidade = 0 }) => [dados, quantidade])),
  );
};

describe('a customer who is gone', () => {
  it('leaves nothing that Stripe told of them, and auth hears what stays, once (ASVS 8.3.2)', async () => {
    const caixa = new PostgresCaixaDeWebhooks(database.dataSource);
    await tratado('evt_1', 'cli_ana');
    await caixa.guardar(webhook('evt_2', 'cli_ana'), 'IGNORADO', clock.now());
    await caixa.guardar(webhook('evt_3', 'cli_ana'), 'PENDENTE', clock.now());
    await tratado('evt_4', 'cli_bia');
    await database.dataSource.query(
      `insert into transacoes (id, reserva_id, cliente_id, tipo, centavos, moeda, ocorrida_em)
       values ('bonus:res_1', 'res_1', 'cli_ana', 'CREDITO_CONCEDIDO', 100, 'BRL', now())`,
    );
    await Promise.all([removido('cli_ana'), removido('cli_ana')]);
    expect(await guardados()).toEqual(['evt_3', 'evt_4']);
    expect(await respostas('cli_ana')).toEqual([
      {
        ...{ AVISOS_DA_STRIPE: 2, AVISOS_EM_TRATAMENTO: 1, PAGAMENTOS: 0, LANCAMENTOS: 1 },
        ...{ CREDITOS: 0, DADOS_NA_STRIPE: 0 },
      },
    ]);
  });

  it('hears that credit which comes back later is lost, too', async () => {
    await removido('cli_ivo');
    const [{ motivo }] = await database.dataSource.query(
      `select i->>'motivo' as motivo from outbox, jsonb_array_elements(payload->'itens') i
       where payload->>'usuarioId' = 'cli_ivo' and i->>'dados' = 'CREDITOS'`,
    );
    expect(motivo).toContain('era de R$ 0,00 neste momento');
    expect(motivo).toContain('também o que ainda voltar como créditos de reservas canceladas');
  });

  it('is not remembered by what comes later either, once that has been dealt with', async () => {
    await removido('cli_leo');
    await tratado('evt_5', 'cli_leo');
    await tratado('evt_6', 'cli_bia');
    await apagarWebhooksDeRemovidos(autocommit(database.dataSource), clock.now());
    const restam = await guardados();
    expect([restam.includes('evt_5'), restam.includes('evt_6')]).toEqual([false, true]);
    clock.advance(401 * 24 * 3_600_000);
    await apagarWebhooksDeRemovidos(autocommit(database.dataSource), clock.now());
    expect(await database.dataSource.query('select 1 from clientes_removidos')).toEqual([]);
  });

  it.each([
    ['nothing', undefined],
    ['no text', 7],
    ['another text', "' or 1=1"],
    ['too much', `cli_${'a'.repeat(99)}`],
  ])('takes a webhook that names %s as its customer for nobody’s', async (_, clienteId) => {
    await tratado(`evt_de_${String(clienteId).length}`, clienteId);
    const [{ n }] = await database.dataSource.query(
      `select count(*)::int as n from webhooks_stripe where id like 'evt_de_%' and cliente_id is not null`,
    );
    expect(n).toBe(0);
  });
});
