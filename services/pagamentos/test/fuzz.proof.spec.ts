import type { DescField } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { MotivoErroSchema as MotivoComum } from '@plataforma/contratos/comum/v1/motivo_erro_pb';
import { MotivoErroSchema } from '@plataforma/contratos/pagamentos/v1/motivo_erro_pb';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { type FuzzTarget, fuzz } from '@plataforma/testing/fuzz/fuzz';
import { reasonsOf } from '@plataforma/testing/fuzz/reasons';
import { slowestRequests } from '@plataforma/testing/fuzz/slowest';
import { type PagamentosUnderTest, startPagamentos } from './pagamentos-under-test.ts';

const clock = new FixedClock('2026-11-24T12:00:00Z');
let system: PagamentosUnderTest;
let alvo: FuzzTarget;

beforeAll(async () => {
  system = await startPagamentos({ clock });
  alvo = await construirAlvo();
});

afterAll(() => system.stop());

const PRAZO = timestampFromDate(new Date('2026-11-24T12:15:00Z'));

/** What a caller who means well would send. */
async function conhecidos(): Promise<(field: DescField) => readonly unknown[]> {
  const reservas = system.clientFor({ sub: 'reservas', tipo: 'servico' });
  const valor = { centavos: 100_00n, moeda: 'BRL' };
  const pedido = { reservaId: 'res_1', clienteId: 'cli_fuzz', valor, descricao: 'Reserva', expiraEm: PRAZO };
  const { id } = await reservas.criarCobranca(pedido);
  const porNome: Readonly<Record<string, readonly unknown[]>> = {
    pagamentoId: [id, id, 'pag_nenhum'],
    reservaId: ['res_1', 'res_2', 'res_3', ''],
    clienteId: ['cli_fuzz', 'cli_outro', ''],
    moeda: ['BRL', 'BRL', 'USD'],
    centavos: [100_00n, 1n, 0n, -1n],
  };
  return (field) =>
    field.message?.typeName === 'google.protobuf.Timestamp' ? [PRAZO] : (porNome[field.localName] ?? []);
}

/** Payments without events, and events without a payment. */
async function desencontrados(): Promise<unknown[]> {
  return system.dataSource.query(`
    select id from pagamentos p
    where not exists (select 1 from eventos_pagamento e where e.fluxo like '%' || p.id)
    union all
    select fluxo from eventos_pagamento e
    where not exists (select 1 from pagamentos p where e.fluxo like '%' || p.id)`);
}

async function construirAlvo(): Promise<FuzzTarget> {
  const token = async (quem: Parameters<typeof system.tokenFor>[0]) =>
    `Bearer ${await system.tokenFor(quem)}`;
  return {
    grpcPort: system.grpcPort,
    httpPort: system.httpPort,
    services: system.parts.services,
    callers: {
      customer: await token({ sub: 'cli_fuzz', papeis: ['CLIENTE'] }),
      admin: await token({ sub: 'cli_admin', papeis: ['ADMIN'] }),
      service: await token({ sub: 'reservas', tipo: 'servico' }),
    },
    known: await conhecidos(),
    reasons: reasonsOf(MotivoComum, MotivoErroSchema),
  };
}

it('answers whatever it is sent with a result or a stable reason, and stores nothing by halves', async () => {
  const report = await fuzz(alvo);
  expect(report.failures).toEqual([]);
  expect(report.answers.get('ok')).toBeGreaterThan(0);
  expect(await desencontrados()).toEqual([]);
  const admin = system.clientFor({ sub: 'cli_admin', papeis: ['ADMIN'] });
  await expect(admin.listarTransacoes({})).resolves.toMatchObject({});
}, 120_000);

it('keeps its loop free whatever it is asked, for less than 50 ms a request', async () => {
  const slow = (await slowestRequests(alvo)).filter(({ ms }) => ms >= 50);
  expect(slow).toEqual([]);
}, 180_000);

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);
