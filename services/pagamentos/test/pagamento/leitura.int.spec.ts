import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { type Client, Code, ConnectError } from '@connectrpc/connect';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import {
  type PagamentosService,
  TipoTransacao,
} from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { motivoDe } from '@plataforma/runtime/errors';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { type PagamentosUnderTest, startPagamentos } from '../pagamentos-under-test.ts';

type Cliente = Client<typeof PagamentosService>;

const clock = new FixedClock('2026-11-24T12:00:00Z');
let system: PagamentosUnderTest;
let admin: Cliente;
let reservas: Cliente;
let ana: Cliente;
let bia: Cliente;
let estranho: Cliente;
const pagos: string[] = [];

beforeAll(async () => {
  system = await startPagamentos({ clock });
  admin = system.clientFor({ sub: 'usr_admin', papeis: ['ADMIN'] });
  reservas = system.clientFor({ sub: 'reservas', tipo: 'servico' });
  estranho = system.clientFor({ sub: 'notificacoes', tipo: 'servico' });
  ana = system.clientFor({ sub: 'cli_ana', papeis: ['CLIENTE'] });
  bia = system.clientFor({ sub: 'cli_bia', papeis: ['CLIENTE'] });
  await system.startBackground(system.parts);
  for (const clienteId of ['cli_ana', 'cli_bia', 'cli_ana', 'cli_ana']) {
    clock.advance(60_000);
    pagos.push(await pagar(clienteId, `res_${pagos.length + 1}`));
  }
});

afterAll(() => system.stop());

const pedido = (clienteId: string, reservaId: string) => ({ ...system.pedido(clienteId), reservaId });

/** A payment that has been made. */
async function pagar(clienteId: string, reservaId: string): Promise<string> {
  const { id } = await reservas.criarCobranca(pedido(clienteId, reservaId));
  const { metadata, amount_total: amount_received, currency } = system.stripe.sessionOf(id);
  const object = { id: `pi_${id}`, metadata, amount_received, currency };
  await system.deliverWebhook('payment_intent.succeeded', object);
  await eventually(async () => {
    const { status } = await admin.obterPagamento({ pagamentoId: id });
    expect(status).toBe(StatusPagamento.APROVADO);
  });
  return id;
}

async function falha(chamada: Promise<unknown>) {
  const error = await chamada.then(() => undefined, ConnectError.from);
  return error && { code: error.code, motivo: motivoDe(error) };
}

const ids = ({ transacoes }: { transacoes: Array<{ pagamentoId: string }> }) =>
  transacoes.map(({ pagamentoId }) => pagamentoId);

const NAO_ENCONTRADO = { code: Code.NotFound, motivo: 'PAGAMENTO_NAO_ENCONTRADO' };
const ACESSO_NEGADO = { code: Code.PermissionDenied, motivo: 'ACESSO_NEGADO' };

describe('ObterPagamento', () => {
  it('answers the owner, an administrator and the service reservas', async () => {
    const [pagamentoId = ''] = pagos;
    for (const cliente of [ana, admin, reservas])
      expect(await cliente.obterPagamento({ pagamentoId })).toMatchObject({
        id: pagamentoId,
        clienteId: 'cli_ana',
        aprovadoEm: timestampFromDate(new Date('2026-11-24T12:01:00Z')),
      });
  });

  it("answers NOT_FOUND alike when it is somebody else's and when it does not exist", async () => {
    expect(await falha(bia.obterPagamento({ pagamentoId: pagos[0] ?? '' }))).toEqual(NAO_ENCONTRADO);
    expect(await falha(bia.obterPagamento({ pagamentoId: 'pag_none' }))).toEqual(NAO_ENCONTRADO);
  });

  it('refuses a service that is not named', async () => {
    expect(await falha(estranho.obterPagamento({ pagamentoId: pagos[0] ?? '' }))).toEqual(ACESSO_NEGADO);
  });
});

describe('CriarCobranca', () => {
  it('refuses a customer and a service that is not named', async () => {
    expect(await falha(ana.criarCobranca(pedido('cli_ana', 'res_x')))).toEqual(ACESSO_NEGADO);
    expect(await falha(estranho.criarCobranca(pedido('cli_ana', 'res_x')))).toEqual(ACESSO_NEGADO);
  });
});

