import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { EncerrarCobrancaSchema } from '@plataforma/contratos/reservas/v1/comandos_pb';
import {
  PagamentoAproveitadoSchema,
  PagamentoNaoAproveitadoSchema,
  ReservaAceitaSchema,
  ReservaCanceladaSchema,
  ReservaConfirmadaSchema,
  ReservaCriadaSchema,
} from '@plataforma/contratos/reservas/v1/eventos_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { DomainError } from '@plataforma/domain/domain-error';
import { Result } from '@plataforma/domain/result';
import type { EventSubscription } from '@plataforma/runtime/event-message';
import { AtenderCancelamentoHandler } from '../src/cancelamentos/application/atender-cancelamento.ts';
import { cancelamentoConsumer } from '../src/cancelamentos/infrastructure/cancelamento-consumer.ts';
import { reservasConsumer } from '../src/cobrancas/infrastructure/reservas-consumer.ts';
import { desfechosConsumer } from '../src/conciliacao/infrastructure/desfechos-consumer.ts';
import type { SolicitarEstornoHandler } from '../src/estornos/application/solicitar-estorno.ts';
import { naoAproveitadoConsumer } from '../src/estornos/infrastructure/nao-aproveitado-consumer.ts';
import {
  CobrancaDivergenteError,
  CobrancaEncerradaError,
  ProvedorIndisponivelError,
  TransicaoInvalidaError,
  ValorInvalidoError,
} from '../src/pagamento/domain/recusa.ts';

const EM = new Date('2026-11-24T12:00:00Z');
const ids = { reservaId: 'res_1', clienteId: 'cli_1' };
const valor = Dinheiro.deCentavos(10_000n);

let done: unknown[][];
let recusa: DomainError | undefined;

beforeEach(() => {
  done = [];
  recusa = undefined;
});

/** How an event ends that goes to the dead letters. */
const dead = (message: string) => ({ name: 'PermanentError', message });

/** A handler that notes what it is asked, and refuses when the test says so. */
const handler = (nome: string) => ({
  execute: async (command: unknown): Promise<never> => {
    done.push([nome, command]);
    return (recusa ? Result.fail(recusa) : Result.ok(undefined)) as never;
  },
});

function deliver<S extends DescMessage>(
  consumers: readonly EventSubscription[],
  schema: S,
  init: MessageInitShape<S>,
): Promise<void> {
  const one = consumers.find((consumer) => consumer.schema.typeName === schema.typeName);
  if (!one) throw new Error(`nothing consumes ${schema.typeName}`);
  const agregado = { tipo: 'reserva', id: 'res_1', versao: 4 };
  const meta = { id: 'evt_1', subject: 'x', agregado, ocorridoEm: EM, entrega: 1 };
  return Promise.resolve(one.handle(create(schema, init), meta));
}

