import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { walkPageTokens } from '@plataforma/testing/page-token-walk';
import type { PagamentoEvent } from '../src/pagamento/domain/eventos.ts';
import { createUnitOfWork } from '../src/persistence/unit-of-work.ts';
import { type PagamentosUnderTest, startPagamentos } from './pagamentos-under-test.ts';

// Room for servers that start on a busy machine.
jest.setTimeout(60_000);

const EM = new Date('2026-06-20T12:00:00Z');

let system: PagamentosUnderTest;

beforeAll(async () => {
  system = await startPagamentos({ clock: new FixedClock('2026-07-01T12:00:00Z') });
  await pago('pag_1');
  await pago('pag_2');
});

afterAll(() => system?.stop());

async function pago(id: string): Promise<void> {
  const valor = Dinheiro.deCentavos(100_00);
  const eventos: PagamentoEvent[] = [
    {
      tipo: 'CobrancaCriada',
      pagamentoId: id,
      reservaId: `res_${id}`,
      clienteId: 'cli_ana',
      valor,
      creditos: Dinheiro.zero(),
      descricao: 'Sala',
      expiraEm: EM,
      em: EM,
    },
    { tipo: 'PagamentoAprovado', intencaoId: `pi_${id}`, valor, em: EM },
  ];
  await createUnitOfWork(system.dataSource).run(async ({ pagamentos }) =>
    pagamentos.append(await pagamentos.findById(id), eventos, 'teste'),
  );
}

const admin = async (sub: string) => `Bearer ${await system.tokenFor({ sub, papeis: ['ADMIN'] })}`;

it('takes only the page tokens that its lists gave, for the same filters and caller', async () => {
  const quem = { caller: await admin('usr_admin'), other: await admin('usr_admin_2') };
  const failures = await walkPageTokens({
    grpcPort: system.grpcPort,
    httpPort: system.httpPort,
    services: system.parts.services,
    calls: {
      ListarTransacoes: { ...quem, request: {}, otherwise: { clienteId: 'cli_ana' } },
      ListarEventos: { ...quem, request: { pagamentoId: 'pag_1' }, otherwise: { pagamentoId: 'pag_2' } },
      ObterExtrato: { ...quem, request: { clienteId: 'cli_ana' }, otherwise: { clienteId: 'cli_bia' } },
    },
  });
  expect(failures).toEqual([]);
});
