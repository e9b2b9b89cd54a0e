import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { Code } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  UsuarioAtualizadoSchema,
  UsuarioRegistradoSchema,
  UsuarioRemovidoSchema,
} from '@plataforma/contratos/auth/v1/eventos_pb';
import { PersonalKeysService } from '@plataforma/contratos/auth/v1/personal_keys_service_pb';
import { ServiceTokensService } from '@plataforma/contratos/auth/v1/service_tokens_service_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { InformarDesfechoSchema } from '@plataforma/contratos/pagamentos/v1/comandos_pb';
import {
  CobrancaCanceladaSchema,
  CobrancaCriadaSchema,
  DevolucaoRecusadaSchema,
  DisputaPerdidaSchema,
  EstornoConcluidoSchema,
  EstornoFalhouSchema,
  EstornoSolicitadoSchema,
  PagamentoAprovadoSchema,
  PagamentoRecusadoSchema,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { ConsumerPact, EXACT, type HeardEvent } from '@plataforma/pacts/consumer-pact';
import { keptPact, pactsWith } from '@plataforma/pacts/pact-file';
import { verifyPacts } from '@plataforma/pacts/provider';
import { publishedBy } from '@plataforma/pacts/published';
import { createPersonalKeys } from '@plataforma/runtime/personal-keys-client';
import { createServiceTokens } from '@plataforma/runtime/service-token';
import { PagamentosClient } from '../../src/saga/infrastructure/pagamentos-client.ts';
import { SERVICE_SECRET } from '../auth-stand-in.ts';
import { between, newEspaco, newReserva } from '../reservas-fixture.ts';
import { startReservas } from '../reservas-under-test.ts';
import { tellEverything } from './story.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut?.close());

const consumers = () => sut.parts.consumers ?? [];

function consumer(durable: string) {
  const found = consumers().find((one) => one.durable === durable);
  if (found === undefined) throw new Error(`there is no ${durable}`);
  return found;
}

const tokens = { tokenFor: async () => 'eyJ' };

describe('what reservas needs of pagamentos', () => {
  let pact: ConsumerPact;
  const ids = { reservaId: 'res_pacto', pagamentoId: 'pag_pacto' };
  const brl = (centavos: bigint) => ({ centavos, moeda: 'BRL' });
  /** Nothing is said of what is zero. */
  const devolvivel = { valor: { moeda: 'BRL' }, creditos: { moeda: 'BRL' } };
  const restos = ['devolvivel.valor.centavos', 'devolvivel.creditos.centavos'];
  const pedido = { origem: 'CANCELAMENTO', valor: brl(5_000n), creditos: { moeda: 'BRL' } };
  const estorno = { ...ids, numero: 1, valor: brl(5_000n), pedido, devolvivel };
  const mayLack = [...restos, 'pedido.creditos.centavos'];
  const creditos = { mayLack: ['creditosUsados'] };

  beforeAll(async () => {
    pact = await ConsumerPact.between('reservas', 'pagamentos');
  });

  afterAll(() => pact?.close());

  it.each<HeardEvent>([
    { schema: CobrancaCriadaSchema, needs: { ...ids, checkoutUrl: 'https://pay.example/1' }, ...creditos },
    { schema: PagamentoAprovadoSchema, needs: { ...ids, valor: brl(20_000n) }, ...creditos },
    { schema: InformarDesfechoSchema, needs: { ...ids, valor: brl(20_000n) }, ...creditos },
    { schema: PagamentoRecusadoSchema, needs: { ...ids, codigo: 'insufficient_funds' } },
    { schema: CobrancaCanceladaSchema, needs: ids },
    {
      schema: DevolucaoRecusadaSchema,
      needs: { reservaId: ids.reservaId, codigo: 'ESTORNO_ALEM_DO_CAPTURADO' },
    },
    { schema: EstornoSolicitadoSchema, needs: estorno, mayLack },
    { schema: EstornoConcluidoSchema, needs: estorno, mayLack },
    {
      schema: EstornoFalhouSchema,
      needs: { ...estorno, codigo: 'lost_or_stolen_card' },
      mayLack,
    },
    { schema: DisputaPerdidaSchema, needs: { ...ids, devolvivel }, mayLack: restos },
  ])('is heard: $schema.name', async (event) => {
    expect(await pact.hears(consumer('reservas-pagamentos'), event)).toEqual(EXACT);
  });

  /** The client that is deployed, at whatever answers there. */
  async function by<T>(address: string, call: (client: PagamentosClient) => Promise<T>): Promise<T> {
    const client = new PagamentosClient({ address, tokens, logger: sut.logger });
    try {
      return await call(client);
    } finally {
      client.close();
    }
  }

  it('is a charge, and its checkout', async () => {
    const periodo = between('2026-12-10T10:00:00Z', '2026-12-10T12:00:00Z');
    const { estado } = newReserva(newEspaco(), periodo, { id: ids.reservaId, clienteId: 'cli_pacto' });
    const expiraEm = new Date('2026-11-24T12:30:00Z');
    const charged = await pact.calls(
      {
        method: PagamentosService.method.criarCobranca,
        given: 'a reservation was not charged',
        request: {
          ...{ reservaId: ids.reservaId, clienteId: 'cli_pacto', valor: brl(estado.preco.valor.centavos) },
          ...{ descricao: 'Sala Ipê', expiraEm: timestampFromDate(expiraEm) },
        },
        withToken: true,
        answer: {
          ...{ id: ids.pagamentoId, status: StatusPagamento.PENDENTE, checkoutUrl: 'https://pay.example/1' },
        },
      },
      (address) => by(address, (client) => client.criarCobranca({ ...estado, expiraEm })),
    );
    expect(charged).toMatchObject({ tipo: 'CobrancaCriada', ...ids });
  });

  it('is a payment, and what of it can still go back', async () => {
    const { method } = PagamentosService;
    const { reservaId, pagamentoId } = ids;
    const read = await pact.calls(
      {
        ...{ method: method.obterPagamento, given: 'somebody has paid', withToken: true },
        ...{ request: { pagamentoId }, chosen: ['pagamentoId'] },
        answer: {
          ...{ reservaId, status: StatusPagamento.APROVADO, valor: brl(10_000n), versao: 3 },
          ...{ devolvivel: brl(10_000n), devolvivelCreditos: { moeda: 'BRL' } },
        },
      },
      (address) =>
        by(address, async (client) => [
          await client.aprovado(pagamentoId),
          await client.devolvivel(pagamentoId),
        ]),
    );
    expect(read).toMatchObject([
      { reservaId, valor: brl(10_000n) },
      { versao: 3, valor: brl(10_000n) },
    ]);
    const unknown = await pact.calls(
      {
        ...{ method: method.obterPagamento, given: 'there is no such payment', withToken: true },
        ...{ request: { pagamentoId }, answer: { code: Code.NotFound, status: 404 } },
      },
      (address) => by(address, (client) => client.aprovado(pagamentoId)),
    );
    expect(unknown).toBeUndefined();
  });

  it('is all that its pact says', async () => {
    expect(pact.missing(consumers())).toEqual([]);
    const now = await pact.text();
    expect(now).toBe(await keptPact('reservas', 'pagamentos', now));
  });
});

describe('what reservas needs of auth', () => {
  let pact: ConsumerPact;
  const papeis = [PapelUsuario.CLIENTE];
  const usuarioId = 'cli_pacto';

  beforeAll(async () => {
    pact = await ConsumerPact.between('reservas', 'auth');
  });

  afterAll(() => pact?.close());

  const atualizado = { usuarioId, papeis, ativo: true, geracaoSessoes: 2 };

  it.each<HeardEvent & { durable: string }>([
    { durable: 'reservas-cadastro', schema: UsuarioRegistradoSchema, needs: { usuarioId, papeis } },
    {
      durable: 'reservas-cadastro',
      schema: UsuarioAtualizadoSchema,
      needs: atualizado,
      given: 'somebody may work',
    },
    {
      durable: 'reservas-contas',
      schema: UsuarioAtualizadoSchema,
      needs: atualizado,
      given: 'somebody may work',
    },
    { durable: 'reservas-cadastro', schema: UsuarioRemovidoSchema, needs: { usuarioId } },
    { durable: 'reservas-contas', schema: UsuarioRemovidoSchema, needs: { usuarioId } },
    { durable: 'reservas-remocoes', schema: UsuarioRemovidoSchema, needs: { usuarioId } },
  ])('is heard by $durable: $schema.name', async ({ durable, ...event }) => {
    expect(await pact.hears(consumer(durable), event)).toEqual(EXACT);
  });

  it('is a token for pagamentos, and none for who does not know the secret', async () => {
    const method = ServiceTokensService.method.issueServiceToken;
    const request = { servico: 'reservas', segredo: SERVICE_SECRET, audiencia: 'pagamentos' };
    const token = async (authAddress: string) => {
      const client = createServiceTokens({ authAddress, servico: 'reservas', segredo: SERVICE_SECRET });
      try {
        return await client.tokenFor('pagamentos').catch(({ code }: { code: Code }) => code);
      } finally {
        client.close();
      }
    };
    const given = 'reservas may call pagamentos';
    const answer = { accessToken: 'eyJ', expiresIn: 300 };
    const chosen = ['segredo'];
    expect(await pact.calls({ method, given, request, chosen, answer }, token)).toBe('eyJ');
    const refusal = { code: Code.Unauthenticated, status: 401 };
    const stranger = { method, given: 'reservas does not know its secret', request, answer: refusal };
    expect(await pact.calls(stranger, token)).toBe(Code.Unauthenticated);
  });

  it('is the key of a person', async () => {
    const chave = Buffer.alloc(32, 7);
    const key = await pact.calls(
      {
        ...{ method: PersonalKeysService.method.getPersonalKey, given: 'somebody has an account' },
        ...{ request: { usuarioId }, chosen: ['usuarioId'], withToken: true, answer: { chave } },
      },
      async (authAddress) => {
        const keys = createPersonalKeys({ authAddress, tokens, logger: sut.logger });
        try {
          return await keys.keyOf(usuarioId);
        } finally {
          keys.close();
        }
      },
    );
    expect(key).toEqual(chave);
  });

  it('is all that its pact says', async () => {
    expect(pact.missing(consumers())).toEqual([]);
    const now = await pact.text();
    expect(now).toBe(await keptPact('reservas', 'auth', now));
  });
});

describe('what others need of reservas', () => {
  it('is what it says and does', async () => {
    await tellEverything(sut);
    const kept = verifyPacts({
      ...{ name: 'reservas', pacts: await pactsWith('reservas') },
      events: await publishedBy(sut.dataSource),
      eventsOf: {
        'somebody has paid': ({ pagamentoId }) => pagamentoId !== undefined,
        'money and a bonus go back': ({ reembolso, creditoBonus }) =>
          reembolso !== undefined && creditoBonus !== undefined,
      },
    });
    await expect(kept).resolves.toBeUndefined();
  });
});
