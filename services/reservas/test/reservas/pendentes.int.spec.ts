import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { IdGenerator } from '@plataforma/domain/id';
import { NENHUMA_DISPENSA } from '../../src/espacos/domain/dispensas.ts';
import type { Espaco } from '../../src/espacos/domain/espaco.ts';
import { LIMITES_DE_PENDENTES_PADRAO } from '../../src/espacos/domain/limites-de-pendentes.ts';
import {
  type CriarReservaCommand,
  CriarReservaHandler,
} from '../../src/reservas/application/criar-reserva.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import { InMemoryObservador } from '../doubles.ts';
import { NOW, newId, storeEspaco } from '../reservas-fixture.ts';

const ids: IdGenerator = { next: async (prefixo) => newId(prefixo) };
const MINUTO = 60_000;

let ciclo: Ciclo;
let criar: CriarReservaHandler;
let espaco: Espaco;
let clienteId: string;

beforeAll(async () => {
  ciclo = await Ciclo.open();
  const { uow, clock, cobrancas } = ciclo;
  criar = new CriarReservaHandler({
    uow,
    ids,
    clock,
    cobrancas,
    observador: new InMemoryObservador(),
    bonusPercentual: 10,
  });
});

afterAll(() => ciclo.close());

beforeEach(async () => {
  ciclo.clock.set(NOW);
  espaco = await storeEspaco(ciclo.uow, { limitesPendentes: LIMITES_DE_PENDENTES_PADRAO });
  clienteId = newId('cli');
  // Somebody else may book for them.
  await ciclo.dataSource.query('insert into contas (usuario_id, versao, ativa) values ($1, 1, true)', [
    clienteId,
  ]);
});

function pedido(dia: number, horas = 1, mudancas: Partial<CriarReservaCommand> = {}): CriarReservaCommand {
  const inicio = new Date(Date.UTC(2026, 5, dia, 10));
  const fim = new Date(inicio.getTime() + horas * 60 * MINUTO);
  return {
    ...{ clienteId, espacoId: espaco.id, inicio, fim, extras: [], quem: clienteId },
    ...{ cotacaoId: undefined, dispensas: NENHUMA_DISPENSA },
    ...mudancas,
  };
}

async function reservar(...args: Parameters<typeof pedido>): Promise<string> {
  const criada = await criar.execute(pedido(...args));
  if (criada.isFailure) throw criada.error;
  return criada.value.id;
}

/** The outcome in one word. */
async function resposta(...args: Parameters<typeof pedido>): Promise<string> {
  const criada = await criar.execute(pedido(...args));
  return criada.isFailure ? criada.error.motivo : criada.value.status;
}

async function cancelar(reservaId: string, quem = { id: clienteId, admin: false }): Promise<void> {
  const cancelada = await ciclo.cancelar.execute({
    reservaId,
    solicitante: quem,
    motivo: 'spec',
    excecao: undefined,
  });
  if (cancelada.isFailure) throw cancelada.error;
}

