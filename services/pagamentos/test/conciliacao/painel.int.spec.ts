import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { DataSource } from 'typeorm';
import { PostgresPainelDeReconciliacao } from '../../src/conciliacao/infrastructure/painel-de-reconciliacao.ts';
import { openTestDatabase } from '../pagamentos-under-test.ts';

const AGORA = new Date('2026-11-24T12:00:00Z');
const MINUTO_MS = 60_000;
const DIA_MS = 24 * 60 * MINUTO_MS;
const depois = (ms: number) => new Date(AGORA.getTime() + ms);

let dataSource: DataSource;
let close: () => Promise<void>;
let painel: PostgresPainelDeReconciliacao;

beforeAll(async () => {
  ({ dataSource, close } = await openTestDatabase());
  painel = new PostgresPainelDeReconciliacao(dataSource);
});

beforeEach(() =>
  dataSource.query(
    'delete from encerramentos_pendentes; delete from estornos; delete from desfechos_reserva; delete from pagamentos',
  ),
);

afterAll(() => close());

interface Linha {
  readonly status: string;
  readonly sessao_id: string | null;
  readonly intencao_id: string | null;
  readonly aprovado_em: Date | null;
  readonly atualizado_em: Date;
  readonly verificar_em: Date | null;
  readonly creditos: number;
  readonly creditos_retidos: number;
}

/** A row of a payment; open unless the test says otherwise. */
async function linha(id: string, mudanca: Partial<Linha> = {}): Promise<void> {
  const aberta = { status: 'PENDENTE', sessao_id: `cs_${id}`, intencao_id: null, aprovado_em: null };
  const dados = {
    ...aberta,
    atualizado_em: AGORA,
    verificar_em: AGORA,
    creditos: 0,
    creditos_retidos: 0,
    ...mudanca,
  };
  const colunas = Object.keys(dados);
  const checkout = dados.sessao_id === null ? 'null, null' : `'x', $2::timestamptz`;
  await dataSource.query(
    `insert into pagamentos (id, reserva_id, cliente_id, centavos, moeda, descricao, expira_em, criado_em, versao,
       checkout_url, checkout_expira_em, ${colunas.join()})
     values ($1, $1, 'cli_1', 1000, 'BRL', '', $2, $2, 1, ${checkout}, ${colunas.map((_, i) => `$${i + 3}`)})`,
    [id, AGORA, ...Object.values(dados)],
  );
}

const paga = (id: string, mudanca: Partial<Linha> = {}) =>
  linha(id, { status: 'APROVADO', intencao_id: `pi_${id}`, aprovado_em: AGORA, ...mudanca });

const turnos = async () =>
  Object.fromEntries(
    (await dataSource.query('select id, verificar_em from pagamentos')).map(
      ({ id, verificar_em }: { id: string; verificar_em: Date | null }) => [id, verificar_em],
    ),
  );

describe('the turns of payments to be compared', () => {
  const POSSE_ATE = depois(5 * MINUTO_MS);

  it('go to open ones with a session and to captured ones, once they are due', async () => {
    await linha('pag_aberta');
    await linha('pag_cedo', { verificar_em: depois(1) });
    await linha('pag_semSessao', { sessao_id: null, status: 'PENDENTE' });
    await linha('pag_fechada', { status: 'CANCELADO' });
    await paga('pag_paga');
    await paga('pag_pagaCedo', { verificar_em: depois(1) });
    await paga('pag_creditosSo', { intencao_id: null, creditos: 1_000 });
    expect([...(await painel.reivindicar(AGORA, POSSE_ATE, 9))].sort()).toEqual(['pag_aberta', 'pag_paga']);
    expect(await turnos()).toMatchObject({
      pag_aberta: POSSE_ATE,
      pag_paga: POSSE_ATE,
      pag_cedo: depois(1),
      pag_fechada: AGORA,
    });
  });

  it('go to those that have been due for longest, of either kind', async () => {
    for (const ms of [2, 3, 1]) {
      await linha(`pag_aberta${ms}`, { verificar_em: depois(-ms) });
      await paga(`pag_paga${ms}`, { verificar_em: depois(-ms) });
    }
    const tomadas = [...(await painel.reivindicar(AGORA, POSSE_ATE, 2))].sort();
    expect(tomadas).toEqual(['pag_aberta3', 'pag_paga3']);
    const seguintes = [...(await painel.reivindicar(AGORA, POSSE_ATE, 2))].sort();
    expect(seguintes).toEqual(['pag_aberta2', 'pag_paga2']);
  });

  it('come again for captured ones, as long as they are followed', async () => {
    await linha('pag_aberta');
    await paga('pag_nova', { aprovado_em: depois(1) });
    await paga('pag_velha');
    await paga('pag_outra');
    await painel.comparados(['pag_aberta', 'pag_nova', 'pag_velha'], POSSE_ATE, AGORA);
    expect(await turnos()).toEqual({
      pag_aberta: AGORA,
      pag_nova: POSSE_ATE,
      pag_velha: null,
      pag_outra: AGORA,
    });
  });

  it('are given back to be due at once, alone', async () => {
    await linha('pag_uma');
    await linha('pag_outra');
    await painel.soltar(['pag_uma'], depois(7));
    expect(await turnos()).toEqual({ pag_uma: depois(7), pag_outra: AGORA });
  });

  it('are listed by id, due or not, for everything', async () => {
    for (const id of ['pag_a', 'pag_b', 'pag_c']) await linha(id, { verificar_em: null });
    await linha('pag_semSessao', { sessao_id: null });
    await linha('pag_fechada', { status: 'CANCELADO' });
    await paga('pag_d', { verificar_em: null });
    expect(await painel.todos('', 9)).toEqual(['pag_a', 'pag_b', 'pag_c', 'pag_d']);
    expect(await painel.todos('pag_a', 2)).toEqual(['pag_b', 'pag_c']);
  });
});