describe('a reservation that is to be charged', () => {
  const consumers = () =>
    reservasConsumer({
      criarCobranca: handler('criar'),
      usarCreditos: handler('usar'),
      encerrarCobranca: handler('encerrar'),
    });
  const quando = timestampFromDate(EM);
  const reserva = {
    ...{
      ...ids,
      valor: { centavos: 10_000n, moeda: 'BRL' },
      espacoNome: 'Sala Azul',
      fusoHorario: 'America/Sao_Paulo',
    },
    ...{ dataInicio: quando, expiraEm: quando },
  };
  const pedido = { ...ids, valor, expiraEm: EM, causa: 'evento:evt_1' };

  it.each([true, false])('is charged as it says, credit kept: %s', async (guardarCreditos) => {
    await deliver(consumers(), ReservaCriadaSchema, { ...reserva, guardarCreditos });
    expect(done).toMatchObject([['criar', { ...pedido, guardarCreditos }]]);
  });

  it.each([
    ['as it is described', 'Sala Azul, 24/11', 'Sala Azul, 24/11'],
    ['by its space when an older release describes nothing', '', 'Reserva de Sala Azul'],
  ])('is named %s', async (_, descricao, dita) => {
    for (const schema of [ReservaCriadaSchema, ReservaAceitaSchema])
      await deliver(consumers(), schema, { ...reserva, descricao });
    expect(done).toMatchObject([
      ['criar', { descricao: dita }],
      ['usar', { descricao: dita }],
    ]);
  });

  it('is paid by credit once it is accepted', async () => {
    await deliver(consumers(), ReservaAceitaSchema, reserva);
    expect(done).toMatchObject([['usar', pedido]]);
  });

  it('has its charge closed when it expires', async () => {
    await deliver(consumers(), EncerrarCobrancaSchema, ids);
    const comando = { ...ids, motivo: 'RESERVA_EXPIRANDO', pedido: 4, causa: 'evento:evt_1' };
    expect(done).toEqual([['encerrar', comando]]);
  });

  it.each<[string, DomainError | undefined, boolean]>([
    ['charged', undefined, true],
    ['left to the queues while Stripe is away', new ProvedorIndisponivelError('pag_1', new Error('x')), true],
    ['over before it was charged', new CobrancaEncerradaError('pag_1'), true],
    ['another one than was charged', new CobrancaDivergenteError('pag_1'), false],
  ])('is %s', async (_, motivo, feito) => {
    recusa = motivo;
    for (const schema of [ReservaCriadaSchema, ReservaAceitaSchema]) {
      const entregue = deliver(consumers(), schema, reserva);
      if (feito) await expect(entregue).resolves.toBeUndefined();
      else await expect(entregue).rejects.toMatchObject(dead('res_1: COBRANCA_DIVERGENTE'));
    }
  });

  it.each(['valor', 'expiraEm'] as const)('goes to the dead letters without its %s', async (campo) => {
    const { [campo]: _, ...resto } = reserva;
    const entregue = deliver(consumers(), ReservaCriadaSchema, resto);
    await expect(entregue).rejects.toMatchObject(dead('res_1: asks for a charge without amount or end'));
    expect(done).toEqual([]);
  });
});

describe('a reservation that is cancelled', () => {
  const consumer = () => cancelamentoConsumer(handler('atender') as never);
  const comando = { ...ids, motivo: 'RESERVA_CANCELADA', pedido: 4, em: EM, causa: 'evento:evt_1' };
  const brl = (centavos: bigint) => ({ centavos, moeda: 'BRL' });

  it.each<[string, object, object]>([
    ['gives nothing', {}, { bonus: undefined, reembolso: undefined }],
    [
      'gives nothing by zeros',
      { creditoBonus: brl(0n), reembolso: brl(0n) },
      { bonus: undefined, reembolso: undefined },
    ],
    ['gives a bonus', { creditoBonus: brl(1n) }, { bonus: Dinheiro.deCentavos(1n), reembolso: undefined }],
    ['gives money back', { reembolso: brl(1n) }, { bonus: undefined, reembolso: Dinheiro.deCentavos(1n) }],
    [
      'asks for what cannot be',
      { reembolso: brl(-1n) },
      { bonus: undefined, reembolso: Dinheiro.deCentavos(-1n) },
    ],
  ])('%s', async (_, evento, pedido) => {
    await deliver(consumer(), ReservaCanceladaSchema, { ...ids, motivo: 'Choveu', ...evento });
    expect(done).toEqual([['atender', { ...comando, ...pedido }]]);
  });

  it.each<[string, object]>([
    ['-1 BRL', brl(-1n)],
    ['1 USD', { centavos: 1n, moeda: 'USD' }],
  ])('goes to the dead letters with a bonus of %s', async (texto, creditoBonus) => {
    const entregue = deliver(consumer(), ReservaCanceladaSchema, { ...ids, creditoBonus });
    await expect(entregue).rejects.toMatchObject(dead(`res_1: bonus of ${texto}`));
    expect(done).toEqual([]);
  });

  it('goes to the dead letters when it is refused', async () => {
    recusa = new ValorInvalidoError(valor);
    const entregue = deliver(consumer(), ReservaCanceladaSchema, ids);
    await expect(entregue).rejects.toMatchObject(dead('res_1: VALOR_INVALIDO'));
  });
});

