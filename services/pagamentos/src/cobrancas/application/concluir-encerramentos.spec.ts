import { beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { ProviderAwayError } from '@plataforma/domain/work-queue';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { ABERTO, CRIADA, RECUSADO, SOLICITADO, VALOR } from '../../../test/cobrancas/given.ts';
import { InMemoryUnitOfWork, script } from '../../../test/in-memory.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { ConcluirEncerramentosHandler } from './concluir-encerramentos.ts';

const AGORA = new Date('2026-11-24T12:00:00Z');
const depois = (ms: number) => new Date(AGORA.getTime() + ms);
const VEZ = { pagamentoId: 'pag_1', falhas: 0, paradaDesde: depois(-8_000) };
const AENCERRAR: PagamentoEvent = {
  ...{ tipo: 'EncerramentoSolicitado', motivo: 'RESERVA_EXPIRANDO', pedido: 2, em: AGORA },
};
const EXPIRADA = { situacao: 'EXPIRADA', valor: VALOR, intencaoId: undefined };
const PAGA = { situacao: 'PAGA', valor: VALOR, intencaoId: 'pi_1' };

let pagamentos: InMemoryUnitOfWork;
let adiados: unknown[][];
let falhas: unknown[][];
let divergencias: unknown[];

beforeEach(() => {
  pagamentos = new InMemoryUnitOfWork().given('pag_1', CRIADA, SOLICITADO, ABERTO, AENCERRAR);
  adiados = [];
  falhas = [];
  divergencias = [];
});

function conclusao(...respostas: unknown[]) {
  const { asked, method } = script({ encerrarSessao: respostas });
  const concluir = new ConcluirEncerramentosHandler({
    fila: {
      reivindicar: async (...prazo) => {
        asked.push(['reivindicar', ...prazo]);
        return [VEZ];
      },
      adiar: async (...adiado) => void adiados.push(adiado),
      devolver: async (...devolvido) => void adiados.push(devolvido),
    },
    uow: pagamentos,
    gateway: {
      abrirCheckout: method('abrirCheckout'),
      consultarSessao: method('consultarSessao'),
      encerrarSessao: method('encerrarSessao'),
    },
    clock: new FixedClock(AGORA.toISOString()),
    observador: {
      checkoutFalhou: () => {},
      encerramentoFalhou: (...falha) => void falhas.push(falha),
      divergiu: (divergencia) => void divergencias.push(divergencia),
    },
  });
  return { concluir, asked };
}

describe('a charge that is to be closed', () => {
  it('is taken for fifteen seconds', async () => {
    const { concluir, asked } = conclusao();
    expect(await concluir.due()).toEqual([VEZ]);
    expect(asked).toEqual([['reivindicar', AGORA, depois(15_000)]]);
  });

  it.each<[string, object, string[]]>([
    ['unpaid', EXPIRADA, ['CobrancaCancelada']],
    ['paid after all', PAGA, ['PagamentoAprovado']],
  ])('ends as its session does: %s', async (_, situacao, tipos) => {
    const { concluir, asked } = conclusao(situacao);
    await concluir.execute({ ...VEZ, falhas: 3 });
    // A try of its own each time: the provider would repeat its answer otherwise.
    expect(asked).toEqual([['encerrarSessao', 'cs_1', 4]]);
    expect(pagamentos.since('pag_1', 4)).toEqual(tipos);
    expect([pagamentos.causes, divergencias]).toEqual([['encerramento'], []]);
  });

  it.each<[string, PagamentoEvent[]]>([
    ['does not exist', []],
    ['has no checkout', [CRIADA, SOLICITADO, AENCERRAR]],
    [
      'is over',
      [CRIADA, SOLICITADO, ABERTO, { tipo: 'CobrancaCancelada', motivo: 'SESSAO_EXPIRADA', em: AGORA }],
    ],
  ])('asks the provider for nothing when it %s', async (_, eventos) => {
    pagamentos = new InMemoryUnitOfWork().given('pag_1', ...eventos);
    const { concluir, asked } = conclusao();
    await concluir.execute(VEZ);
    expect(asked).toEqual([]);
  });

  it('waits while its session is just being paid', async () => {
    const aberta = { ...EXPIRADA, situacao: 'ABERTA' };
    await expect(conclusao(aberta).concluir.execute(VEZ)).rejects.toThrow('session cs_1 is just being paid');
    expect(pagamentos.causes).toEqual([]);
  });

  it('is not paid without a payment intent', async () => {
    const { concluir } = conclusao({ ...PAGA, intencaoId: undefined });
    await expect(concluir.execute(VEZ)).rejects.toThrow('session cs_1 is paid without a payment intent');
  });

  it('is closed, and told of, when other money came in than was charged', async () => {
    await conclusao({ ...PAGA, valor: Dinheiro.deCentavos(1n, 'USD') }).concluir.execute(VEZ);
    expect(pagamentos.since('pag_1', 4)).toEqual(['CobrancaCancelada']);
    expect(divergencias).toEqual([{ pagamentoId: 'pag_1', detalhe: 'CAPTURA_DIVERGENTE', reparada: false }]);
  });

  it('is decided again when another transaction was faster', async () => {
    pagamentos.rivals.push([RECUSADO]);
    await conclusao(EXPIRADA).concluir.execute(VEZ);
    expect(pagamentos.since('pag_1', 4)).toEqual(['CartaoRecusado', 'CobrancaCancelada']);
  });

  it.each([
    [0, 1_000],
    [2, 4_000],
    [40, 30_000],
  ])('waits longer after each failure: after %s before %s ms at most', async (antes, ms) => {
    const posta = await conclusao().concluir.putOff({ ...VEZ, falhas: antes }, new Error('away'));
    expect(posta).toEqual({ item: 'pag_1', failures: antes + 1 });
    expect(adiados).toEqual([['pag_1', expect.any(Date), 'Error: away']]);
    const espera = Number(adiados[0]?.[1]) - AGORA.getTime();
    expect(espera).toBeGreaterThanOrEqual(ms / 2);
    expect(espera).toBeLessThanOrEqual(ms);
  });

  it('waits as long again as it has while the provider is away, half a minute at most', async () => {
    const { concluir } = conclusao();
    await concluir.giveBack(VEZ, new ProviderAwayError('x'));
    await concluir.giveBack({ ...VEZ, paradaDesde: depois(-3_600_000) }, new ProviderAwayError('x'));
    expect(adiados).toEqual([
      ['pag_1', expect.any(Date), 'ProviderAwayError: x'],
      ['pag_1', expect.any(Date), 'ProviderAwayError: x'],
    ]);
    const [pouco, muito] = adiados.map(([, ate]) => Number(ate) - AGORA.getTime()) as [number, number];
    expect([pouco >= 4_000, pouco <= 8_000, muito >= 15_000, muito <= 30_000]).toEqual(Array(4).fill(true));
  });

  it('is closed at once for a caller that waits', async () => {
    const { concluir, asked } = conclusao(EXPIRADA);
    await concluir.concluirAgora('pag_1');
    expect(asked).toEqual([['encerrarSessao', 'cs_1', 1]]);
    expect(pagamentos.since('pag_1', 4)).toEqual(['CobrancaCancelada']);
    expect(falhas).toEqual([]);
  });

  it('is left to the queue, and told of, when that does not work out', async () => {
    const fora = new ProviderAwayError('away');
    await conclusao(fora).concluir.concluirAgora('pag_1');
    expect([falhas, adiados]).toEqual([[['pag_1', fora]], []]);
  });
});
