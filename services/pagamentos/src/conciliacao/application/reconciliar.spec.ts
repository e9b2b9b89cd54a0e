import { beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { ProviderAwayError } from '@plataforma/domain/work-queue';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { ABERTO, APROVADO, CRIADA, RECUSADO, SOLICITADO, VALOR } from '../../../test/cobrancas/given.ts';
import { InMemoryUnitOfWork, script } from '../../../test/in-memory.ts';
import { GatewayError } from '../../pagamento/application/gateway-error.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import type { ContasEmAberto } from './ports.ts';
import { ReconciliarHandler } from './reconciliar.ts';

const AGORA = new Date('2026-11-24T12:30:00Z');
const DIA_MS = 24 * 60 * 60_000;
const depois = (ms: number) => new Date(AGORA.getTime() + ms);
const fora = new ProviderAwayError('away');
const EXPIRADA = { situacao: 'EXPIRADA', valor: VALOR, intencaoId: undefined };
const CONTAS: ContasEmAberto = {
  ...{ semReserva: ['x'], estornosAtrasados: [], encerramentosAtrasados: [], creditosDivergentes: [] },
};
const VAZIAS: ContasEmAberto = { ...CONTAS, semReserva: [] };

let pagamentos: InMemoryUnitOfWork;
let asked: unknown[][];

beforeEach(() => {
  pagamentos = new InMemoryUnitOfWork();
});

const aberto = (id: string) =>
  pagamentos.given(id, { ...CRIADA, pagamentoId: id, reservaId: id }, SOLICITADO, ABERTO);
const aprovado = (id: string) => aberto(id).given(id, APROVADO);

/** @param respostas what the board and the provider answer, in order */
function reconciliador(respostas: Record<string, unknown[]>) {
  const scripted = script({
    semReserva: [[]],
    contas: [CONTAS],
    comparados: [null],
    soltar: [null],
    ...respostas,
  });
  asked = scripted.asked;
  const { method } = scripted;
  return new ReconciliarHandler({
    uow: pagamentos,
    gateway: { consultarSessao: method('consultarSessao'), listarEstornos: method('listarEstornos') },
    painel: {
      reivindicar: method('reivindicar'),
      comparados: method('comparados'),
      soltar: method('soltar'),
      todos: method('todos'),
      registrar: method('registrar'),
      semReserva: method('semReserva'),
      contas: method('contas'),
    },
    clock: new FixedClock(AGORA.toISOString()),
  });
}

const pedidosDe = (nome: string) => asked.filter(([um]) => um === nome).map(([, ...dados]) => dados);

describe('a round of the reconciler', () => {
  it('catches up with what was never heard, and says when each is due again', async () => {
    aberto('pag_1');
    aprovado('pag_2');
    const noticia = { refundId: 're_1', numero: undefined, valor: VALOR, situacao: 'CONCLUIDO', motivo: '' };
    const respostas = { reivindicar: [['pag_1', 'pag_2']], consultarSessao: [EXPIRADA] };
    const relatorio = await reconciliador({ ...respostas, listarEstornos: [[noticia]] }).execute(7);
    const detalhe = 'EstornoSolicitado, EstornoConcluido';
    expect(relatorio).toEqual({
      ...CONTAS,
      ...{ verificados: 2, interrompida: false, erros: [] },
      divergencias: [
        { pagamentoId: 'pag_1', detalhe: 'CobrancaCancelada', reparada: true },
        { pagamentoId: 'pag_2', detalhe, reparada: true },
      ],
    });
    expect(pedidosDe('reivindicar')).toEqual([[AGORA, depois(5 * 60_000), 7]]);
    expect(pedidosDe('consultarSessao')).toEqual([['cs_1']]);
    expect(pedidosDe('listarEstornos')).toEqual([['pi_1']]);
    expect(pedidosDe('comparados')).toEqual([[['pag_1', 'pag_2'], depois(DIA_MS), depois(-120 * DIA_MS)]]);
    expect(pedidosDe('soltar')).toEqual([]);
    expect(pagamentos.causes).toEqual(['reconciliacao', 'reconciliacao']);
  });

  it('finds nothing where nothing differs', async () => {
    aberto('pag_1');
    const aberta = { ...EXPIRADA, situacao: 'ABERTA' };
    const rodada = reconciliador({ reivindicar: [['pag_1']], consultarSessao: [aberta] }).execute(7);
    expect(await rodada).toMatchObject({ verificados: 1, divergencias: [], erros: [] });
    expect(pagamentos.causes).toEqual([]);
  });

  it.each<[string, PagamentoEvent[]]>([
    ['has no checkout', [CRIADA, SOLICITADO]],
    [
      'is closed',
      [CRIADA, SOLICITADO, ABERTO, { tipo: 'CobrancaCancelada', motivo: 'PRAZO_ESGOTADO', em: AGORA }],
    ],
    [
      'credit alone has paid',
      [
        { ...CRIADA, creditos: VALOR },
        { tipo: 'PagamentoAprovado', valor: Dinheiro.zero(), em: AGORA },
      ],
    ],
  ])('asks the provider for nothing about a payment that %s', async (_, eventos) => {
    pagamentos.given('pag_1', ...eventos);
    expect(await reconciliador({ reivindicar: [['pag_1']] }).execute(7)).toMatchObject({ divergencias: [] });
    expect(pedidosDe('consultarSessao')).toEqual([]);
  });

  it('stops where the provider is away, and gives the rest back', async () => {
    for (const id of ['pag_1', 'pag_2', 'pag_3']) aberto(id);
    const respostas = { reivindicar: [['pag_1', 'pag_2', 'pag_3']], consultarSessao: [EXPIRADA, fora] };
    const relatorio = await reconciliador(respostas).execute(7);
    expect(relatorio).toMatchObject({ verificados: 1, interrompida: true, erros: [] });
    expect(pedidosDe('comparados')).toEqual([[['pag_1'], expect.any(Date), expect.any(Date)]]);
    expect(pedidosDe('soltar')).toEqual([[['pag_2', 'pag_3'], AGORA]]);
    expect(pedidosDe('consultarSessao')).toHaveLength(2);
  });

  it('leaves to a person what it cannot repair, and goes on', async () => {
    for (const id of ['pag_1', 'pag_2', 'pag_3']) aberto(id);
    const alheia = { situacao: 'PAGA', valor: Dinheiro.deCentavos(1n, 'USD'), intencaoId: 'pi_1' };
    const recusado = new GatewayError('RECUSADO', 'no');
    const respostas = { reivindicar: [['pag_1', 'pag_2', 'pag_3']] };
    const consultarSessao = [alheia, recusado, EXPIRADA];
    const { divergencias } = await reconciliador({ ...respostas, consultarSessao }).execute(7);
    expect(divergencias).toEqual([
      { pagamentoId: 'pag_1', detalhe: 'CAPTURA_DIVERGENTE', reparada: false },
      { pagamentoId: 'pag_2', detalhe: 'GatewayError: no', reparada: false },
      { pagamentoId: 'pag_3', detalhe: 'CobrancaCancelada', reparada: true },
    ]);
  });

  it('decides again when another transaction was faster', async () => {
    aberto('pag_1').rivals.push([RECUSADO]);
    await reconciliador({ reivindicar: [['pag_1']], consultarSessao: [EXPIRADA] }).execute(7);
    expect(pagamentos.since('pag_1', 3)).toEqual(['CartaoRecusado', 'CobrancaCancelada']);
  });

  it('asks what became of captured money', async () => {
    aprovado('pag_1');
    aprovado('pag_2').given('pag_2', { tipo: 'AprovacaoReanunciada', em: AGORA });
    const relatorio = await reconciliador({ reivindicar: [[]], semReserva: [['pag_1', 'pag_2']] }).execute(7);
    const divergencia = { pagamentoId: 'pag_1', detalhe: 'AprovacaoReanunciada', reparada: true };
    expect(relatorio.divergencias).toEqual([divergencia]);
    expect(pedidosDe('semReserva')).toEqual([[AGORA]]);
    expect(pedidosDe('contas')).toEqual([[AGORA]]);
  });

  it('does every part although another one fails', async () => {
    aprovado('pag_1');
    const [um, dois, tres] = [new Error('1'), new Error('2'), new Error('3')];
    const todos = await reconciliador({ reivindicar: [um], semReserva: [dois], contas: [tres] }).execute(7);
    expect(todos).toEqual({
      ...VAZIAS,
      ...{ verificados: 0, interrompida: false, divergencias: [], erros: [um, dois, tres] },
    });
    pagamentos.run = () => Promise.reject(um);
    const { erros } = await reconciliador({ reivindicar: [[]], semReserva: [['pag_1']] }).execute(7);
    expect(erros).toMatchObject([{ message: 'could not ask about pag_1', cause: um }]);
  });
});

describe('the reconciliation of everything', () => {
  const ids = (n: number) => Array.from({ length: n }, (_, i) => `pag_${i + 1}`);
  const tudo = (respostas: Record<string, unknown[]>, parar = new AbortController()) => {
    const progresso: number[] = [];
    const fim = reconciliador(respostas).tudo(parar.signal, (n) => void progresso.push(n));
    return fim.then((relatorio) => ({ relatorio, progresso }));
  };

  it('goes on page by page, and ends with the one that is not full', async () => {
    const { relatorio, progresso } = await tudo({ todos: [ids(100), ids(3)] });
    expect(pedidosDe('todos')).toEqual([
      ['', 100],
      ['pag_100', 100],
    ]);
    expect([relatorio.verificados, progresso]).toEqual([103, [100, 103]]);
    expect(relatorio.semReserva).toEqual(['x']);
  });

  it('ends with an empty page after a full one', async () => {
    expect((await tudo({ todos: [ids(100), []] })).progresso).toEqual([100, 100]);
  });

  it('stops after the payment in hand', async () => {
    const parar = new AbortController();
    parar.abort();
    const { relatorio } = await tudo({ todos: [ids(100), ids(3)] }, parar);
    expect(relatorio).toMatchObject({ verificados: 0, interrompida: true });
    expect(pedidosDe('todos')).toHaveLength(1);
  });
});
