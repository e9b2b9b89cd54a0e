import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import fc from 'fast-check';
import { statusDe, totalComprometido, totalEstornado } from '../../pagamento/domain/contas.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { type Cobranca, fold } from '../../pagamento/domain/pagamento.ts';
import {
  devolverExcedente,
  type NoticiaDeEstorno,
  type PedidoDeEstorno,
  recusarEstorno,
  seguirEstorno,
  seguirEstornos,
  solicitarEstorno,
} from './estorno.ts';

const T0 = new Date('2026-11-24T12:00:00Z');
const reais = (valor: number) => Dinheiro.deCentavos(BigInt(valor * 100));
const CAPTURADO = reais(100);
const CRIADA: PagamentoEvent = {
  tipo: 'CobrancaCriada',
  pagamentoId: 'pag_1',
  reservaId: 'res_1',
  clienteId: 'cli_1',
  valor: CAPTURADO,
  creditos: Dinheiro.zero(),
  descricao: 'Sala',
  expiraEm: T0,
  em: T0,
};
const PAGA: readonly PagamentoEvent[] = [
  CRIADA,
  { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor: CAPTURADO, em: T0 },
];

function pedir(eventos: readonly PagamentoEvent[], pedido: Partial<PedidoDeEstorno> = {}) {
  const base = { pagamentoId: 'pag_1', origem: 'ADMIN', valor: undefined, motivo: 'cortesia' } as const;
  return solicitarEstorno(fold(eventos), { ...base, ...pedido }, T0);
}

/** The history after a request that must be granted. */
function pedido(eventos: readonly PagamentoEvent[], mudanca: Partial<PedidoDeEstorno> = {}) {
  const decidido = pedir(eventos, mudanca);
  if (decidido.isFailure) throw decidido.error;
  return [...eventos, ...decidido.value];
}

function noticia(situacao: NoticiaDeEstorno['situacao'], mudanca: Partial<NoticiaDeEstorno> = {}) {
  const base = { refundId: 're_1', numero: 1, valor: CAPTURADO, motivo: '' };
  return { ...base, situacao, ...mudanca };
}

function ouvir(eventos: readonly PagamentoEvent[], ...noticias: NoticiaDeEstorno[]): PagamentoEvent[] {
  const historia = [...eventos];
  for (const dita of noticias) historia.push(...seguirEstorno(fold(historia), dita, T0));
  return historia;
}

const status = (eventos: readonly PagamentoEvent[]) => statusDe(fold(eventos) as Cobranca);