describe('captured money', () => {
  const semReserva = () => painel.semReserva(depois(5 * MINUTO_MS));

  it('is asked about after five minutes, unless a reservation stands on it', async () => {
    await linha('pag_aberta', { aprovado_em: null });
    await paga('pag_esquecida', { aprovado_em: depois(-1) });
    await paga('pag_maisVelha', { aprovado_em: depois(-2) });
    await paga('pag_recente');
    await paga('pag_devolvida', { aprovado_em: depois(-1), status: 'ESTORNO_PENDENTE' });
    await paga('pag_aproveitada', { aprovado_em: depois(-1) });
    await painel.registrar({ reservaId: 'res', pagamentoId: 'pag_aproveitada' }, AGORA);
    expect(await semReserva()).toEqual(['pag_maisVelha', 'pag_esquecida']);
    expect(await painel.contas(depois(5 * MINUTO_MS))).toMatchObject({
      semReserva: ['pag_maisVelha', 'pag_esquecida'],
    });
  });

  it('is noted for the reservation that it confirms, the last one that was told', async () => {
    await paga('pag_a', { aprovado_em: depois(-1) });
    await paga('pag_b', { aprovado_em: depois(-1) });
    // A reservation without a price has no payment.
    await painel.registrar({ reservaId: 'gratis', pagamentoId: '' }, AGORA);
    await painel.registrar({ reservaId: 'res', pagamentoId: 'pag_a' }, AGORA);
    await painel.registrar({ reservaId: 'res', pagamentoId: 'pag_a' }, depois(1));
    expect(await semReserva()).toEqual(['pag_b']);
    await painel.registrar({ reservaId: 'res', pagamentoId: 'pag_b' }, depois(2));
    expect(await dataSource.query('select * from desfechos_reserva')).toMatchObject([
      { reserva_id: 'res', desfecho: 'CONFIRMADA', pagamento_id: 'pag_b', ocorrido_em: depois(2) },
    ]);
  });
});

describe('what takes too long', () => {
  const VAZIAS = {
    semReserva: [],
    estornosAtrasados: [],
    encerramentosAtrasados: [],
    creditosDivergentes: [],
  };

  it('is a refund under way for more than a day', async () => {
    await paga('pag_p', { status: 'ESTORNO_PENDENTE' });
    const estorno = (numero: number, situacao: string, em: Date) =>
      dataSource.query(
        `insert into estornos (pagamento_id, numero, centavos, moeda, origem, situacao, solicitado_em, refund_id, tentar_em)
         values ('pag_p', $1, 1, 'BRL', 'ADMIN', $2, $3, 're_' || $1::int, $4)`,
        [numero, situacao, em, ['SOLICITADO', 'PENDENTE'].includes(situacao) ? em : null],
      );
    await estorno(1, 'SOLICITADO', depois(-1));
    await estorno(2, 'PENDENTE', depois(-2));
    await estorno(3, 'PENDENTE', AGORA);
    await estorno(4, 'CONCLUIDO', depois(-1));
    await estorno(5, 'FALHOU', depois(-1));
    expect(await painel.contas(depois(DIA_MS))).toEqual({
      ...VAZIAS,
      estornosAtrasados: ['pag_p:2', 'pag_p:1'],
    });
  });

  it('is a charge that waits to be closed for more than five minutes', async () => {
    for (const [id, em] of [
      ['pag_atrasada', depois(-1)],
      ['pag_recente', AGORA],
    ] as const) {
      await linha(id, { atualizado_em: em });
      await dataSource.query(
        'insert into encerramentos_pendentes (pagamento_id, tentar_em) values ($1, $2)',
        [id, em],
      );
    }
    await linha('pag_outra', { atualizado_em: depois(-1) });
    const contas = await painel.contas(depois(5 * MINUTO_MS));
    expect(contas).toEqual({ ...VAZIAS, encerramentosAtrasados: ['pag_atrasada'] });
  });

  it('is credit that the ledger does not keep, of what has changed within a day', async () => {
    await linha('pag_falta', { creditos: 5, creditos_retidos: 5, atualizado_em: depois(1) });
    await linha('pag_velha', { creditos: 5, creditos_retidos: 5 });
    await linha('pag_sem', { creditos: 0, creditos_retidos: 0, atualizado_em: depois(1) });
    await linha('pag_devolvida', { creditos: 5, creditos_retidos: 0, atualizado_em: depois(1) });
    expect(await painel.contas(depois(DIA_MS))).toEqual({ ...VAZIAS, creditosDivergentes: ['pag_falta'] });
  });
});
