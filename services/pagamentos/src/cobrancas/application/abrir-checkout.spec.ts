import { beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { ProviderAwayError } from '@plataforma/domain/work-queue';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { ABERTO, CRIADA, SOLICITADO, VALOR } from '../../../test/cobrancas/given.ts';
import { InMemoryUnitOfWork, script } from '../../../test/in-memory.ts';
import { GatewayError } from '../../pagamento/application/gateway-error.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { AbrirCheckoutHandler } from './abrir-checkout.ts';
import type { SessaoAberta } from './ports.ts';

const AGORA = new Date('2026-11-24T12:00:00Z');
const SESSAO: SessaoAberta = { sessaoId: 'cs_1', url: 'https://c', expiraEm: AGORA };
const PEDIDOS: PagamentoEvent = { tipo: 'CreditosPedidos', em: AGORA };
const FECHADO: PagamentoEvent = { tipo: 'CheckoutFechado', sessaoId: 'cs_1', em: AGORA };

let pagamentos: InMemoryUnitOfWork;
let clock: FixedClock;
let falhas: unknown[][];

beforeEach(() => {
  pagamentos = new InMemoryUnitOfWork().given('pag_1', CRIADA, SOLICITADO);
  clock = new FixedClock(AGORA.toISOString());
  falhas = [];
});

function abertura(...respostas: unknown[]) {
  const { asked, method } = script({ abrirCheckout: respostas });
  const abrir = new AbrirCheckoutHandler({
    uow: pagamentos,
    gateway: {
      abrirCheckout: method('abrirCheckout'),
      consultarSessao: method('consultarSessao'),
      encerrarSessao: method('encerrarSessao'),
    },
    clock,
    observador: { checkoutFalhou: (...falha) => void falhas.push(falha), encerramentoFalhou: () => {} },
  });
  const versionado = () => pagamentos.run((tx) => tx.pagamentos.findById('pag_1'));
  return { abrir, asked, versionado };
}

const fora = new ProviderAwayError('away');
const perdida = new GatewayError('TENTATIVA_PERDIDA', 'lost');

describe('opening a checkout', () => {
  const PEDIDO = { pagamentoId: 'pag_1', reservaId: 'res_1', clienteId: 'cli_1', tentativa: 1, valor: VALOR };

  it('asks for what is on record, and puts the answer on record', async () => {
    const { abrir, asked } = abertura(SESSAO);
    const aberto = await abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc' });
    expect(asked).toEqual([
      ['abrirCheckout', { ...PEDIDO, descricao: 'Sala Azul', expiraEm: SOLICITADO.expiraEm }],
    ]);
    expect(aberto).toMatchObject({ isSuccess: true, value: { versao: 3, estado: { checkout: SESSAO } } });
    expect([pagamentos.causes, falhas]).toEqual([['rpc'], []]);
  });

  it('reads nothing when the caller has just seen the payment', async () => {
    const { abrir, versionado } = abertura(SESSAO);
    const conhecido = await versionado();
    expect(await abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc', conhecido })).toMatchObject({
      value: { versao: 3 },
    });
  });

  it.each<[string, PagamentoEvent[]]>([
    ['has one', [CRIADA, SOLICITADO, ABERTO]],
    ['has never been asked for', [CRIADA]],
    ['is over', [CRIADA, SOLICITADO, { tipo: 'CobrancaCancelada', motivo: 'PRAZO_ESGOTADO', em: AGORA }]],
  ])('asks for nothing when the charge %s', async (_, eventos) => {
    pagamentos = new InMemoryUnitOfWork().given('pag_1', ...eventos);
    const { abrir, asked } = abertura();
    expect(await abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc' })).toMatchObject({
      value: { versao: eventos.length },
    });
    expect([asked, pagamentos.causes]).toEqual([[], []]);
  });

  it('closes the charge instead once its hold is over', async () => {
    clock.advance(CRIADA.expiraEm.getTime() - AGORA.getTime());
    const { abrir, asked } = abertura();
    await abrir.execute({ pagamentoId: 'pag_1', causa: 'varredura' });
    expect(asked).toEqual([]);
    expect(pagamentos.estado('pag_1')).toMatchObject({ fase: 'CANCELADO', motivo: 'PRAZO_ESGOTADO' });
  });

  it('is one call for all who ask at the same time, and another one later', async () => {
    const { abrir, asked } = abertura(SESSAO);
    const [um, outro] = await Promise.all([
      abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc' }),
      abrir.execute({ pagamentoId: 'pag_1', causa: 'evento' }),
    ]);
    expect(um).toBe(outro);
    expect(asked).toHaveLength(1);
    expect(await abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc' })).not.toBe(um);
  });

  it('decides again on what is stored when what the caller saw is out of date', async () => {
    const { abrir, versionado } = abertura(SESSAO);
    const conhecido = await versionado();
    pagamentos.given('pag_1', { tipo: 'CartaoRecusado', recusaId: 'ch_1', codigo: 'x', em: AGORA });
    expect(await abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc', conhecido })).toMatchObject({
      value: { versao: 4 },
    });
    expect(pagamentos.since('pag_1', 2)).toEqual(['CartaoRecusado', 'CheckoutAberto']);
  });
});

