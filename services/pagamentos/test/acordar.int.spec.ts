import type { Client } from '@connectrpc/connect';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { EncerrarCobrancaSchema } from '@plataforma/contratos/reservas/v1/comandos_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { PostgresLivroDeCreditos } from '../src/creditos/infrastructure/livro-de-creditos.ts';
import { createUnitOfWork } from '../src/persistence/unit-of-work.ts';
import { deliver, type PagamentosUnderTest, startPagamentos } from './pagamentos-under-test.ts';

const clock = new FixedClock('2026-11-24T12:00:00Z');
let system: PagamentosUnderTest;
let reservas: Client<typeof PagamentosService>;
let admin: Client<typeof PagamentosService>;
let acordados: string[];

beforeAll(async () => {
  system = await startPagamentos({ clock });
  reservas = system.clientFor({ sub: 'reservas', tipo: 'servico' });
  admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
  // Its workers stand still: they only say that they were woken.
  for (const worker of system.parts.background ?? [])
    Object.assign(worker, { wake: () => void acordados.push(worker.name) });
});

beforeEach(() => {
  acordados = [];
});

afterAll(() => system.stop());

it('nobody has to be woken for a charge whose checkout opens', async () => {
  await reservas.criarCobranca({ ...system.pedido(), guardarCreditos: true });
  expect(acordados).toEqual([]);
});

it('who closes charges is woken by one that is to be closed', async () => {
  const { reservaId, clienteId } = await reservas.criarCobranca({
    ...system.pedido(),
    guardarCreditos: true,
  });
  await deliver(system.parts, EncerrarCobrancaSchema, { reservaId, clienteId }, 2);
  expect(acordados).toEqual(['encerramentos']);
});

it('who closes charges and who opens checkouts are woken by credit that is to be used', async () => {
  const livro = new PostgresLivroDeCreditos(system.dataSource);
  await livro.conceder('cli_1', Dinheiro.deCentavos(3_000n), 'bonus:res_0', clock.now());
  const reserva = system.pedido();
  await reservas.criarCobranca({ ...reserva, guardarCreditos: true });
  await reservas.usarCreditos(reserva);
  expect(acordados).toEqual(['encerramentos', 'checkouts']);
});

it('who makes refunds is woken by one that is asked for', async () => {
  const { id: pagamentoId } = await reservas.criarCobranca({ ...system.pedido(), guardarCreditos: true });
  await createUnitOfWork(system.dataSource).run(async ({ pagamentos }) => {
    const valor = Dinheiro.deCentavos(10_000n);
    const aprovado = { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor, em: clock.now() } as const;
    return pagamentos.append(await pagamentos.findById(pagamentoId), [aprovado], 'teste');
  });
  await admin.estornarPagamento({ pagamentoId, motivo: 'cortesia' });
  expect(acordados).toEqual(['estornos']);
});
