import { type Client, Code } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import type { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { EncerrarCobrancaSchema } from '@plataforma/contratos/reservas/v1/comandos_pb';
import { isRead } from '@plataforma/runtime/rpc';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { deliver, type PagamentosUnderTest, startPagamentos } from './pagamentos-under-test.ts';

// Room for servers that start on a busy machine.
jest.setTimeout(60_000);

const clock = new FixedClock('2026-11-24T12:00:00Z');
let system: PagamentosUnderTest;
let admin: Client<typeof PagamentosService>;
let numero = 0;

beforeAll(async () => {
  system = await startPagamentos({ clock });
  admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
});

afterAll(() => system.stop());

/** The same call twice under one key, the first answer lost. @param noMeio what happens between the two */
async function duasVezes<T>(
  chamar: (opcoes: { headers: Record<string, string> }) => Promise<T>,
  noMeio: () => Promise<unknown> = async () => {},
): Promise<[T, T]> {
  const opcoes = { headers: { 'idempotency-key': `chave-${++numero}` } };
  const primeira = await chamar(opcoes);
  await noMeio();
  return [primeira, await chamar(opcoes)];
}

async function pago(): Promise<string> {
  const { id } = await admin.criarCobranca(system.pedido());
  await system.pagar(id);
  return id;
}

async function idDe(reservaId: string): Promise<string | undefined> {
  const [row]: { id: string }[] = await system.dataSource.query(
    'select id from pagamentos where reserva_id = $1',
    [reservaId],
  );
  return row?.id;
}

describe('a change whose answer was lost', () => {
  it('charges a reservation once', async () => {
    const novo = system.pedido();
    const [primeira, segunda] = await duasVezes((opcoes) => admin.criarCobranca(novo, opcoes));
    expect(segunda).toEqual(primeira);
  });

  it('is answered with its charge, also when that was called off since, and charges no other reservation', async () => {
    const novo = system.pedido();
    const opcoes = { headers: { 'idempotency-key': 'chave-da-cobranca' } };
    const { id } = await admin.criarCobranca(novo, opcoes);
    const { reservaId, clienteId } = novo;
    await deliver(system.parts, EncerrarCobrancaSchema, { reservaId, clienteId }, 3);
    await system.reach(id, StatusPagamento.CANCELADO);
    let told = new Headers();
    const onHeader = (headers: Headers) => {
      told = headers;
    };
    const repetida = await admin.criarCobranca(novo, { ...opcoes, onHeader });
    expect(repetida).toMatchObject({ id, status: StatusPagamento.CANCELADO });
    expect([told.get('idempotency-replayed'), told.get('x-http-code')]).toEqual(['true', '201']);

    const outra = system.pedido();
    await expect(admin.criarCobranca(outra, opcoes)).rejects.toMatchObject({ code: Code.AlreadyExists });
    expect(await idDe(outra.reservaId)).toBeUndefined();
  });

  it('has the checkout opened that Stripe did not open the first time', async () => {
    const novo = system.pedido();
    const opcoes = { headers: { 'idempotency-key': 'chave-sem-checkout' } };
    system.stripe.failNext('unavailable', 1_000);
    await expect(admin.criarCobranca(novo, opcoes)).rejects.toMatchObject({ code: Code.Unavailable });
    system.stripe.recover();
    const { id, checkoutUrl } = await admin.criarCobranca(novo, opcoes);
    expect(id).toBe(await idDe(novo.reservaId));
    expect(checkoutUrl).toBe(system.stripe.sessionOf(id).url);
  });

  it('gives money back once', async () => {
    const pagamentoId = await pago();
    const valor = { centavos: 30_00n, moeda: 'BRL' };
    const [, segunda] = await duasVezes(
      (opcoes) => admin.estornarPagamento({ pagamentoId, valor, motivo: 'cortesia' }, opcoes),
      () => system.reach(pagamentoId, StatusPagamento.ESTORNADO_PARCIAL),
    );
    expect(segunda.status).toBe(StatusPagamento.ESTORNADO_PARCIAL);
    const { eventos } = await admin.listarEventos({ pagamentoId });
    expect(eventos.filter(({ tipo }) => tipo === 'EstornoSolicitado')).toHaveLength(1);
  });
});

describe('a call that comes again', () => {
  it('is answered from its effect by every method, except where it can be carried out again', () => {
    const mudam = system.parts.services
      .flatMap(({ methods }) => methods)
      .filter(({ spec, implemented }) => implemented && !isRead(spec.method));
    const nomes = (com: boolean) =>
      mudam.filter(({ load }) => Boolean(load) === com).map(({ spec }) => spec.method.name);
    expect([nomes(true), nomes(false)]).toEqual([['CriarCobranca', 'EstornarPagamento'], ['UsarCreditos']]);
  });
});