describe('a checkout that the provider does not open', () => {
  it.each<[string, Error]>([
    ['away', fora],
    ['sure', new GatewayError('RECUSADO', 'no')],
  ])('is told, and asked for no more when it is %s', async (_, falha) => {
    const { abrir, asked } = abertura(falha);
    const recusa = { isFailure: true, error: { motivo: 'PROVEDOR_INDISPONIVEL', cause: falha } };
    expect(await abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc' })).toMatchObject(recusa);
    expect(falhas).toEqual([['pag_1', falha]]);
    expect([asked.length, pagamentos.causes]).toEqual([1, []]);
  });

  it('is not hidden when the defect is ours', async () => {
    const defeito = new TypeError('x');
    await expect(abertura(defeito).abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc' })).rejects.toBe(
      defeito,
    );
    expect(falhas).toEqual([]);
  });

  it('is asked for anew after a lost attempt, under a number of its own', async () => {
    const { abrir, asked } = abertura(perdida, SESSAO);
    await abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc' });
    expect(asked).toMatchObject([
      ['abrirCheckout', { tentativa: 1 }],
      ['abrirCheckout', { tentativa: 2 }],
    ]);
    expect(pagamentos.since('pag_1', 2)).toEqual(['CheckoutSolicitado', 'CheckoutAberto']);
    expect(falhas).toEqual([['pag_1', perdida]]);
  });

  it('is given up for now after three lost attempts', async () => {
    const { abrir, asked } = abertura(perdida, perdida, perdida, SESSAO);
    expect(await abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc' })).toMatchObject({ isFailure: true });
    expect([asked.length, falhas.length]).toEqual([3, 3]);
  });
});

describe('credit that was asked for', () => {
  const esperando = () =>
    new InMemoryUnitOfWork().given('pag_1', CRIADA, SOLICITADO, ABERTO, PEDIDOS, FECHADO);

  it('pays first, and the card the rest', async () => {
    pagamentos = esperando();
    pagamentos.disponivel = Dinheiro.deCentavos(3_000n);
    const { abrir, asked } = abertura(SESSAO);
    await abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc' });
    expect(pagamentos.since('pag_1', 5)).toEqual(['CreditosUsados', 'CheckoutSolicitado', 'CheckoutAberto']);
    expect(asked).toMatchObject([['abrirCheckout', { tentativa: 2, valor: Dinheiro.deCentavos(7_000n) }]]);
  });

  it('leaves nothing to ask for when it pays everything', async () => {
    pagamentos = esperando();
    pagamentos.disponivel = VALOR;
    const { abrir, asked } = abertura();
    expect(await abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc' })).toMatchObject({
      value: { estado: { fase: 'APROVADO' } },
    });
    expect(asked).toEqual([]);
  });

  it('is not looked for where nobody has asked for it', async () => {
    pagamentos.disponivel = VALOR;
    await abertura(SESSAO).abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc' });
    expect(pagamentos.since('pag_1', 2)).toEqual(['CheckoutAberto']);
  });

  it('is used although another transaction was faster', async () => {
    pagamentos = esperando();
    pagamentos.disponivel = VALOR;
    pagamentos.rivals.push([{ tipo: 'CartaoRecusado', recusaId: 'ch_1', codigo: 'x', em: AGORA }]);
    await abertura().abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc' });
    expect(pagamentos.since('pag_1', 5)).toEqual(['CartaoRecusado', 'CreditosUsados', 'PagamentoAprovado']);
  });

  it('that was used meanwhile gets a checkout that asks for less', async () => {
    const usados: PagamentoEvent = {
      tipo: 'CreditosUsados',
      creditos: Dinheiro.deCentavos(3_000n),
      em: AGORA,
    };
    pagamentos.rivals.push([usados, { ...SOLICITADO, tentativa: 2 }]);
    const { abrir, asked } = abertura(SESSAO, { ...SESSAO, sessaoId: 'cs_2' });
    await abrir.execute({ pagamentoId: 'pag_1', causa: 'rpc' });
    expect(asked).toMatchObject([
      ['abrirCheckout', { tentativa: 1, valor: VALOR }],
      ['abrirCheckout', { tentativa: 2, valor: Dinheiro.deCentavos(7_000n) }],
    ]);
    expect(pagamentos.estado('pag_1').checkout?.sessaoId).toBe('cs_2');
  });
});
