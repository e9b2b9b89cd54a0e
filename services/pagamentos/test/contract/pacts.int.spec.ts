import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import {
  EncerrarCobrancaSchema,
  EncerrarOuDevolverSchema,
} from '@plataforma/contratos/reservas/v1/comandos_pb';
import {
  PagamentoAproveitadoSchema,
  PagamentoNaoAproveitadoSchema,
  ReservaAceitaSchema,
  ReservaCanceladaSchema,
  ReservaConfirmadaSchema,
  ReservaCriadaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import { ConsumerPact, EXACT, type HeardEvent } from '@plataforma/pacts/consumer-pact';
import { keptPact, pactsWith } from '@plataforma/pacts/pact-file';
import { verifyPacts } from '@plataforma/pacts/provider';
import { publishedBy } from '@plataforma/pacts/published';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { type PagamentosUnderTest, startPagamentos } from '../pagamentos-under-test.ts';
import { tellEverything } from './story.ts';

const clock = new FixedClock('2026-11-24T12:00:00Z');
let system: PagamentosUnderTest;

beforeAll(async () => {
  system = await startPagamentos({ clock });
});

afterAll(() => system?.stop());

const consumers = () => system.parts.consumers ?? [];

function consumer(durable: string) {
  const found = consumers().find((one) => one.durable === durable);
  if (found === undefined) throw new Error(`there is no ${durable}`);
  return found;
}

describe('what pagamentos needs of reservas', () => {
  let pact: ConsumerPact;
  const hears = (event: HeardEvent) => pact.hears(consumer('pagamentos-cobranca'), event);
  const ids = { reservaId: 'res_1', clienteId: 'cli_1' };
  const pedido = {
    ...{ ...ids, descricao: 'Sala Azul, 24/11', espacoNome: 'Sala Azul' },
    valor: { centavos: 10_000n, moeda: 'BRL' },
    expiraEm: timestampFromDate(new Date('2026-11-24T12:15:00Z')),
  };

  beforeAll(async () => {
    pact = await ConsumerPact.between('pagamentos', 'reservas');
  });

  afterAll(() => pact?.close());

  it.each<HeardEvent>([
    { schema: ReservaCriadaSchema, needs: pedido },
    { schema: ReservaAceitaSchema, needs: pedido },
    {
      schema: ReservaConfirmadaSchema,
      needs: { reservaId: 'res_1', pagamentoId: 'pag_1' },
      given: 'somebody has paid',
    },
    { schema: PagamentoAproveitadoSchema, needs: { reservaId: 'res_1', pagamentoId: 'pag_1' } },
    { schema: EncerrarCobrancaSchema, needs: ids },
    { schema: EncerrarOuDevolverSchema, needs: ids, mayLack: ['reembolso', 'creditoBonus'] },
  ])('is heard: $schema.name', async (event) => {
    expect(await hears(event)).toEqual(EXACT);
  });

  it('is heard: PagamentoNaoAproveitado', async () => {
    const { id: pagamentoId } = await system.admin.criarCobranca(system.pedido());
    await system.pagar(pagamentoId);
    const needs = { pagamentoId, codigo: 'SLOT_OCUPADO' };
    expect(await hears({ schema: PagamentoNaoAproveitadoSchema, needs })).toEqual(EXACT);
  });

  it('is heard: ReservaCancelada, with money and credit that go back or without', async () => {
    const { id, reservaId } = await system.admin.criarCobranca(system.pedido());
    await system.pagar(id);
    const schema = ReservaCanceladaSchema;
    const needs = { reservaId, clienteId: 'cli_1' };
    const [reembolso, creditoBonus] = [5_000n, 500n].map((centavos) => ({ centavos, moeda: 'BRL' }));
    const back = { ...needs, reembolso, creditoBonus };
    expect(await hears({ schema, needs: back, given: 'money and a bonus go back' })).toEqual(EXACT);
    expect(await hears({ schema, needs, mayLack: ['reembolso', 'creditoBonus'] })).toEqual(EXACT);
  });

  it('is all that its pact says', async () => {
    expect(pact.missing(consumers())).toEqual([]);
    const now = await pact.text();
    expect(now).toBe(await keptPact('pagamentos', 'reservas', now));
  });
});

describe('what pagamentos needs of auth', () => {
  it('is to hear that somebody is gone', async () => {
    const pact = await ConsumerPact.between('pagamentos', 'auth');
    const event = { schema: UsuarioRemovidoSchema, needs: { usuarioId: 'cli_1' } };
    expect(await pact.hears(consumer('pagamentos-remocoes'), event)).toEqual(EXACT);
    expect(pact.missing(consumers())).toEqual([]);
    const now = await pact.text();
    expect(now).toBe(await keptPact('pagamentos', 'auth', now));
    await pact.close();
  });
});

describe('what others need of pagamentos', () => {
  it('is what it says and does', async () => {
    await tellEverything(system, clock);
    const token = () => system.tokenFor({ sub: 'reservas', tipo: 'servico' });
    const { id: pagamentoId } = await system.admin.criarCobranca(system.pedido());
    const kept = verifyPacts({
      ...{ name: 'pagamentos', pacts: await pactsWith('pagamentos') },
      url: `http://127.0.0.1:${system.httpPort}`,
      events: await publishedBy(system.dataSource),
      eventsOf: { 'a charge that was paid is closed': ({ foiPaga }) => foiPaga === true },
      states: {
        'a reservation was not charged': async () => ({ token: await token() }),
        'there is no such payment': async () => ({ token: await token() }),
        'somebody has paid': async () => {
          await system.pagar(pagamentoId);
          return { token: await token(), pagamentoId };
        },
      },
    });
    await expect(kept).resolves.toBeUndefined();
  });
});
