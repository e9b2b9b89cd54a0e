import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { StatusEstorno } from '../../src/reservas/domain/estado-reserva.ts';
import { contarEstornosParados } from '../../src/saga/infrastructure/contagens.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import { NOW } from '../reservas-fixture.ts';

let ciclo: Ciclo;

beforeAll(async () => {
  ciclo = await Ciclo.open();
});

afterAll(() => ciclo.close());

beforeEach(() => ciclo.clock.set(NOW));

const NUNCA = new Date('2000-01-01T00:00:00Z');
const MINUTO_MS = 60_000;

async function cancelar({ id, clienteId }: { readonly id: string; readonly clienteId: string }) {
  const solicitante = { id: clienteId, admin: false };
  const pedido = { reservaId: id, solicitante, motivo: '', excecao: undefined };
  const cancelada = await ciclo.cancelar.execute(pedido);
  if (cancelada.isFailure) throw cancelada.error;
}

async function paga() {
  const reserva = await ciclo.esperando();
  await ciclo.pagar(reserva.id);
  return reserva;
}

async function comDevolucao() {
  const reserva = await paga();
  await cancelar(reserva);
  return reserva;
}

function estornar(id: string, numero: number, status: StatusEstorno): Promise<void> {
  const estorno = { numero, status, valor: Dinheiro.deCentavos(1n) };
  return ciclo.receber({ tipo: 'EstornoMudou', ...ciclo.pagamento(id), estorno });
}

const MEIOS = {
  'a refund of which pagamentos has said nothing': comDevolucao,
  'one that was announced again meanwhile': async () => {
    const reserva = await comDevolucao();
    ciclo.clock.advance(MINUTO_MS);
    while (await ciclo.prazos.execute('DEVOLUCAO'));
    ciclo.clock.set(NOW);
    return reserva;
  },
  'a payment that could not be used': async () => {
    const reserva = await ciclo.esperando();
    await cancelar(reserva);
    await ciclo.pagar(reserva.id);
    return reserva;
  },
  'one that is due although an earlier refund is done': async () => {
    const reserva = await paga();
    await estornar(reserva.id, 1, 'CONCLUIDO');
    await cancelar(reserva);
    return reserva;
  },
  'one that pagamentos has refused': async () => {
    const { id } = await comDevolucao();
    await ciclo.receber({ tipo: 'DevolucaoRecusada', reservaId: id, motivo: 'nada a devolver' });
  },
  'one that the provider works on': async () => estornar((await comDevolucao()).id, 1, 'SOLICITADO'),
  'one that failed': async () => estornar((await comDevolucao()).id, 1, 'FALHOU'),
  'one that is done': async () => estornar((await comDevolucao()).id, 1, 'CONCLUIDO'),
  'a cancellation with nothing to give back': async () => cancelar(await ciclo.esperando()),
} as const;

/** What is counted now and was not before, when answers are late since one instant and refunds since the other. */
async function novos(fazer: () => Promise<unknown>, semResposta: Date, pedido: Date): Promise<string[]> {
  const contar = async () => {
    const contas = await contarEstornosParados(ciclo.dataSource, semResposta, pedido);
    return new Map(contas.map(({ situacao, total }) => [situacao, total]));
  };
  const antes = await contar();
  await fazer();
  const depois = await contar();
  return [...depois].filter(([nome, total]) => total > (antes.get(nome) ?? 0)).map(([nome]) => nome);
}

describe('refunds that do not get on', () => {
  it.each<[keyof typeof MEIOS, aoPassar: { resposta: string[]; pedido: string[]; nenhum: string[] }]>([
    ['a refund of which pagamentos has said nothing', { resposta: ['SEM_RESPOSTA'], pedido: [], nenhum: [] }],
    ['one that was announced again meanwhile', { resposta: ['SEM_RESPOSTA'], pedido: [], nenhum: [] }],
    ['a payment that could not be used', { resposta: ['SEM_RESPOSTA'], pedido: [], nenhum: [] }],
    [
      'one that is due although an earlier refund is done',
      { resposta: ['SEM_RESPOSTA'], pedido: [], nenhum: [] },
    ],
    ['one that pagamentos has refused', { resposta: ['RECUSADA'], pedido: [], nenhum: [] }],
    ['one that the provider works on', { resposta: [], pedido: ['SOLICITADO'], nenhum: [] }],
    ['one that failed', { resposta: ['FALHOU'], pedido: ['FALHOU'], nenhum: ['FALHOU'] }],
    ['one that is done', { resposta: [], pedido: [], nenhum: [] }],
    ['a cancellation with nothing to give back', { resposta: [], pedido: [], nenhum: [] }],
  ])('count %s when its time is over, and not before', async (meio, { resposta, pedido, nenhum }) => {
    const agora = new Date(NOW);
    expect(await novos(MEIOS[meio], agora, NUNCA)).toEqual(resposta);
    expect(await novos(MEIOS[meio], NUNCA, agora)).toEqual(pedido);
    expect(await novos(MEIOS[meio], NUNCA, NUNCA)).toEqual(nenhum);
  });
});

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);
