import { describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { totalDisponivel } from '../../pagamento/domain/contas.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { type CobrancaAprovada, fold } from '../../pagamento/domain/pagamento.ts';
import { type NoticiaDeDisputa, seguirDisputa } from './disputa.ts';
import { solicitarEstorno } from './estorno.ts';

const T0 = new Date('2026-11-24T12:00:00Z');
const reais = (valor: number) => Dinheiro.deCentavos(BigInt(valor * 100));
const CRIADA = {
  tipo: 'CobrancaCriada',
  pagamentoId: 'pag_1',
  reservaId: 'res_1',
  clienteId: 'cli_1',
  valor: reais(100),
  creditos: Dinheiro.zero(),
  descricao: 'Sala',
  expiraEm: T0,
  em: T0,
} as const satisfies PagamentoEvent;
const PAGA: readonly PagamentoEvent[] = [
  CRIADA,
  { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor: reais(100), em: T0 },
];
const MISTA: readonly PagamentoEvent[] = [
  { ...CRIADA, creditos: reais(40) },
  { tipo: 'PagamentoAprovado', intencaoId: 'pi_1', valor: reais(60), em: T0 },
];

type Historia = readonly PagamentoEvent[];

const ouvir = (eventos: Historia, mudanca: Partial<NoticiaDeDisputa>): Historia => {
  const base = { disputaId: 'dp_1', motivo: 'fraudulent', valor: reais(100), situacao: 'ABERTA' } as const;
  return [...eventos, ...seguirDisputa(fold(eventos), { ...base, resultado: '', ...mudanca }, T0)];
};
const consultar = (eventos: Historia) => ouvir(eventos, { situacao: 'CONSULTA' });
const abrir = (eventos: Historia, valor = reais(100)) => ouvir(eventos, { valor });
const fechar = (eventos: Historia, resultado = 'won', valor = reais(100)) =>
  ouvir(eventos, { situacao: 'ENCERRADA', resultado, valor });

const devolver = (eventos: Historia, origem: 'ADMIN' | 'CANCELAMENTO' = 'ADMIN', valor?: Dinheiro) =>
  solicitarEstorno(fold(eventos), { pagamentoId: 'pag_1', origem, valor, motivo: 'cortesia' }, T0);
const RECUSADO = { error: { motivo: 'TRANSICAO_INVALIDA' } };

describe('a dispute', () => {
  it('keeps people from giving money back until it is settled', () => {
    expect(devolver(abrir(PAGA))).toMatchObject(RECUSADO);
    expect(devolver(fechar(abrir(PAGA))).isSuccess).toBe(true);
  });

  it('is over when its end is heard of before its beginning', () => {
    expect(
      fechar(PAGA)
        .slice(2)
        .map(({ tipo }) => tipo),
    ).toEqual(['DisputaAberta', 'DisputaEncerrada']);
    expect(abrir(fechar(PAGA))).toEqual(fechar(PAGA));
    expect(devolver(abrir(fechar(PAGA))).isSuccess).toBe(true);
  });

  it('is noted once', () => {
    expect(abrir(abrir(PAGA))).toHaveLength(3);
    expect(fechar(fechar(abrir(PAGA)))).toHaveLength(4);
  });

  it('keeps nobody from giving money back while the bank only asks, until it claims', () => {
    expect(devolver(consultar(PAGA)).isSuccess).toBe(true);
    const cobrada = abrir(consultar(consultar(PAGA)));
    expect(cobrada).toHaveLength(4);
    expect(devolver(cobrada)).toMatchObject(RECUSADO);
    expect(consultar(cobrada)).toEqual(cobrada);
  });
});

it('is none of a charge that nobody has paid', () => {
  expect(abrir([CRIADA])).toEqual([CRIADA]);
  expect(
    seguirDisputa(
      fold([]),
      { disputaId: 'dp_1', motivo: 'x', valor: reais(1), situacao: 'ABERTA', resultado: '' },
      T0,
    ),
  ).toEqual([]);
});

it('ends once, lost or won, and an inquiry ends as it is', () => {
  const perdida = fechar(abrir(PAGA), 'lost');
  expect([abrir(perdida), fechar(perdida), consultar(perdida)]).toEqual([perdida, perdida, perdida]);
  expect(fechar(consultar(PAGA), 'warning_closed').slice(2)).toMatchObject([
    { tipo: 'DisputaAberta', consulta: true },
    { tipo: 'DisputaEncerrada', resultado: 'warning_closed' },
  ]);
});

describe('a lost dispute', () => {
  const disponivel = (eventos: Historia) => totalDisponivel(fold(eventos) as CobrancaAprovada);

  it('has taken what it was over: nothing of it is promised again', () => {
    const perdida = fechar(abrir(PAGA, reais(30)), 'lost', reais(30));
    expect(disponivel(perdida)).toBe(7_000n);
    expect(devolver(perdida, 'ADMIN', reais(71))).toMatchObject({
      error: { motivo: 'ESTORNO_ALEM_DO_CAPTURADO' },
    });
    expect(devolver(fechar(PAGA, 'lost'))).toMatchObject(RECUSADO);
  });

  it('takes of the card alone: the credit comes back', () => {
    const perdida = fechar(abrir(MISTA, reais(60)), 'lost', reais(60));
    expect(devolver(perdida, 'CANCELAMENTO', reais(100))).toMatchObject({
      value: [{ tipo: 'EstornoSolicitado', meio: 'CREDITO', valor: reais(40) }, { tipo: 'EstornoConcluido' }],
    });
  });

  it('takes no more than came in, even of money that had gone back', () => {
    const devolvida = devolver(PAGA);
    if (devolvida.isFailure) throw devolvida.error;
    expect(disponivel(fechar(abrir([...PAGA, ...devolvida.value]), 'lost'))).toBe(0n);
  });
});