describe('solicitarEstorno', () => {
  it('takes the same part again when the caller tells the two apart, or a minute has passed', () => {
    const aos = (segundos: number) => new Date(T0.getTime() + segundos * 1000);
    const antes = pedido(PAGA, { valor: reais(10) });
    const outra = (mudanca: Partial<PedidoDeEstorno>, em: Date, eventos = antes) => {
      const base = { pagamentoId: 'pag_1', origem: 'ADMIN', valor: reais(10), motivo: 'cortesia' } as const;
      const decidido = solicitarEstorno(fold(eventos), { ...base, ...mudanca }, em);
      return decidido.isSuccess ? 'ok' : decidido.error.motivo;
    };
    const falhou = [...antes, ...recusarEstorno(fold(antes), 1, 'declined', T0)];
    expect([
      outra({}, aos(59)),
      outra({ unico: true }, aos(59)),
      outra({ valor: reais(11) }, aos(59)),
      outra({}, aos(60)),
      outra({}, aos(59), falhou),
    ]).toEqual(['ESTORNO_REPETIDO', 'ok', 'ok', 'ok', 'ok']);
  });

  it('takes the same part of another origin at once, and one of an administrator after it', () => {
    const deAdmin = pedido(PAGA, { valor: reais(10) });
    const cancelada = pedido(deAdmin, { origem: 'CANCELAMENTO', valor: reais(10) });
    expect(cancelada.at(-1)).toMatchObject({ numero: 2, origem: 'CANCELAMENTO', valor: reais(10) });
    const semUso = pedido(PAGA, { origem: 'NAO_APROVEITADO', valor: reais(10) });
    expect(pedido(semUso, { valor: reais(10) }).at(-1)).toMatchObject({ numero: 2, origem: 'ADMIN' });
    // All that is left is no part.
    const tudo = pedir(pedido(PAGA, { valor: reais(50) }), { valor: undefined });
    expect(tudo).toMatchObject({ value: [{ numero: 2, valor: reais(50) }] });
  });

  it('takes credit and card of one request for one part', () => {
    const mista: readonly PagamentoEvent[] = [
      { ...CRIADA, creditos: reais(40) } as PagamentoEvent,
      { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor: reais(60), em: T0 },
    ];
    const antes = pedido(mista, { valor: reais(20) });
    expect(pedir(antes, { valor: reais(20) })).toMatchObject({ error: { motivo: 'ESTORNO_REPETIDO' } });
    expect(pedir(antes, { valor: reais(8) })).toMatchObject({ isSuccess: true });
  });

  it('waits for a dispute only when an administrator asks', () => {
    const disputada: readonly PagamentoEvent[] = [
      ...PAGA,
      { tipo: 'DisputaAberta', disputaId: 'dp_1', motivo: 'x', valor: CAPTURADO, em: T0 },
    ];
    expect(pedir(disputada)).toMatchObject({ error: { motivo: 'TRANSICAO_INVALIDA' } });
    expect(pedir(disputada, { origem: 'CANCELAMENTO' })).toMatchObject({ isSuccess: true });
  });

  it('takes all that is left when no amount is given', () => {
    const parcial = pedido(PAGA, { valor: reais(30) });
    expect(pedido(parcial).at(-1)).toMatchObject({ numero: 2, valor: reais(70), origem: 'ADMIN' });
  });

  it.each(['CANCELAMENTO', 'NAO_APROVEITADO'] as const)(
    'gives one refund when %s is told twice',
    (origem) => {
      const uma = pedido(PAGA, { origem, valor: reais(50) });
      expect(pedido(uma, { origem, valor: reais(50) })).toEqual(uma);
    },
  );

  it.each([
    [100, 70],
    [80, 70],
    [50, 50],
  ])('gives of a cancellation over %d what is left after 30 of 100 are back: %d', (reembolso, resta) => {
    const parcial = ouvir(PAGA, noticia('CONCLUIDO', { numero: undefined, valor: reais(30) }));
    const cancelada = pedido(parcial, { origem: 'CANCELAMENTO', valor: reais(reembolso) });
    expect(cancelada.at(-1)).toMatchObject({ numero: 2, valor: reais(resta), origem: 'CANCELAMENTO' });
    expect(pedido(cancelada, { origem: 'CANCELAMENTO', valor: reais(reembolso) })).toEqual(cancelada);
  });

  it('gives back what is left of each part when a cancellation asks for more', () => {
    const mista: readonly PagamentoEvent[] = [
      { ...CRIADA, creditos: reais(40) } as PagamentoEvent,
      { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor: reais(60), em: T0 },
    ];
    const parcial = ouvir(mista, noticia('CONCLUIDO', { numero: undefined, valor: reais(50) }));
    const cancelada = pedido(parcial, { origem: 'CANCELAMENTO', valor: reais(100) });
    expect(cancelada.slice(parcial.length)).toMatchObject([
      { tipo: 'EstornoSolicitado', meio: 'CREDITO', valor: reais(40) },
      { tipo: 'EstornoConcluido', valor: reais(40) },
      { tipo: 'EstornoSolicitado', meio: 'CARTAO', valor: reais(10) },
    ]);
  });

  it('has nothing to give to a cancellation when all is back, and never gives more than was paid', () => {
    const cancelar = (eventos: readonly PagamentoEvent[], valor: number) =>
      pedir(eventos, { origem: 'CANCELAMENTO', valor: reais(valor) });
    expect(cancelar(pedido(PAGA), 100)).toMatchObject({ error: { motivo: 'TRANSICAO_INVALIDA' } });
    const parcial = pedido(PAGA, { valor: reais(30) });
    expect(cancelar(parcial, 101)).toMatchObject({ error: { motivo: 'ESTORNO_ALEM_DO_CAPTURADO' } });
  });

  it('gives nothing more when everything is back already', () => {
    const tudo = pedido(PAGA);
    expect(pedido(tudo, { origem: 'NAO_APROVEITADO' })).toEqual(tudo);
  });

  it.each<[string, readonly PagamentoEvent[], Partial<PedidoDeEstorno>, string]>([
    ['nobody paid', [CRIADA], {}, 'TRANSICAO_INVALIDA'],
    ['there is no payment', [], {}, 'PAGAMENTO_NAO_ENCONTRADO'],
    ['it is more than was captured', PAGA, { valor: reais(100.01) }, 'ESTORNO_ALEM_DO_CAPTURADO'],
    [
      'the sum is more',
      pedido(PAGA, { valor: reais(60) }),
      { valor: reais(41) },
      'ESTORNO_ALEM_DO_CAPTURADO',
    ],
    ['nothing is left', pedido(PAGA), {}, 'TRANSICAO_INVALIDA'],
    ['the amount is zero', PAGA, { valor: Dinheiro.zero() }, 'VALOR_INVALIDO'],
    ['the amount is negative', PAGA, { valor: reais(-1) }, 'VALOR_INVALIDO'],
    ['the currency is another', PAGA, { valor: Dinheiro.deCentavos(1n, 'USD') }, 'VALOR_INVALIDO'],
  ])('refuses when %s', (_, eventos, mudanca, motivo) => {
    expect(pedir(eventos, mudanca)).toMatchObject({ error: { motivo } });
  });

  it('can be asked for again after a refund has failed', () => {
    const falhou = [...pedido(PAGA), ...recusarEstorno(fold(pedido(PAGA)), 1, 'declined', T0)];
    expect(pedido(falhou).at(-1)).toMatchObject({ numero: 2, valor: CAPTURADO });
  });
});

