import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { valorNoCartao } from '../../pagamento/domain/contas.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { movimentoDeCredito } from '../../pagamento/domain/movimento-de-credito.ts';
import { type Cobranca, type EstadoPagamento, fold } from '../../pagamento/domain/pagamento.ts';
import { aprovar } from './captura.ts';
import { abrirCheckout, criarCobranca, encerrarSemCheckout, expirarSessao } from './cobranca.ts';
import { solicitarEncerramento } from './encerramento.ts';
import { pedirCreditos, usarCreditos } from './uso-de-creditos.ts';

const T0 = new Date('2026-11-24T12:00:00Z');
const FIM = new Date('2026-11-24T12:30:00Z');
const centavos = (valor: number) => Dinheiro.deCentavos(valor);
const PEDIDO = {
  ...{ reservaId: 'res_1', clienteId: 'cli_1', descricao: 'Sala', expiraEm: FIM },
  valor: centavos(10_000),
};

type Historia = readonly PagamentoEvent[];
type Decisao = (estado: EstadoPagamento) => Historia;

function cobrada(): Historia {
  const decidido = criarCobranca(fold([]), 'pag_1', PEDIDO, T0);
  if (decidido.isFailure) throw decidido.error;
  return decidido.value;
}

function depois(historia: Historia, ...decisoes: Decisao[]): Historia {
  const eventos = [...historia];
  for (const decidir of decisoes) eventos.push(...decidir(fold(eventos)));
  return eventos;
}

const abrir =
  (tentativa: number): Decisao =>
  (estado) =>
    abrirCheckout(estado, tentativa, { sessaoId: `cs_${tentativa}`, url: 'https://c', expiraEm: FIM }, T0);
const expirar =
  (tentativa: number): Decisao =>
  (estado) =>
    expirarSessao(estado, `cs_${tentativa}`, T0);
const pedir =
  (disponivel: number, em = T0, pedido = PEDIDO): Decisao =>
  (estado) => {
    const decidido = pedirCreditos(estado as Cobranca, pedido, em, centavos(disponivel));
    return decidido.isSuccess ? decidido.value : [];
  };
const usar =
  (disponivel: number): Decisao =>
  (estado) =>
    usarCreditos(estado, T0, centavos(disponivel));
const pagarCartao =
  (valor: number): Decisao =>
  (estado) => {
    const captura = { pagamentoId: 'pag_1', intencaoId: 'pi_1', valor: centavos(valor) };
    const decidido = aprovar(estado, captura, T0);
    return decidido.isSuccess ? decidido.value : [];
  };
const encerrar: Decisao = (estado) =>
  solicitarEncerramento(estado, 'pag_1', { ...PEDIDO, motivo: 'RESERVA_EXPIRANDO', pedido: 3 }, T0);

const tipos = (historia: Historia) => historia.map(({ tipo }) => tipo);
const ABERTA = depois(cobrada(), abrir(1));