describe('unpaid holds of one customer', () => {
  it('are three at a time, in all spaces together', async () => {
    await reservar(10);
    await reservar(11);
    const outro = await storeEspaco(ciclo.uow, { limitesPendentes: LIMITES_DE_PENDENTES_PADRAO });
    await reservar(12, 1, { espacoId: outro.id });
    const recusada = await criar.execute(pedido(13));
    expect(recusada.isFailure && recusada.error).toMatchObject({
      motivo: 'LIMITE_DE_PENDENTES',
      detalhes: { maximo: 3, ateQuando: '2026-06-02T09:15:00.000Z' },
    });
  });

  it('leave room again when one is paid, cancelled or has run out', async () => {
    const [paga, cancelada] = [await reservar(10), await reservar(11)];
    const vencida = await reservar(12);
    expect(await resposta(13)).toBe('LIMITE_DE_PENDENTES');
    await ciclo.pagar(paga);
    expect(await resposta(13)).toBe('PENDENTE_PAGAMENTO');
    await cancelar(cancelada);
    expect(await resposta(14)).toBe('PENDENTE_PAGAMENTO');
    ciclo.clock.set('2026-06-02T09:16:00Z');
    await ciclo.prazos.execute('ESPERA');
    expect(await ciclo.status(vencida)).toBe('EXPIRANDO');
    expect(await resposta(15)).toBe('LIMITE_DE_PENDENTES');
    await ciclo.encerrarCobranca(vencida);
    expect(await resposta(15)).toBe('PENDENTE_PAGAMENTO');
  });

  it('are 24 hours together at most', async () => {
    await reservar(10, 12);
    await reservar(12, 11);
    expect(await resposta(14, 2)).toBe('LIMITE_DE_HORAS_PENDENTES');
    expect(await resposta(14, 1)).toBe('PENDENTE_PAGAMENTO');
  });

  it('stay within the limit when many are asked for at once', async () => {
    const dias = [10, 11, 12, 13, 14, 15, 16, 17];
    const respostas = await Promise.all(dias.map((dia) => resposta(dia)));
    expect(respostas.filter((motivo) => motivo === 'PENDENTE_PAGAMENTO')).toHaveLength(3);
    expect(respostas.filter((motivo) => motivo === 'LIMITE_DE_PENDENTES')).toHaveLength(5);
  });

  it('do not count where somebody else made them, nor stop somebody else from making one', async () => {
    const admin = newId('cli');
    for (const dia of [10, 11, 12]) await reservar(dia, 1, { quem: admin });
    for (const dia of [13, 14, 15]) expect(await resposta(dia)).toBe('PENDENTE_PAGAMENTO');
    expect(await resposta(16)).toBe('LIMITE_DE_PENDENTES');
    expect(await resposta(16, 1, { quem: admin })).toBe('PENDENTE_PAGAMENTO');
  });

  it('may be more where the space says so, or an admin leaves the limit aside', async () => {
    for (const dia of [10, 11, 12]) await reservar(dia);
    const dispensas = { ...NENHUMA_DISPENSA, limite: true, motivo: 'curso' };
    expect(await resposta(13, 1, { dispensas })).toBe('PENDENTE_PAGAMENTO');
    const limitesPendentes = { reservas: 5, horas: 48, resfriamentoMinutos: 30 };
    const outro = await storeEspaco(ciclo.uow, { limitesPendentes });
    expect(await resposta(14, 1, { espacoId: outro.id })).toBe('PENDENTE_PAGAMENTO');
    expect(await resposta(15)).toBe('LIMITE_DE_RESERVAS');
  });
});

describe('a period that was held and not paid', () => {
  it('is not for the same customer for 30 minutes, whoever else may have it', async () => {
    await cancelar(await reservar(10, 2));
    const recusada = await criar.execute(pedido(10));
    expect(recusada.isFailure && recusada.error).toMatchObject({
      motivo: 'PENDENCIA_RECENTE',
      detalhes: { minutos: 30, ateQuando: '2026-06-02T09:30:00.000Z' },
    });
    const outro = newId('cli');
    const doOutro = await reservar(10, 1, { clienteId: outro, quem: outro });
    await cancelar(doOutro, { id: outro, admin: false });
    ciclo.clock.set('2026-06-02T09:29:59.999Z');
    expect(await resposta(10)).toBe('PENDENCIA_RECENTE');
    ciclo.clock.set('2026-06-02T09:30:00Z');
    expect(await resposta(10)).toBe('PENDENTE_PAGAMENTO');
  });

  it('counts from the end of a hold that ran out', async () => {
    const id = await reservar(10);
    ciclo.clock.set('2026-06-02T09:20:00Z');
    await ciclo.prazos.execute('ESPERA');
    await ciclo.encerrarCobranca(id);
    expect(await ciclo.status(id)).toBe('EXPIRADA');
    expect(await resposta(10)).toBe('PENDENCIA_RECENTE');
    ciclo.clock.set('2026-06-02T09:50:00Z');
    expect(await resposta(10)).toBe('PENDENTE_PAGAMENTO');
  });

  it('leaves other periods and other spaces alone, and what was paid and cancelled', async () => {
    await cancelar(await reservar(10));
    expect(await resposta(11)).toBe('PENDENTE_PAGAMENTO');
    const outro = await storeEspaco(ciclo.uow, { limitesPendentes: LIMITES_DE_PENDENTES_PADRAO });
    expect(await resposta(10, 1, { espacoId: outro.id })).toBe('PENDENTE_PAGAMENTO');
    const paga = await reservar(12);
    await ciclo.pagar(paga);
    await cancelar(paga);
    expect(await resposta(12)).toBe('PENDENTE_PAGAMENTO');
  });

  it('is free at once for whom somebody else took it from', async () => {
    await cancelar(await reservar(10), { id: newId('cli'), admin: true });
    expect(await resposta(10)).toBe('PENDENTE_PAGAMENTO');
  });

  it('is free at once for whom somebody else held it', async () => {
    const admin = newId('cli');
    await cancelar(await reservar(10, 1, { quem: admin }), { id: admin, admin: true });
    expect(await resposta(10)).toBe('PENDENTE_PAGAMENTO');
  });
});
