import { beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { ProviderAwayError } from '@plataforma/domain/work-queue';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { ABERTO, APROVADO, CRIADA, SOLICITADO, VALOR } from '../../../test/cobrancas/given.ts';
import { InMemoryUnitOfWork, script } from '../../../test/in-memory.ts';
import { GatewayError } from '../../pagamento/application/gateway-error.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import type { NoticiaDeDisputa } from '../domain/disputa.ts';
import type { NoticiaDeEstorno } from '../domain/estorno.ts';
import { ExecutarEstornosHandler } from './executar-estornos.ts';
import type { VezDeEstorno } from './ports.ts';

const AGORA = new Date('2026-11-24T12:00:00Z');
const HORA_MS = 60 * 60_000;
const depois = (ms: number) => new Date(AGORA.getTime() + ms);

const PEDIDO: PagamentoEvent = {
  ...{ tipo: 'EstornoSolicitado', numero: 1, meio: 'CARTAO', valor: VALOR, origem: 'ADMIN', motivo: 'x' },
  em: AGORA,
};
const PENDENTE: PagamentoEvent = { tipo: 'EstornoPendente', numero: 1, refundId: 're_1', em: AGORA };
const DISPUTADO: PagamentoEvent = {
  ...{ tipo: 'DisputaAberta', disputaId: 'dp_1', motivo: 'fraudulent', valor: VALOR, em: AGORA },
};
const perdida: PagamentoEvent = { tipo: 'DisputaEncerrada', disputaId: 'dp_1', resultado: 'lost', em: AGORA };
const VEZ: VezDeEstorno = {
  pagamentoId: 'pag_1',
  numero: 1,
  tentativa: 1,
  falhas: 0,
  solicitadoEm: depois(-8_000),
};
const noticia = (situacao: NoticiaDeEstorno['situacao'], numero = 1): NoticiaDeEstorno => ({
  ...{ refundId: 're_1', numero, valor: VALOR, situacao, motivo: '' },
});
const disputa = (situacao: NoticiaDeDisputa['situacao'], resultado = ''): NoticiaDeDisputa => ({
  ...{ disputaId: 'dp_1', motivo: 'fraudulent', valor: VALOR, situacao, resultado },
});

let pagamentos: InMemoryUnitOfWork;
let clock: FixedClock;
let adiados: unknown[][];
let trocas: unknown[];

beforeEach(() => {
  pagamentos = new InMemoryUnitOfWork().given('pag_1', CRIADA, SOLICITADO, ABERTO, APROVADO);
  clock = new FixedClock(AGORA.toISOString());
  adiados = [];
  trocas = [];
});

function executor(respostas: Record<string, unknown[]> = {}, vezes: VezDeEstorno[] = []) {
  const { asked, method } = script(respostas);
  const executar = new ExecutarEstornosHandler({
    fila: {
      reivindicar: async (...prazo) => {
        asked.push(['reivindicar', ...prazo]);
        return vezes;
      },
      adiar: async (...adiado) => void adiados.push(adiado),
      devolver: async (...devolvido) => void adiados.push(devolvido),
      trocarTentativa: async (troca) => void trocas.push(troca),
    },
    uow: pagamentos,
    gateway: {
      devolver: method('devolver'),
      consultarEstorno: method('consultarEstorno'),
      consultarDisputa: method('consultarDisputa'),
      listarEstornos: method('listarEstornos'),
    },
    clock,
  });
  return { executar, asked, chamados: () => asked.map(([nome]) => nome) };
}

describe('the turn of a refund', () => {
  it('is taken for fifteen seconds', async () => {
    const { executar, asked } = executor({}, [VEZ]);
    expect(await executar.due()).toEqual([VEZ]);
    expect(asked).toEqual([['reivindicar', AGORA, depois(15_000)]]);
  });

  it('asks for it as it is on record', async () => {
    pagamentos.given('pag_1', PEDIDO);
    const { executar, asked } = executor({ devolver: [noticia('CONCLUIDO')] });
    await executar.execute({ ...VEZ, tentativa: 2 });
    const pedido = { pagamentoId: 'pag_1', reservaId: 'res_1', intencaoId: 'pi_1', numero: 1 };
    expect(asked).toEqual([['devolver', { ...pedido, tentativa: 2, valor: VALOR }]]);
    expect(pagamentos.estado('pag_1').estornos).toMatchObject([{ situacao: 'CONCLUIDO', refundId: 're_1' }]);
    expect([pagamentos.causes, adiados]).toEqual([['estorno'], []]);
  });

  it.each<[string, PagamentoEvent[]]>([
    ['unknown', []],
    ['done', [PEDIDO, { tipo: 'EstornoConcluido', numero: 1, refundId: 're_1', valor: VALOR, em: AGORA }]],
    [
      'failed',
      [PEDIDO, { tipo: 'EstornoFalhou', numero: 1, valor: VALOR, motivo: 'x', devolvido: false, em: AGORA }],
    ],
  ])('does nothing for one that is %s', async (_, eventos) => {
    pagamentos.given('pag_1', ...eventos);
    const { executar, asked } = executor();
    await executar.execute(VEZ);
    expect([asked, adiados]).toEqual([[], []]);
  });

  it('does nothing for a payment that is not approved', async () => {
    pagamentos = new InMemoryUnitOfWork().given('pag_1', CRIADA, PEDIDO);
    const { executar, asked } = executor();
    await executar.execute(VEZ);
    expect(asked).toEqual([]);
  });

  it('needs a capture', async () => {
    const credito: PagamentoEvent = { tipo: 'PagamentoAprovado', valor: Dinheiro.zero(), em: AGORA };
    pagamentos = new InMemoryUnitOfWork().given('pag_1', { ...CRIADA, creditos: VALOR }, credito, PEDIDO);
    await expect(executor().executar.execute(VEZ)).rejects.toThrow('refund 1 of pag_1 has no capture');
  });

  it('decides again when another transaction was faster', async () => {
    pagamentos.given('pag_1', PEDIDO).rivals.push([{ ...DISPUTADO, consulta: true }]);
    await executor({ devolver: [noticia('CONCLUIDO')] }).executar.execute(VEZ);
    expect(pagamentos.since('pag_1', 5)).toEqual(['DisputaAberta', 'EstornoConcluido']);
  });
});

describe('a refund that was asked for before', () => {
  beforeEach(() => void pagamentos.given('pag_1', PEDIDO));

  it.each<[string, number, number, boolean]>([
    ['not on its first turn', 0, 20 * HORA_MS, false],
    ['once the provider may have forgotten the key', 0, 20 * HORA_MS + 1, true],
    ['once a turn has failed', 1, 0, true],
  ])('is looked for %s', async (_, falhas, ms, procurado) => {
    clock.advance(ms);
    const listarEstornos = [[noticia('CONCLUIDO', 2)]];
    const { executar, chamados } = executor({ listarEstornos, devolver: [noticia('CONCLUIDO')] });
    await executar.execute({ ...VEZ, falhas });
    expect(chamados()).toEqual(procurado ? ['listarEstornos', 'devolver'] : ['devolver']);
  });

  it('is not asked for again when it is found by its number', async () => {
    const listarEstornos = [[noticia('PENDENTE', 2), noticia('CONCLUIDO')]];
    const { executar, asked } = executor({ listarEstornos });
    await executar.execute({ ...VEZ, falhas: 1 });
    expect(asked).toEqual([['listarEstornos', 'pi_1']]);
    expect(pagamentos.estado('pag_1').estornos).toMatchObject([{ situacao: 'CONCLUIDO' }]);
  });
});

describe('a refund that is pending', () => {
  it.each([
    [0, 60_000],
    [1, 120_000],
    [5, 32 * 60_000],
    [6, HORA_MS],
    [40, HORA_MS],
  ])('is asked about again, after %s turns in %s ms', async (falhas, ms) => {
    pagamentos.given('pag_1', PEDIDO, PENDENTE);
    const { executar, asked } = executor({ consultarEstorno: [noticia('PENDENTE')] });
    await executar.execute({ ...VEZ, falhas });
    expect(asked).toEqual([['consultarEstorno', 're_1']]);
    expect(adiados).toEqual([['pag_1', 1, depois(ms), 'PENDENTE']]);
  });

  it('waits for no dispute', async () => {
    pagamentos.given('pag_1', PEDIDO, PENDENTE, DISPUTADO);
    await executor({ consultarEstorno: [noticia('CONCLUIDO')] }).executar.execute(VEZ);
    expect(pagamentos.estado('pag_1').estornos).toMatchObject([{ situacao: 'CONCLUIDO' }]);
  });

  it('stays so although asking about it is refused', async () => {
    pagamentos.given('pag_1', PEDIDO, PENDENTE);
    const recusa = new GatewayError('RECUSADO', 'x', { codigo: 'resource_missing' });
    await expect(executor({ consultarEstorno: [recusa] }).executar.execute(VEZ)).rejects.toBe(recusa);
    expect(pagamentos.estado('pag_1').estornos).toMatchObject([{ situacao: 'PENDENTE' }]);
  });

  it('waits likewise when it has just been asked for', async () => {
    pagamentos.given('pag_1', PEDIDO);
    await executor({ devolver: [noticia('PENDENTE')] }).executar.execute(VEZ);
    expect(adiados).toEqual([['pag_1', 1, depois(60_000), 'PENDENTE']]);
  });
});

describe('a refund that the provider does not make', () => {
  beforeEach(() => void pagamentos.given('pag_1', PEDIDO));
  const recusado = new GatewayError('RECUSADO', 'x', { codigo: 'charge_already_refunded' });
  const emDisputa = new GatewayError('EM_DISPUTA', 'x', { codigo: 'charge_disputed' });

  it('has failed when it was understood and refused', async () => {
    await executor({ devolver: [recusado] }).executar.execute(VEZ);
    expect(pagamentos.streams.get('pag_1')?.at(-1)).toMatchObject({
      ...{ tipo: 'EstornoFalhou', motivo: 'charge_already_refunded', devolvido: false },
    });
  });

  it.each<[string, Error]>([
    ['the provider is away', new ProviderAwayError('x')],
    ['it is refused without a reason', new GatewayError('RECUSADO', 'x')],
    ['the bank may give the money free', emDisputa],
    ['the defect is ours', new TypeError('x')],
  ])('is tried again while %s', async (_, erro) => {
    await expect(executor({ devolver: [erro] }).executar.execute(VEZ)).rejects.toBe(erro);
    expect(pagamentos.estado('pag_1').estornos).toMatchObject([{ situacao: 'SOLICITADO' }]);
  });

  it('has failed when the bank is known to keep the money', async () => {
    pagamentos.given('pag_1', DISPUTADO, perdida);
    await executor({ devolver: [emDisputa] }).executar.execute(VEZ);
    expect(pagamentos.streams.get('pag_1')?.at(-1)).toMatchObject({ motivo: 'charge_disputed' });
  });
});

describe('a refund of a payment in dispute', () => {
  beforeEach(() => void pagamentos.given('pag_1', PEDIDO, DISPUTADO));
  const ESPERA = ['pag_1', 1, depois(10 * 60_000), 'EM_DISPUTA'];

  it('waits ten minutes, and asks nobody at first', async () => {
    const { executar, asked } = executor();
    await executar.execute(VEZ);
    expect([asked, adiados]).toEqual([[], [ESPERA]]);
  });

  it.each<[string, unknown]>([
    ['goes on', disputa('ABERTA')],
    ['may not be asked about', new GatewayError('RECUSADO', 'x')],
  ])('waits on while the dispute %s', async (_, resposta) => {
    const { executar, asked } = executor({ consultarDisputa: [resposta] });
    await executar.execute({ ...VEZ, falhas: 1 });
    expect([asked, adiados]).toEqual([[['consultarDisputa', 'dp_1']], [ESPERA]]);
  });

  it.each<[string, Error]>([
    ['a defect of ours', new TypeError('x')],
    ['a provider that is away', new ProviderAwayError('x')],
  ])('does not take %s for a dispute that goes on', async (_, erro) => {
    const { executar } = executor({ consultarDisputa: [erro] });
    await expect(executar.execute({ ...VEZ, falhas: 1 })).rejects.toBe(erro);
    expect(adiados).toEqual([]);
  });

  it('is made once the dispute has ended, which nobody told', async () => {
    const respostas = { consultarDisputa: [disputa('ENCERRADA', 'won')], listarEstornos: [[]] };
    const { executar, chamados } = executor({ ...respostas, devolver: [noticia('CONCLUIDO')] });
    await executar.execute({ ...VEZ, falhas: 1 });
    expect(chamados()).toEqual(['consultarDisputa', 'listarEstornos', 'devolver']);
    expect(pagamentos.since('pag_1', 6)).toEqual(['DisputaEncerrada', 'EstornoConcluido']);
  });

  it('waits for the second one as well', async () => {
    pagamentos.given('pag_1', { ...DISPUTADO, disputaId: 'dp_2' } as PagamentoEvent);
    const { executar, chamados } = executor({
      consultarDisputa: [disputa('ENCERRADA', 'won'), disputa('ABERTA')],
    });
    await executar.execute({ ...VEZ, falhas: 1 });
    expect(chamados()).toEqual(['consultarDisputa', 'consultarDisputa']);
    expect(adiados).toEqual([ESPERA]);
  });
});

describe('a turn that has failed', () => {
  const adiar = (erro: unknown, falhas = 0) => executor().executar.putOff({ ...VEZ, falhas }, erro);

  it.each<[string, unknown, boolean]>([
    ['is another request after a lost attempt', new GatewayError('TENTATIVA_PERDIDA', 'x'), true],
    ['is another request after a dispute', new GatewayError('EM_DISPUTA', 'x'), true],
    ['is the same request otherwise', new GatewayError('RECUSADO', 'x'), false],
    ['is the same request after a defect', new TypeError('x'), false],
  ])('%s', async (_, erro, troca) => {
    expect(await adiar(erro, 2)).toEqual({ item: 'pag_1:1', failures: 3 });
    expect(trocas).toMatchObject(troca ? [{ pagamentoId: 'pag_1', numero: 1, tentativa: 1 }] : []);
  });

  it('waits ten minutes for a dispute', async () => {
    await adiar(new GatewayError('EM_DISPUTA', 'x'));
    expect(adiados).toEqual([['pag_1', 1, depois(10 * 60_000), 'EM_DISPUTA']]);
  });

  it.each([
    [0, 1_000],
    [3, 8_000],
    [40, 5 * 60_000],
  ])('waits longer each time otherwise: after %s failures %s ms at most', async (falhas, ms) => {
    await adiar(new GatewayError('RECUSADO', 'no'), falhas);
    expect(adiados).toEqual([['pag_1', 1, expect.any(Date), 'GatewayError: no']]);
    const espera = Number(adiados[0]?.[2]) - AGORA.getTime();
    expect(espera).toBeGreaterThanOrEqual(ms / 2);
    expect(espera).toBeLessThanOrEqual(ms);
  });
});

describe('a refund whose provider is away', () => {
  it.each([
    [8_000, 8_000],
    [HORA_MS, 5 * 60_000],
  ])('waits as long again as it has, which was %s ms, and stays the same request', async (esperou, ms) => {
    const vez = { ...VEZ, solicitadoEm: depois(-esperou) };
    await executor().executar.giveBack(vez, new ProviderAwayError('x'));
    expect([adiados, trocas]).toEqual([[['pag_1', 1, expect.any(Date), 'ProviderAwayError: x']], []]);
    const espera = Number(adiados[0]?.[2]) - AGORA.getTime();
    expect([espera >= ms / 2, espera <= ms]).toEqual([true, true]);
  });
});
