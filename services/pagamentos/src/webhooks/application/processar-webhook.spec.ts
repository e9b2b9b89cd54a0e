import { beforeEach, describe, expect, it } from '@jest/globals';
import { ProviderAwayError } from '@plataforma/domain/work-queue';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { ABERTO, APROVADO, CRIADA, RECUSADO, SOLICITADO, VALOR } from '../../../test/cobrancas/given.ts';
import { InMemoryUnitOfWork } from '../../../test/in-memory.ts';
import { GatewayError } from '../../pagamento/application/gateway-error.ts';
import type { PagamentoEvent } from '../../pagamento/domain/eventos.ts';
import { type Fato, VersaoDesconhecidaError } from '../domain/fato.ts';
import type { WebhookReivindicado } from './ports.ts';
import { ProcessarWebhookHandler } from './processar-webhook.ts';

const AGORA = new Date('2026-11-24T12:00:00Z');
const depois = (ms: number) => new Date(AGORA.getTime() + ms);
const WEBHOOK: WebhookReivindicado = {
  ...{ id: 'evt_1', tipo: 'x', payload: '{}', tentativas: 1, recebidoEm: AGORA },
};
const DE = { reservaId: 'res_1', clienteId: 'cli_1' };
const PAGO: Fato = { tipo: 'PAGO', pagamentoId: 'pag_1', intencaoId: 'pi_1', valor: VALOR, de: DE };
const NADA: Fato = { tipo: 'IRRELEVANTE' };

let pagamentos: InMemoryUnitOfWork;
let tratados: unknown[][];
let destinos: unknown[][];

beforeEach(() => {
  pagamentos = new InMemoryUnitOfWork().given('pag_1', CRIADA, SOLICITADO, ABERTO);
  tratados = [];
  destinos = [];
});

/** @param dito what the interpreter makes of a webhook, or how it fails */
function processador(dito: Fato | Error | undefined) {
  const interpretar = () => {
    if (dito instanceof Error) throw dito;
    return dito as Fato;
  };
  const destino =
    (nome: string) =>
    async (...dados: unknown[]) =>
      void destinos.push([nome, ...dados]);
  return new ProcessarWebhookHandler({
    uow: pagamentos,
    caixa: {
      guardar: async () => true,
      reivindicar: async (...prazo) => {
        destinos.push(['reivindicar', ...prazo]);
        return [WEBHOOK];
      },
      adiar: destino('adiar'),
      devolver: destino('devolver'),
      estacionar: destino('estacionar'),
    },
    interprete: { interessa: () => true, fatoAssinado: interpretar, interpretar: async () => interpretar() },
    clock: new FixedClock(AGORA.toISOString()),
    observador: {
      webhookRecusado: () => {},
      webhookTratado: ({ id }, ...resto) => void tratados.push([id, ...resto]),
    },
  });
}

describe('a webhook that waited', () => {
  it('is taken for ten seconds', async () => {
    expect(await processador(PAGO).due()).toEqual([WEBHOOK]);
    expect(destinos).toEqual([['reivindicar', AGORA, depois(10_000)]]);
  });

  const noticia = {
    refundId: 're_1',
    numero: undefined,
    valor: VALOR,
    situacao: 'CONCLUIDO',
    motivo: '',
  } as const;
  const disputa = {
    disputaId: 'dp_1',
    motivo: 'x',
    valor: VALOR,
    situacao: 'ABERTA',
    resultado: '',
  } as const;
  it.each<[Fato, PagamentoEvent[], string[]]>([
    [PAGO, [], ['PagamentoAprovado']],
    [{ tipo: 'RECUSADO', pagamentoId: 'pag_1', recusaId: 'ch_1', codigo: 'x' }, [], ['CartaoRecusado']],
    [{ tipo: 'EXPIRADO', pagamentoId: 'pag_1', sessaoId: 'cs_1' }, [], ['CobrancaCancelada']],
    [
      { tipo: 'ESTORNOS', pagamentoId: 'pag_1', noticias: [noticia] },
      [APROVADO],
      ['EstornoSolicitado', 'EstornoConcluido'],
    ],
    [{ tipo: 'DISPUTA', pagamentoId: 'pag_1', noticia: disputa }, [APROVADO], ['DisputaAberta']],
  ])('has its effect and its mark together: %s', async (fato, antes, tipos) => {
    pagamentos = pagamentos.given('pag_1', ...antes);
    await processador(fato).execute(WEBHOOK);
    expect(pagamentos.since('pag_1', 3 + antes.length)).toEqual(tipos);
    expect(pagamentos.causes).toEqual(['webhook:evt_1']);
    expect([...pagamentos.concluidos]).toEqual([['evt_1', 'PROCESSADO']]);
    expect(tratados).toEqual([['evt_1', 'processado']]);
  });

  it('is put aside when it says nothing here', async () => {
    await processador(NADA).execute(WEBHOOK);
    expect([...pagamentos.concluidos]).toEqual([['evt_1', 'IGNORADO']]);
    expect(tratados).toEqual([['evt_1', 'ignorado']]);
  });

  it.each<[string, Fato]>([
    ['of a payment', PAGO],
    ['of nothing', NADA],
  ])('%s has no effect and is not told of when another worker has dealt with it', async (_, fato) => {
    pagamentos.concluidos.set('evt_1', 'PROCESSADO');
    await processador(fato).execute(WEBHOOK);
    expect([pagamentos.since('pag_1', 3), tratados]).toEqual([[], []]);
  });

  it('fails by a refusal of the domain', async () => {
    const alheio = { ...PAGO, de: { ...DE, clienteId: 'cli_2' } };
    await expect(processador(alheio).execute(WEBHOOK)).rejects.toMatchObject({ motivo: 'CAPTURA_ALHEIA' });
    expect(tratados).toEqual([]);
  });

  it('waits for the one before it of the same payment', async () => {
    const [um, outro] = [processador(PAGO), { ...WEBHOOK, id: 'evt_2' }];
    pagamentos.rivals.push([RECUSADO]);
    // The first loses a race to another process and decides again; the second loses none.
    await Promise.all([um.execute(WEBHOOK), um.execute(outro)]);
    expect(pagamentos.since('pag_1', 3)).toEqual(['CartaoRecusado', 'PagamentoAprovado']);
  });
});