describe('ListarTransacoes', () => {
  it("lists a customer's own, newest first, whatever customer is asked for", async () => {
    const esperadas = [pagos[3], pagos[2], pagos[0]];
    expect(ids(await ana.listarTransacoes({}))).toEqual(esperadas);
    expect(ids(await ana.listarTransacoes({ clienteId: 'cli_bia' }))).toEqual(esperadas);
  });

  it("lists everybody's for an administrator, and one customer's when asked", async () => {
    expect(ids(await admin.listarTransacoes({}))).toEqual(pagos.toReversed());
    const deBia = await admin.listarTransacoes({ clienteId: 'cli_bia' });
    expect(deBia.transacoes).toMatchObject([
      { pagamentoId: pagos[1], tipo: TipoTransacao.CAPTURA, valor: { centavos: 10_000n, moeda: 'BRL' } },
    ]);
  });

  it('gives every row once over all pages', async () => {
    const vistas: string[] = [];
    let pageToken = '';
    do {
      const pagina = await admin.listarTransacoes({ pageSize: 2, pageToken });
      vistas.push(...ids(pagina));
      pageToken = pagina.nextPageToken;
    } while (pageToken !== '');
    expect(vistas).toEqual(pagos.toReversed());
  });

  it('filters by reservation and by a half-open period', async () => {
    expect(ids(await admin.listarTransacoes({ reservaId: 'res_2' }))).toEqual([pagos[1]]);
    const periodo = {
      dataInicio: timestampFromDate(new Date('2026-11-24T12:02:00Z')),
      dataFim: timestampFromDate(new Date('2026-11-24T12:04:00Z')),
    };
    expect(ids(await admin.listarTransacoes(periodo))).toEqual([pagos[2], pagos[1]]);
  });

  it.each([-(2n ** 63n), -62_135_596_801n, 253_402_300_800n, 2n ** 63n - 1n])(
    'refuses a period that begins %s seconds after 1970',
    async (seconds) => {
      expect(await falha(admin.listarTransacoes({ dataInicio: { seconds, nanos: 0 } }))).toEqual({
        code: Code.InvalidArgument,
        motivo: 'REQUISICAO_INVALIDA',
      });
    },
  );

  it.each(['lixo', 'AAAA', 'MSAn', '%%%'])('refuses the page token %s', async (pageToken) => {
    expect(await falha(admin.listarTransacoes({ pageToken }))).toEqual({
      code: Code.InvalidArgument,
      motivo: 'PAGINA_INVALIDA',
    });
  });
});

describe('ListarEventos', () => {
  it('tells the whole history to an administrator', async () => {
    const { eventos } = await admin.listarEventos({ pagamentoId: pagos[0] ?? '' });
    expect(eventos.map(({ versao, tipo }) => `${versao} ${tipo}`)).toEqual([
      '1 CobrancaCriada',
      '2 CheckoutSolicitado',
      '3 CheckoutAberto',
      '4 PagamentoAprovado',
    ]);
    expect(eventos[3]?.dados).toMatchObject({
      intencaoId: `pi_${pagos[0]}`,
      valor: { centavos: 10_000n, moeda: 'BRL' },
    });
  });

  it('is found for nobody else, and not at all when the payment does not exist', async () => {
    expect(await falha(ana.listarEventos({ pagamentoId: pagos[0] ?? '' }))).toEqual(ACESSO_NEGADO);
    expect(await falha(admin.listarEventos({ pagamentoId: 'pag_none' }))).toEqual(NAO_ENCONTRADO);
  });
});

describe('a manager of spaces', () => {
  it('sees what is theirs only, as any customer does', async () => {
    const gil = system.clientFor({ sub: 'cli_gil', papeis: ['CLIENTE', 'GESTOR'] });
    const clienteId = 'cli_ana';
    expect(await falha(gil.obterPagamento({ pagamentoId: pagos[0] ?? '' }))).toEqual(NAO_ENCONTRADO);
    expect(ids(await gil.listarTransacoes({ clienteId }))).toEqual([]);
    expect(await gil.obterExtrato({ clienteId })).toMatchObject({ clienteId: 'cli_gil', linhas: [] });
  });
});