describe('seguirEstorno', () => {
  it('goes from requested over pending to done, whatever is told twice', () => {
    const eventos = ouvir(
      pedido(PAGA),
      noticia('PENDENTE'),
      noticia('PENDENTE'),
      noticia('CONCLUIDO'),
      noticia('PENDENTE'),
      noticia('CONCLUIDO'),
    );
    expect(eventos.slice(2).map(({ tipo }) => tipo)).toEqual([
      'EstornoSolicitado',
      'EstornoPendente',
      'EstornoConcluido',
    ]);
  });

  it('notes that the money came back when a refund fails after it was done', () => {
    const eventos = ouvir(pedido(PAGA), noticia('CONCLUIDO'), noticia('FALHOU', { motivo: 'lost_card' }));
    expect(eventos.at(-1)).toMatchObject({ tipo: 'EstornoFalhou', devolvido: true, motivo: 'lost_card' });
    expect(status(eventos)).toBe('APROVADO');
  });

  it('counts a refund that was made at the provider itself', () => {
    const manual = noticia('CONCLUIDO', { numero: undefined, valor: reais(10), refundId: 're_x' });
    const eventos = ouvir(PAGA, manual, manual);
    expect(eventos.slice(2)).toMatchObject([
      { tipo: 'EstornoSolicitado', numero: 1, meio: 'CARTAO', origem: 'PROVEDOR', valor: reais(10) },
      { tipo: 'EstornoConcluido', numero: 1, refundId: 're_x' },
    ]);
    expect(status(eventos)).toBe('ESTORNADO_PARCIAL');
  });

  const aMao = (valor: number) => noticia('CONCLUIDO', { numero: undefined, valor: reais(valor) });

  it('gives way to one that was made at the provider when there is not enough for both', () => {
    const eventos = ouvir(pedido(PAGA, { origem: 'CANCELAMENTO' }), aMao(100), aMao(100));
    expect(eventos.slice(3)).toMatchObject([
      { tipo: 'EstornoFalhou', numero: 1, valor: reais(100), motivo: 'FEITO_NO_PROVEDOR', devolvido: false },
      { tipo: 'EstornoSolicitado', numero: 2, origem: 'PROVEDOR', valor: reais(100) },
      { tipo: 'EstornoConcluido', numero: 2 },
    ]);
    expect(status(eventos)).toBe('ESTORNADO');
  });

  it('stays promised as far as the one at the provider leaves something', () => {
    const eventos = ouvir(pedido(PAGA, { origem: 'CANCELAMENTO' }), aMao(60));
    expect(eventos.slice(5)).toMatchObject([
      { tipo: 'EstornoConcluido', numero: 2 },
      { tipo: 'EstornoSolicitado', numero: 3, origem: 'CANCELAMENTO', meio: 'CARTAO', valor: reais(40) },
    ]);
    expect(status(ouvir(eventos, noticia('CONCLUIDO', { numero: 3, refundId: 're_3' })))).toBe('ESTORNADO');
  });

  it('stays when there is enough for both, when the provider knows it, and the earlier one of two', () => {
    const parcial = pedido(PAGA, { valor: reais(40) });
    expect(ouvir(parcial, aMao(60)).map(({ tipo }) => tipo)).not.toContain('EstornoFalhou');
    const dois = pedido(parcial, { valor: reais(60) });
    const ouvida = ouvir(dois, aMao(60));
    expect(ouvida.filter(({ tipo }) => tipo === 'EstornoFalhou')).toMatchObject([{ numero: 2 }]);
    const feito = noticia('PENDENTE', { valor: reais(60), numero: 2 });
    const juntas = seguirEstornos(fold(dois), [{ ...aMao(40), refundId: 're_x' }, feito], T0);
    expect(juntas.filter(({ tipo }) => tipo === 'EstornoFalhou')).toMatchObject([{ numero: 1 }]);
  });

  it('follows its own refund by number, one made by hand by identity, and credit by neither', () => {
    const dois = pedido(pedido(PAGA, { valor: reais(10) }), { valor: reais(20) });
    const ouvida = ouvir(dois, noticia('PENDENTE', { numero: 2, valor: reais(20) }));
    expect(ouvida.at(-1)).toMatchObject({ tipo: 'EstornoPendente', numero: 2 });
    const porId = ouvir(ouvida, noticia('CONCLUIDO', { numero: undefined, valor: reais(20) }));
    expect(porId.at(-1)).toMatchObject({ tipo: 'EstornoConcluido', numero: 2 });
    const mista: readonly PagamentoEvent[] = [
      { ...CRIADA, creditos: reais(40) } as PagamentoEvent,
      { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor: reais(60), em: T0 },
      {
        tipo: 'EstornoSolicitado',
        numero: 1,
        meio: 'CREDITO',
        valor: reais(40),
        origem: 'ADMIN',
        motivo: 'x',
        em: T0,
      },
    ];
    expect(ouvir(mista, noticia('CONCLUIDO'))).toEqual(mista);
  });

  it('knows nothing of what failed at the provider, nor of money that never came', () => {
    expect(ouvir(PAGA, noticia('FALHOU', { numero: undefined }))).toEqual(PAGA);
    expect(ouvir([CRIADA], noticia('CONCLUIDO', { numero: undefined }))).toEqual([CRIADA]);
    expect(seguirEstorno(fold([]), noticia('CONCLUIDO'), T0)).toEqual([]);
    const antes = () => seguirEstornos(fold([CRIADA]), [noticia('CONCLUIDO')], T0);
    expect(antes).toThrow('refund of a payment that is not approved yet');
  });

  it('leaves alone what the provider has heard of when it makes room', () => {
    const ouvida = ouvir(pedido(PAGA, { valor: reais(50) }), noticia('PENDENTE', { valor: reais(50) }));
    const outra = noticia('CONCLUIDO', { refundId: 're_x', numero: undefined, valor: reais(80) });
    expect(ouvir(ouvida, outra).map(({ tipo }) => tipo)).not.toContain('EstornoFalhou');
  });

  it('is refused only while it has not been made', () => {
    const feita = ouvir(pedido(PAGA), noticia('CONCLUIDO'));
    expect(recusarEstorno(fold(feita), 1, 'x', T0)).toEqual([]);
    expect(recusarEstorno(fold(pedido(PAGA)), 2, 'x', T0)).toEqual([]);
    expect(recusarEstorno(fold([]), 1, 'x', T0)).toEqual([]);
  });

  it('gives a surplus back, and nothing where there is none', () => {
    const demais: readonly PagamentoEvent[] = [
      CRIADA,
      { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor: reais(101), em: T0 },
    ];
    expect(devolverExcedente(fold(demais), T0)).toMatchObject([
      { tipo: 'EstornoSolicitado', numero: 1, origem: 'EXCEDENTE', meio: 'CARTAO', valor: reais(1) },
    ]);
    expect([devolverExcedente(fold(PAGA), T0), devolverExcedente(fold([CRIADA]), T0)]).toEqual([[], []]);
  });

  it('changes nothing when the number is unknown', () => {
    expect(ouvir(PAGA, noticia('CONCLUIDO', { numero: 7 }))).toEqual(PAGA);
  });
});

