import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import type { Modelo } from '../../src/modelos/domain/modelo.ts';
import { lerMime } from '../support/mime.ts';
import { useTestCase } from '../support/use-test-case.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

describe('what becomes of the occurrences of a series', () => {
  const testCase = useTestCase();

  beforeEach(async () => {
    testCase.harness.serieId = `ser_${testCase.numero}`;
    await Promise.all([testCase.start(), testCase.start()]);
    await testCase.harness.registrar(testCase.cliente, 'Ana', `ana.${testCase.numero}@exemplo.com`);
  });

  const reserva = (n: number) => `res_${testCase.numero}_${n}`;

  /** All of them are in this state. */
  const todas = (quantas: number, modelo: Modelo, ...tipos: string[]) =>
    eventually(async () => {
      const historias = await Promise.all(
        Array.from({ length: quantas }, (_, n) => testCase.harness.historico(reserva(n), modelo)),
      );
      expect(historias).toEqual(Array(quantas).fill(tipos));
    });

  const recebidas = () =>
    testCase.smtp.received.map(({ raw }) => {
      const { cabecalhos, partes } = lerMime(raw);
      return { assunto: cabecalhos.get('subject'), texto: partes[0]?.texto ?? '', anexos: partes.length - 2 };
    });

  it('is one message when they are cancelled together, with what comes back of each', async () => {
    for (const n of [0, 1, 2]) {
      await testCase.harness.confirmar(reserva(n), testCase.cliente);
      await eventually(async () => expect(await testCase.harness.historico(reserva(n))).toEqual(['CRIADA']));
    }
    await Promise.all([0, 1, 2].map((n) => testCase.harness.cancelar(reserva(n), testCase.cliente)));
    await todas(3, 'RESERVA_CANCELADA', 'CRIADA');
    // An answer that is still being written keeps its message from going with the others.
    for (const n of [0, 1, 2]) await testCase.harness.handled(`resposta_${reserva(n)}`);
    expect(testCase.smtp.received).toEqual([]);
    testCase.clock.advance(30_000);
    await todas(3, 'RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
    // They were confirmed and cancelled before the customer was told.
    await todas(3, 'RESERVA_CONFIRMADA', 'CRIADA', 'SUPRIMIDA');
    const [mensagem, ...mais] = recebidas();
    expect(mais).toEqual([]);
    expect(mensagem).toMatchObject({ assunto: '3 reservas canceladas: Sala Ipê', anexos: 3 });
    for (const n of [0, 1, 2])
      expect(mensagem?.texto).toContain(`24/11/2026 às 14:00: ${reserva(n)} · reembolso de R$\u00a0125,00`);
    expect(mensagem?.texto).toContain('Total do reembolso: R$\u00a0375,00');
  });

  it('is one message when they are confirmed or expire together, and of one alone as of any other', async () => {
    await Promise.all([0, 1].map((n) => testCase.harness.confirmar(reserva(n), testCase.cliente)));
    await todas(2, 'RESERVA_CONFIRMADA', 'CRIADA');
    for (const n of [2, 3]) {
      await testCase.harness.criar(reserva(n), testCase.cliente, '2026-11-20T13:15:00Z');
      await testCase.harness.expirar(reserva(n), testCase.cliente, randomUUID());
    }
    await eventually(async () => {
      expect(await testCase.harness.historico(reserva(3), 'RESERVA_EXPIRADA')).toEqual(['CRIADA']);
      expect(await testCase.harness.historico(reserva(2), 'RESERVA_EXPIRADA')).toEqual(['CRIADA']);
    });
    testCase.clock.advance(30_000);
    await todas(2, 'RESERVA_CONFIRMADA', 'CRIADA', 'ENVIADA');
    await eventually(() => expect(testCase.smtp.received).toHaveLength(2));
    expect(
      recebidas()
        .map(({ assunto }) => assunto)
        .sort(),
    ).toEqual(['2 reservas confirmadas: Sala Ipê', '2 reservas expiradas: Sala Ipê']);
    await testCase.harness.confirmar(reserva(4), testCase.cliente);
    await eventually(async () => expect(await testCase.harness.historico(reserva(4))).toEqual(['CRIADA']));
    testCase.clock.advance(30_000);
    await eventually(() => expect(testCase.smtp.received).toHaveLength(3));
    expect(recebidas()[2]?.assunto).toMatch(/^Reserva confirmada: Sala Ipê, 24/);
  });

  it('tells that money is back after it has told of the cancellation, also when it is back first', async () => {
    for (const n of [0, 1]) {
      await testCase.harness.confirmar(reserva(n), testCase.cliente);
      await eventually(async () => expect(await testCase.harness.historico(reserva(n))).toEqual(['CRIADA']));
    }
    await Promise.all([0, 1].map((n) => testCase.harness.cancelar(reserva(n), testCase.cliente)));
    await todas(2, 'RESERVA_CANCELADA', 'CRIADA');
    for (const n of [0, 1]) await testCase.harness.estornar(reserva(n), testCase.cliente, n + 1);
    await todas(2, 'ESTORNO_CONCLUIDO', 'CRIADA');
    testCase.clock.advance(30_000);
    await todas(2, 'RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
    testCase.clock.advance(30_000);
    await todas(2, 'ESTORNO_CONCLUIDO', 'CRIADA', 'ENVIADA');
    expect(recebidas().map(({ assunto }) => assunto?.split(':')[0])).toEqual([
      '2 reservas canceladas',
      'Reembolso concluído',
      'Reembolso concluído',
    ]);
  });

  it('is tried again as one when the server refuses it', async () => {
    testCase.smtp.refusals.push({ code: 450, at: 'RCPT' });
    await Promise.all([0, 1].map((n) => testCase.harness.confirmar(reserva(n), testCase.cliente)));
    await todas(2, 'RESERVA_CONFIRMADA', 'CRIADA');
    testCase.clock.advance(30_000);
    await todas(2, 'RESERVA_CONFIRMADA', 'CRIADA', 'TENTATIVA_FALHOU');
    testCase.clock.advance(3_600_000);
    await todas(2, 'RESERVA_CONFIRMADA', 'CRIADA', 'TENTATIVA_FALHOU', 'ENVIADA');
    expect(testCase.smtp.received).toHaveLength(1);
  });
});
