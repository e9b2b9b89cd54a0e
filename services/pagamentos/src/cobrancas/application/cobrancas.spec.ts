import { beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { Result } from '@plataforma/domain/result';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { SequentialIds } from '@plataforma/testing/sequential-ids';
import { ABERTO, CRIADA, PEDIDO, RECUSADO, SOLICITADO, T0, VALOR } from '../../../test/cobrancas/given.ts';
import { InMemoryUnitOfWork } from '../../../test/in-memory.ts';
import type { ConsultaDePagamentos } from '../../pagamento/application/ports.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { ProvedorIndisponivelError } from '../../pagamento/domain/recusa.ts';
import type { AbrirCheckoutCommand, AbrirCheckoutHandler } from './abrir-checkout.ts';
import { CriarCobrancaHandler } from './criar-cobranca.ts';
import { EncerrarCobrancaHandler } from './encerrar-cobranca.ts';
import { UsarCreditosHandler } from './usar-creditos.ts';

const fechado: PagamentoEvent = { tipo: 'CheckoutFechado', sessaoId: 'cs_1', em: T0 };
const usados = (centavos: number): PagamentoEvent => ({
  ...{ tipo: 'CreditosUsados', creditos: Dinheiro.deCentavos(centavos), em: T0 },
});

let pagamentos: InMemoryUnitOfWork;
let porReserva: Map<string, string>;
let chamados: string[];

beforeEach(() => {
  pagamentos = new InMemoryUnitOfWork();
  porReserva = new Map();
  chamados = [];
});

const versionado = (id: string) => pagamentos.run((tx) => tx.pagamentos.findById(id));
const clock = new FixedClock(T0.toISOString());

const consulta: ConsultaDePagamentos = {
  findById: async () => undefined,
  idPorReserva: async (reservaId) => porReserva.get(reservaId),
  porReserva: async (reservaId) => {
    const id = porReserva.get(reservaId);
    return id === undefined ? undefined : versionado(id);
  },
  idPorIntencao: async () => undefined,
  listarEventos: async () => [],
};

/** @param abre what happens while a checkout is opened, call by call; undefined: the provider is away */
function abertura(...abre: Array<readonly PagamentoEvent[] | undefined>) {
  const execute = async ({ pagamentoId: id }: AbrirCheckoutCommand) => {
    chamados.push(`abrir ${id}`);
    const eventos = abre.shift();
    if (!eventos) return Result.fail(new ProvedorIndisponivelError(id, new Error('away')));
    return Result.ok(await versionado(pagamentos.given(id, ...eventos) && id));
  };
  return { execute } as unknown as AbrirCheckoutHandler;
}

function criacao(abrirCheckout = abertura([ABERTO])) {
  const ids = new SequentialIds();
  return new CriarCobrancaHandler({ uow: pagamentos, consulta, ids, clock, abrirCheckout });
}

describe('a charge that is asked for', () => {
  const cobrar = (mudanca: object = {}, handler = criacao()) =>
    handler.execute({ ...PEDIDO, guardarCreditos: false, causa: 'rpc', ...mudanca });

  it('uses the credit of its customer, unless they keep it', async () => {
    pagamentos.disponivel = Dinheiro.deCentavos(3_000n);
    expect(await cobrar()).toMatchObject({ value: { creditos: Dinheiro.deCentavos(3_000n), valor: VALOR } });
    expect(await cobrar({ guardarCreditos: true })).toMatchObject({ value: { creditos: Dinheiro.zero() } });
    expect(pagamentos.causes).toEqual(['rpc', 'rpc']);
  });

  it('is made once, and answered as it is', async () => {
    pagamentos.given('pag_1', CRIADA, SOLICITADO);
    porReserva.set('res_1', 'pag_1');
    expect(await cobrar()).toMatchObject({
      value: { id: 'pag_1', checkoutUrl: 'https://checkout.test/cs_1' },
    });
    expect([...pagamentos.streams.keys()]).toEqual(['pag_1']);
    const outra = await cobrar({ valor: Dinheiro.deCentavos(1_000n) });
    expect(outra).toMatchObject({ error: { motivo: 'COBRANCA_DIVERGENTE' } });
    expect(chamados).toEqual(['abrir pag_1']);
  });

  it('is refused when no card can pay it', async () => {
    expect(await cobrar({ valor: Dinheiro.deCentavos(49n) })).toMatchObject({
      error: { motivo: 'VALOR_INVALIDO' },
    });
    expect([pagamentos.streams.size, chamados]).toEqual([0, []]);
  });

  it('is a defect where nothing is left of it', async () => {
    const execute = async () => Result.ok(await versionado('pag_nenhum'));
    const cobrada = cobrar({}, criacao({ execute } as unknown as AbrirCheckoutHandler));
    await expect(cobrada).rejects.toThrow(/^payment pag_\S+ has been charged and does not exist$/);
  });

  it('stays on record while the provider is away', async () => {
    const recusa = { error: { motivo: 'PROVEDOR_INDISPONIVEL' } };
    expect(await cobrar({}, criacao(abertura(undefined)))).toMatchObject(recusa);
    expect(pagamentos.streams.size).toBe(1);
  });
});

describe('a charge that is to be closed', () => {
  const encerrar = () => {
    const handler = new EncerrarCobrancaHandler({
      uow: pagamentos,
      consulta,
      ids: new SequentialIds(),
      clock,
    });
    const pedido = {
      reservaId: 'res_1',
      clienteId: 'cli_1',
      motivo: 'RESERVA_EXPIRANDO',
      pedido: 2,
    } as const;
    return handler.execute({ ...pedido, causa: 'evento' });
  };

  it('is the one of its reservation', async () => {
    pagamentos.given('pag_x', CRIADA, SOLICITADO, ABERTO).rivals.push([RECUSADO]);
    porReserva.set('res_1', 'pag_x');
    await encerrar();
    expect(pagamentos.since('pag_x', 3)).toEqual(['CartaoRecusado', 'EncerramentoSolicitado']);
    expect(pagamentos.causes).toEqual(['evento']);
  });

  it('is refused for ever when it was not asked for yet, under an identity that is free', async () => {
    const ids = new SequentialIds();
    const tomado = await ids.next('pag');
    const livre = await ids.next('pag');
    pagamentos.given(tomado, { ...CRIADA, reservaId: 'res_outra' }, SOLICITADO, ABERTO);
    await encerrar();
    expect(pagamentos.since(tomado, 3)).toEqual([]);
    expect(pagamentos.since(livre, 0)).toEqual(['CobrancaImpedida']);
  });
});

describe('credit that is to pay a charge', () => {
  /** @param conclui what happens when the open checkout is to be closed at once */
  function usar(abrirCheckout: AbrirCheckoutHandler, ...conclui: PagamentoEvent[][]) {
    const concluir = {
      concluirAgora: async (id: string) => {
        chamados.push(`concluir ${id}`);
        pagamentos.given(id, ...(conclui.shift() ?? []));
      },
    };
    const criarCobranca = {
      execute: async () => {
        chamados.push('criar');
        pagamentos.given('pag_1', CRIADA, SOLICITADO, ABERTO);
        return Result.ok({ id: 'pag_1' } as never);
      },
    };
    const handler = new UsarCreditosHandler({
      uow: pagamentos,
      consulta,
      criarCobranca,
      concluir,
      abrirCheckout,
      clock,
    });
    return handler.execute({ ...PEDIDO, causa: 'rpc' });
  }
  const comCobranca = () => {
    pagamentos.given('pag_1', CRIADA, SOLICITADO, ABERTO);
    porReserva.set('res_1', 'pag_1');
    pagamentos.disponivel = VALOR;
  };

  it('waits for the open checkout to be closed, and pays then', async () => {
    comCobranca();
    const paga: PagamentoEvent = { tipo: 'PagamentoAprovado', valor: Dinheiro.zero(), em: T0 };
    const usada = await usar(abertura([usados(10_000), paga]), [fechado]);
    expect(usada).toMatchObject({ value: { id: 'pag_1', status: 'APROVADO', creditos: VALOR } });
    expect(chamados).toEqual(['concluir pag_1', 'abrir pag_1']);
    expect(pagamentos.since('pag_1', 3)[0]).toBe('CreditosPedidos');
  });

  it('makes the charge when there is none', async () => {
    pagamentos.disponivel = VALOR;
    await usar(abertura([]), []);
    expect(chamados.slice(0, 2)).toEqual(['criar', 'concluir pag_1']);
  });

  it('closes nothing where there is none to use', async () => {
    comCobranca();
    pagamentos.disponivel = Dinheiro.zero();
    expect(await usar(abertura([]))).toMatchObject({ value: { status: 'PENDENTE' } });
    expect(chamados).toEqual(['abrir pag_1']);
  });

  it('leaves it to the queue when the checkout stays open', async () => {
    comCobranca();
    await usar(abertura([], []));
    expect(chamados).toEqual(['concluir pag_1', 'abrir pag_1']);
  });

  it('closes the checkout that another call has opened meanwhile, three at most', async () => {
    comCobranca();
    const outra = (n: number): PagamentoEvent => ({ ...ABERTO, sessaoId: `cs_${n}` }) as PagamentoEvent;
    await usar(
      abertura([outra(2)], [outra(3)], [outra(4)], [outra(5)]),
      [fechado],
      [fechado],
      [fechado],
      [fechado],
    );
    expect(chamados.filter((nome) => nome.startsWith('concluir'))).toHaveLength(3);
  });

  it('stays on record while the provider is away', async () => {
    comCobranca();
    expect(await usar(abertura(undefined), [fechado])).toMatchObject({
      error: { motivo: 'PROVEDOR_INDISPONIVEL' },
    });
    expect(pagamentos.since('pag_1', 3)).toEqual(['CreditosPedidos', 'CheckoutFechado']);
  });

  it('is refused for another charge than was made', async () => {
    comCobranca();
    pagamentos = new InMemoryUnitOfWork().given('pag_1', { ...CRIADA, clienteId: 'cli_2' }, SOLICITADO);
    expect(await usar(abertura())).toMatchObject({ error: { motivo: 'COBRANCA_DIVERGENTE' } });
    expect(chamados).toEqual([]);
  });

  it('is asked for again when another transaction was faster', async () => {
    comCobranca();
    pagamentos.rivals.push([RECUSADO]);
    await usar(abertura([]), []);
    expect(pagamentos.since('pag_1', 3)).toEqual(['CartaoRecusado', 'CreditosPedidos']);
  });
});