describe('credit that is asked for while the checkout is open', () => {
  it('is used only once the checkout is closed', () => {
    const pedida = depois(ABERTA, pedir(4_000), usar(4_000));
    expect(tipos(pedida).slice(3)).toEqual(['CreditosPedidos']);
    const usada = depois(pedida, expirar(1), usar(4_000), abrir(2));
    expect(tipos(usada).slice(4)).toEqual([
      'CheckoutFechado',
      'CreditosUsados',
      'CheckoutSolicitado',
      'CheckoutAberto',
    ]);
    expect(valorNoCartao(fold(usada) as Cobranca)).toEqual(centavos(6_000));
  });

  it('pays the charge at once when it is enough', () => {
    const historia = depois(ABERTA, pedir(12_000), expirar(1), usar(12_000));
    expect(tipos(historia).slice(4)).toEqual(['CheckoutFechado', 'CreditosUsados', 'PagamentoAprovado']);
    expect(fold(historia)).toMatchObject({ fase: 'APROVADO', aprovacao: { creditos: centavos(10_000) } });
  });

  it('is left alone when the card pays first', () => {
    const historia = depois(ABERTA, pedir(4_000), pagarCartao(10_000), expirar(1), usar(4_000));
    expect(tipos(historia).slice(3)).toEqual(['CreditosPedidos', 'PagamentoAprovado']);
    expect(
      historia.flatMap((evento) => movimentoDeCredito(fold(historia) as Cobranca, evento) ?? []),
    ).toEqual([]);
  });

  it('leaves the whole amount to the card when it was spent elsewhere meanwhile', () => {
    const historia = depois(ABERTA, pedir(4_000), expirar(1), usar(0), abrir(2));
    expect(valorNoCartao(fold(historia) as Cobranca)).toEqual(PEDIDO.valor);
    expect(tipos(depois(historia, pedir(4_000))).at(-1)).toBe('CreditosPedidos');
  });

  it('comes back when the charge is closed, whenever that is', () => {
    const usada = depois(ABERTA, pedir(4_000), expirar(1), usar(4_000));
    for (const historia of [
      depois(usada, encerrar),
      depois(usada, abrir(2), encerrar, expirar(2)),
      depois(usada, (estado) => encerrarSemCheckout(estado, FIM)),
    ]) {
      const movidos = historia.flatMap(
        (evento) => movimentoDeCredito(fold(historia) as Cobranca, evento) ?? [],
      );
      expect(movidos.map(({ tipo, valor }) => [tipo, valor.centavos])).toEqual([
        ['CREDITO_USADO', 4_000n],
        ['CREDITO_DEVOLVIDO', 4_000n],
      ]);
    }
  });

  it('does not keep a charge open that is to be closed', () => {
    const historia = depois(ABERTA, pedir(4_000), encerrar, expirar(1));
    expect(tipos(historia).slice(4)).toEqual(['EncerramentoSolicitado', 'CobrancaCancelada']);
  });
});

describe('credit that is asked for before there is a checkout', () => {
  it('makes the checkout that was being opened then one that is not announced', () => {
    const historia = depois(cobrada(), pedir(4_000), usar(4_000), abrir(1));
    expect(tipos(historia).slice(2)).toEqual(['CreditosPedidos', 'CreditosUsados', 'CheckoutSolicitado']);
    expect(tipos(depois(historia, abrir(2))).at(-1)).toBe('CheckoutAberto');
  });
});

describe('credit', () => {
  it.each([
    ['there is none', depois(ABERTA, pedir(0))],
    ['it leaves the card less than it can be charged with', depois(ABERTA, pedir(0))],
    ['the hold is over', depois(ABERTA, pedir(4_000, FIM))],
    ['another amount is meant', depois(ABERTA, pedir(4_000, T0, { ...PEDIDO, valor: centavos(9_000) }))],
    ['another customer is meant', depois(ABERTA, pedir(4_000, T0, { ...PEDIDO, clienteId: 'cli_2' }))],
    ['the charge is being closed', depois(ABERTA, encerrar, pedir(4_000)).slice(0, 3)],
  ])('is not asked for when %s', (_, historia) => {
    expect(historia).toEqual(ABERTA);
  });

  it('is asked for once', () => {
    const historia = depois(
      ABERTA,
      pedir(4_000),
      pedir(4_000),
      expirar(1),
      usar(4_000),
      pedir(9_000),
      usar(9_000),
    );
    expect(tipos(historia).filter((tipo) => tipo.startsWith('Creditos'))).toEqual([
      'CreditosPedidos',
      'CreditosUsados',
    ]);
  });
});

it('asks the card for the rest by a first attempt where nobody has asked it before', () => {
  const semTentativa = depois(cobrada().slice(0, 1), pedir(3_000), usar(3_000));
  expect(semTentativa.at(-1)).toMatchObject({ tipo: 'CheckoutSolicitado', tentativa: 1 });
});