describe('a webhook that arrives', () => {
  it('is dealt with in the transaction that stores it', async () => {
    expect(await processador(PAGO).aoChegar(WEBHOOK)).toBe(true);
    expect(pagamentos.since('pag_1', 3)).toEqual(['PagamentoAprovado']);
    expect(tratados).toEqual([['evt_1', 'processado']]);
  });

  it('has no effect when it has come before', async () => {
    pagamentos.concluidos.set('evt_1', 'PROCESSADO');
    expect(await processador(PAGO).aoChegar(WEBHOOK)).toBe(false);
    expect([pagamentos.since('pag_1', 3), tratados]).toEqual([[], []]);
  });

  it.each<[string, Fato | Error | undefined]>([
    ['has to be asked about', undefined],
    ['says nothing here', NADA],
    ['cannot be read', new SyntaxError('x')],
    ['the domain refuses', { ...PAGO, pagamentoId: 'pag_outro' }],
  ])('is left to the queue when it %s', async (_, dito) => {
    expect(await processador(dito).aoChegar(WEBHOOK)).toBeUndefined();
    expect(tratados).toEqual([]);
  });
});

describe('a webhook that failed', () => {
  const falhar = (erro: unknown, tentativas = 1) =>
    processador(NADA).putOff({ ...WEBHOOK, tentativas }, erro);
  const devolver = (recebido: number) =>
    processador(NADA).giveBack({ ...WEBHOOK, recebidoEm: depois(recebido) }, fora);
  const espera = () => {
    const [, , quando] = destinos[0] ?? [];
    return (quando as Date).getTime() - AGORA.getTime();
  };
  const recusa = new VersaoDesconhecidaError('x');
  const fora = new ProviderAwayError('away');

  it.each<[string, unknown, number]>([
    ['the domain refuses it', recusa, 1],
    ['it has been tried 25 times', new Error('x'), 25],
    ['it has been tried more often', new Error('x'), 26],
    ['Stripe has refused 25 times', new GatewayError('RECUSADO', 'x'), 25],
  ])('is given up when %s', async (_, erro, tentativas) => {
    const motivo = erro === recusa ? 'VERSAO_DESCONHECIDA' : String(erro);
    expect(await falhar(erro, tentativas)).toEqual({ item: 'evt_1', failures: tentativas, givenUp: true });
    expect(destinos).toEqual([['estacionar', 'evt_1', motivo, AGORA]]);
    expect(tratados).toEqual([['evt_1', 'estacionado', erro]]);
  });

  it.each<[string, unknown, number, number]>([
    ['once', new Error('x'), 1, 1_000],
    ['for the 24th time', new Error('x'), 24, 5 * 60_000],
    ['because Stripe refused', new GatewayError('RECUSADO', 'x'), 3, 4_000],
  ])('is tried again when it failed %s', async (_, erro, tentativas, ms) => {
    expect(await falhar(erro, tentativas)).toEqual({ item: 'evt_1', failures: tentativas, givenUp: false });
    expect(destinos).toEqual([['adiar', 'evt_1', expect.any(Date), String(erro)]]);
    expect(espera()).toBeGreaterThanOrEqual(ms / 2);
    expect(espera()).toBeLessThanOrEqual(ms);
    expect(tratados).toEqual([['evt_1', 'adiado', erro]]);
  });

  it('costs no attempt while Stripe is away', async () => {
    await devolver(-8_000);
    expect(destinos).toEqual([['devolver', 'evt_1', expect.any(Date), 'ProviderAwayError: away']]);
    // As long again as it has waited.
    expect(espera()).toBeGreaterThanOrEqual(4_000);
    expect(espera()).toBeLessThanOrEqual(8_000);
    expect(tratados).toEqual([['evt_1', 'adiado', fora]]);
  });

  it('comes again after five minutes at most', async () => {
    await devolver(-3_600_000);
    expect(espera()).toBeLessThanOrEqual(5 * 60_000);
    expect(espera()).toBeGreaterThanOrEqual(2.5 * 60_000);
  });
});
