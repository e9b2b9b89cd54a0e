import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import fc from 'fast-check';
import { type NoticiaDeDisputa, seguirDisputa } from '../../estornos/domain/disputa.ts';
import { recusarEstorno, seguirEstorno, solicitarEstorno } from '../../estornos/domain/estorno.ts';
import {
  creditosRetidos,
  statusDe,
  totalComprometido,
  totalEstornado,
  totalPago,
  valorNoCartao,
} from '../../pagamento/domain/contas.ts';
import type { OrigemEstorno, PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { movimentoDeCredito } from '../../pagamento/domain/movimento-de-credito.ts';
import {
  type Cobranca,
  type CobrancaAprovada,
  type EstadoPagamento,
  fold,
} from '../../pagamento/domain/pagamento.ts';
import { aprovar } from './captura.ts';
import { abrirCheckout, criarCobranca, expirarSessao } from './cobranca.ts';
import { solicitarEncerramento } from './encerramento.ts';

const T0 = new Date('2026-11-24T12:00:00Z');
const centavos = (valor: number | bigint) => Dinheiro.deCentavos(valor);
const PEDIDO = { reservaId: 'res_1', clienteId: 'cli_1', descricao: 'Sala', expiraEm: T0 };
const VALOR = centavos(10_000);

type Historia = readonly PagamentoEvent[];
type Decisao = (estado: EstadoPagamento) => Historia;

function cobrada(creditos: number, valor = VALOR): Historia {
  const decidido = criarCobranca(fold([]), 'pag_1', { ...PEDIDO, valor }, T0, centavos(creditos));
  if (decidido.isFailure) throw decidido.error;
  return decidido.value;
}

/** Everything that may happen to a charge; what is refused changes nothing. */
function depois(historia: Historia, ...decisoes: Decisao[]): Historia {
  const eventos = [...historia];
  for (const decidir of decisoes) eventos.push(...decidir(fold(eventos)));
  return eventos;
}

const abrir: Decisao = (estado) =>
  abrirCheckout(estado, 1, { sessaoId: 'cs_1', url: 'https://c', expiraEm: T0 }, T0);
const expirar: Decisao = (estado) => expirarSessao(estado, 'cs_1', T0);
const encerrar: Decisao = (estado) => {
  const pedido = { ...PEDIDO, motivo: 'RESERVA_EXPIRANDO', pedido: 3 } as const;
  return solicitarEncerramento(estado, 'pag_1', pedido, T0);
};
const pagar: Decisao = (estado) => {
  const valor = valorNoCartao(estado as Cobranca);
  const decidido = aprovar(estado, { pagamentoId: 'pag_1', intencaoId: 'pi_1', valor }, T0);
  return decidido.isSuccess ? decidido.value : [];
};
const DISPUTA: NoticiaDeDisputa = {
  disputaId: 'dp_1',
  motivo: 'fraudulent',
  valor: VALOR,
  situacao: 'ABERTA',
  resultado: '',
};
const disputar: Decisao = (estado) => seguirDisputa(estado, DISPUTA, T0);
const devolver =
  (valor?: number, origem: OrigemEstorno = 'ADMIN'): Decisao =>
  (estado) => {
    const pedido = { origem, valor: valor === undefined ? undefined : centavos(valor), motivo: 'cortesia' };
    const decidido = solicitarEstorno(estado, { pagamentoId: 'pag_1', ...pedido }, T0);
    return decidido.isSuccess ? decidido.value : [];
  };
const concluir =
  (numero: number, situacao: 'CONCLUIDO' | 'FALHOU' = 'CONCLUIDO'): Decisao =>
  (estado) =>
    seguirEstorno(estado, { refundId: `re_${numero}`, numero, valor: VALOR, situacao, motivo: '' }, T0);
const recusar =
  (numero: number): Decisao =>
  (estado) =>
    recusarEstorno(estado, numero, 'declined', T0);

const status = (historia: Historia) => statusDe(fold(historia) as Cobranca);

describe('a payment of R$ 30.00 credit and R$ 70.00 by card', () => {
  const paga = depois(cobrada(3_000), abrir, pagar);

  it('is refunded in its proportion, credit at once and the card by the provider', () => {
    expect(depois(paga, devolver(5_000, 'CANCELAMENTO')).slice(paga.length)).toMatchObject([
      {
        tipo: 'EstornoSolicitado',
        numero: 1,
        meio: 'CREDITO',
        valor: centavos(1_500),
        origem: 'CANCELAMENTO',
      },
      { tipo: 'EstornoConcluido', numero: 1, valor: centavos(1_500) },
      {
        tipo: 'EstornoSolicitado',
        numero: 2,
        meio: 'CARTAO',
        valor: centavos(3_500),
        origem: 'CANCELAMENTO',
      },
    ]);
  });

  it('is refunded once however often the cancellation is told', () => {
    const devolvida = depois(paga, devolver(5_000, 'CANCELAMENTO'));
    expect(depois(devolvida, devolver(5_000, 'CANCELAMENTO'))).toEqual(devolvida);
  });

  it('shows the refund under way until the card has its money', () => {
    const tudo = depois(paga, devolver());
    expect(status(tudo)).toBe('ESTORNO_PENDENTE');
    expect(status(depois(tudo, concluir(2)))).toBe('ESTORNADO');
  });

  it('keeps the credit given back when the card refuses its part, which can be tried again', () => {
    const recusada = depois(paga, devolver(), recusar(2));
    expect(status(recusada)).toBe('ESTORNADO_PARCIAL');
    expect(depois(recusada, devolver()).at(-1)).toMatchObject({
      numero: 3,
      meio: 'CARTAO',
      valor: centavos(7_000),
    });
  });

  it('makes up for a half that the card refused by the card alone', () => {
    const recusada = depois(paga, devolver(5_000), recusar(2), devolver(3_500));
    expect(recusada.at(-1)).toMatchObject({ numero: 3, meio: 'CARTAO', valor: centavos(3_500) });
    expect(recusada).toHaveLength(paga.length + 5);
  });

  it('gives the credit of a cancellation back while the card is disputed', () => {
    const disputada = depois(paga, disputar, devolver(undefined, 'CANCELAMENTO'));
    expect(disputada.map(({ tipo }) => tipo).slice(-3)).toEqual([
      'EstornoSolicitado',
      'EstornoConcluido',
      'EstornoSolicitado',
    ]);
    expect(depois(paga, disputar, devolver())).toHaveLength(paga.length + 1);
  });

  it('does not take what the provider says of one part for the other', () => {
    const tudo = depois(paga, devolver());
    expect(depois(tudo, concluir(1, 'FALHOU'))).toEqual(tudo);
  });
});

describe('a payment by credit alone', () => {
  const paga = cobrada(10_000);

  it('is approved at once and refunded at once', () => {
    expect(status(paga)).toBe('APROVADO');
    const metade = depois(paga, devolver(5_000));
    expect(status(metade)).toBe('ESTORNADO_PARCIAL');
    expect(status(depois(metade, devolver()))).toBe('ESTORNADO');
  });

  it('is neither closed nor paid a second time', () => {
    expect(depois(paga, expirar, pagar)).toEqual(paga);
    expect(depois(paga, encerrar).at(-1)).toMatchObject({ tipo: 'EncerramentoRespondido' });
  });
});

describe('a charge that is closed', () => {
  it('gives its credit back once, and late money too', () => {
    const fechada = depois(cobrada(3_000), abrir, expirar);
    expect(creditosRetidos(fold(fechada) as Cobranca)).toBe(0n);
    const tardia = depois(fechada, pagar);
    expect(tardia.at(-1)).toMatchObject({
      tipo: 'EstornoSolicitado',
      meio: 'CARTAO',
      valor: centavos(7_000),
    });
    expect(status(depois(tardia, concluir(1)))).toBe('ESTORNADO');
    expect(depois(tardia, encerrar).at(-1)).toMatchObject({ tipo: 'EncerramentoRespondido' });
  });
});

describe('any history of a charge', () => {
  const estorno = fc.integer({ min: 1, max: 4 });
  const passo = fc.oneof(
    fc.constantFrom(abrir, expirar, encerrar, pagar, disputar, devolver()),
    fc.integer({ min: 1, max: 12_000 }).map((valor) => devolver(valor)),
    fc.integer({ min: 1, max: 12_000 }).map((valor) => devolver(valor, 'CANCELAMENTO')),
    estorno.map((numero) => concluir(numero)),
    estorno.map((numero) => concluir(numero, 'FALHOU')),
    estorno.map(recusar),
  );
  const inicio = fc
    .record({ valor: fc.integer({ min: 50, max: 10_000 }), percentual: fc.integer({ min: 0, max: 120 }) })
    .map(({ valor, percentual }) => cobrada(Math.floor((valor * percentual) / 100), centavos(valor)));
  const comecos = fc.oneof(
    inicio,
    inicio.map((historia) => depois(historia, abrir, pagar)),
  );
  const passos = fc.array(passo, { maxLength: 30, size: 'max' });

  it('moves exactly the credit that it says it keeps', () => {
    fc.assert(
      fc.property(comecos, passos, (comeco, seguintes) => {
        const historia = depois(comeco, ...seguintes);
        const cobranca = fold(historia) as Cobranca;
        let retidos = 0n;
        for (const evento of historia) {
          const movimento = movimentoDeCredito(cobranca, evento);
          if (movimento?.tipo === 'CREDITO_USADO') retidos += movimento.valor.centavos;
          if (movimento?.tipo === 'CREDITO_DEVOLVIDO') retidos -= movimento.valor.centavos;
        }
        expect(retidos).toBe(creditosRetidos(cobranca));
        expect(retidos).toBeGreaterThanOrEqual(0n);
      }),
    );
  });

  it('never gives back more of a part than came in by it', () => {
    let dosDois = 0;
    fc.assert(
      fc.property(comecos, passos, (comeco, seguintes) => {
        const cobranca = fold(depois(comeco, ...seguintes)) as Cobranca;
        if (cobranca.fase !== 'APROVADO') return;
        const { aprovacao }: CobrancaAprovada = cobranca;
        expect(totalComprometido(cobranca, 'CREDITO')).toBeLessThanOrEqual(aprovacao.creditos.centavos);
        expect(totalComprometido(cobranca, 'CARTAO')).toBeLessThanOrEqual(aprovacao.valor.centavos);
        expect(totalEstornado(cobranca)).toBeLessThanOrEqual(totalPago(cobranca));
        if (totalComprometido(cobranca, 'CREDITO') > 0n && totalComprometido(cobranca, 'CARTAO') > 0n)
          dosDois += 1;
      }),
    );
    expect(dosDois).toBeGreaterThan(3);
  });
});