describe('what a cancellation does', () => {
  const atender = (pedido: object) => {
    const atendimento = new AtenderCancelamentoHandler({
      creditos: {
        conceder: async (...dados) => {
          done.push(['conceder', ...dados]);
          return true;
        },
      },
      solicitarEstorno: handler('estornar'),
      encerrarCobranca: { execute: async (command) => void done.push(['encerrar', command]) },
      recusas: { anunciar: async (recusada) => void done.push(['anunciar', recusada]) },
    });
    const base = {
      ...ids,
      motivo: 'x',
      pedido: 4,
      em: EM,
      causa: 'c',
      bonus: undefined,
      reembolso: undefined,
    };
    return atendimento.execute({ ...base, ...pedido });
  };
  const encerrar = ['encerrar', { ...ids, motivo: 'RESERVA_CANCELADA', pedido: 4, causa: 'c' }];
  const estornar = [
    'estornar',
    { reservaId: 'res_1', origem: 'CANCELAMENTO', valor, motivo: 'x', causa: 'c' },
  ];

  it('closes the charge where no money goes back', async () => {
    expect(await atender({})).toMatchObject({ isSuccess: true });
    expect(done).toEqual([encerrar]);
  });

  it('gives the bonus first, and closes nothing where money goes back', async () => {
    expect(await atender({ bonus: valor, reembolso: valor })).toMatchObject({ isSuccess: true });
    expect(done).toEqual([['conceder', 'cli_1', valor, 'bonus:res_1', EM], estornar]);
  });

  it('closes the charge where nobody has paid', async () => {
    recusa = new TransicaoInvalidaError('pag_1', 'PENDENTE');
    expect(await atender({ reembolso: valor })).toMatchObject({ isSuccess: true });
    expect(done).toEqual([estornar, encerrar]);
  });

  it('says so where a refund is refused', async () => {
    recusa = new ValorInvalidoError(valor);
    expect(await atender({ reembolso: valor })).toMatchObject({ isFailure: true, error: recusa });
    expect(done).toEqual([estornar, ['anunciar', { ...ids, motivo: 'VALOR_INVALIDO', pedido: 4, em: EM }]]);
  });
});

describe('what becomes of captured money', () => {
  it('goes back when no reservation takes it', async () => {
    const consumer = () => [
      naoAproveitadoConsumer(handler('estornar') as unknown as SolicitarEstornoHandler),
    ];
    const evento = { pagamentoId: 'pag_1', codigo: 'SLOT_OCUPADO' };
    await deliver(consumer(), PagamentoNaoAproveitadoSchema, evento);
    const pedido = { pagamentoId: 'pag_1', motivo: 'SLOT_OCUPADO', valor: undefined };
    const comando = { ...pedido, origem: 'NAO_APROVEITADO', causa: 'evento:evt_1' };
    expect(done).toEqual([['estornar', comando]]);
    recusa = new TransicaoInvalidaError('pag_1', 'PENDENTE');
    const recusado = deliver(consumer(), PagamentoNaoAproveitadoSchema, evento);
    await expect(recusado).rejects.toMatchObject(dead('pag_1: TRANSICAO_INVALIDA'));
  });

  it('is noted when a reservation takes it', async () => {
    const registrar = async ({ pagamentoId }: { pagamentoId: string }, em: Date) =>
      void done.push([pagamentoId, em]);
    const consumers = desfechosConsumer({ registrar });
    await deliver(consumers, ReservaConfirmadaSchema, { reservaId: 'res_1', pagamentoId: 'pag_1' });
    await deliver(consumers, PagamentoAproveitadoSchema, { reservaId: 'res_1', pagamentoId: 'pag_2' });
    expect(done).toEqual([
      ['pag_1', EM],
      ['pag_2', EM],
    ]);
  });
});