describe('statusDe', () => {
  it('follows the money', () => {
    const meio = pedido(PAGA, { valor: reais(50) });
    expect(status(PAGA)).toBe('APROVADO');
    expect(status(meio)).toBe('ESTORNO_PENDENTE');
    expect(status(ouvir(meio, noticia('PENDENTE')))).toBe('ESTORNO_PENDENTE');
    expect(status(ouvir(meio, noticia('CONCLUIDO')))).toBe('ESTORNADO_PARCIAL');
    expect(status(ouvir(pedido(PAGA), noticia('CONCLUIDO')))).toBe('ESTORNADO');
  });

  it('never gives back more than was captured, whatever is asked for and told', () => {
    const passo = fc.oneof(
      fc.record({ valor: fc.integer({ min: 1, max: 12_000 }) }),
      fc.record({
        numero: fc.integer({ min: 1, max: 4 }),
        situacao: fc.constantFrom('PENDENTE' as const, 'CONCLUIDO' as const, 'FALHOU' as const),
      }),
    );
    let voltou = 0;
    fc.assert(
      fc.property(fc.array(passo, { maxLength: 30, size: 'max' }), (passos) => {
        let eventos: readonly PagamentoEvent[] = PAGA;
        for (const dado of passos) {
          if ('valor' in dado) {
            const decidido = pedir(eventos, { valor: Dinheiro.deCentavos(dado.valor) });
            if (decidido.isSuccess) eventos = [...eventos, ...decidido.value];
          } else eventos = ouvir(eventos, noticia(dado.situacao, dado));
          const cobranca = fold(eventos) as Cobranca;
          expect(totalEstornado(cobranca)).toBeLessThanOrEqual(totalComprometido(cobranca));
          expect(totalComprometido(cobranca)).toBeLessThanOrEqual(CAPTURADO.centavos);
        }
        if (totalEstornado(fold(eventos) as Cobranca) > 0n) voltou += 1;
      }),
    );
    expect(voltou).toBeGreaterThan(10);
  });
});
