import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { Modelo } from '../../src/modelos/domain/modelo.ts';
import { Harness, type Instancia } from '../support/harness.ts';
import { lerMime } from '../support/mime.ts';
import { SmtpInbox } from '../support/smtp-inbox.ts';

// Real servers on a busy machine: slowness is no failure.
jest.setTimeout(60_000);

describe('what becomes of the occurrences of a series', () => {
  let harness: Harness;
  let smtp: SmtpInbox;
  let clock: FixedClock;
  let instancias: Instancia[];
  let numero = 0;
  let cliente: string;

  beforeAll(async () => {
    harness = await Harness.start();
  });

  beforeEach(async () => {
    numero += 1;
    cliente = `cli_${numero}`;
    harness.serieId = `ser_${numero}`;
    clock = new FixedClock('2026-11-20T13:00:00Z');
    smtp = new SmtpInbox();
    await smtp.start();
    instancias = await Promise.all([1, 2].map(() => harness.instancia(smtp.url, clock)));
    await harness.registrar(cliente, 'Ana', `ana.${numero}@exemplo.com`);
  });

  afterEach(async () => {
    for (const instancia of instancias) await instancia.stop();
    await smtp.stop();
    await harness.database.dataSource.query('delete from notificacoes');
  });

  afterAll(() => harness?.stop());

  const reserva = (n: number) => `res_${numero}_${n}`;

  /** All of them are in this state. */
  const todas = (quantas: number, modelo: Modelo, ...tipos: string[]) =>
    eventually(async () => {
      const historias = await Promise.all(
        Array.from({ length: quantas }, (_, n) => harness.historico(reserva(n), modelo)),
      );
      expect(historias).toEqual(Array(quantas).fill(tipos));
    });

  const recebidas = () =>
    smtp.recebidas.map(({ bruta }) => {
      const { cabecalhos, partes } = lerMime(bruta);
      return { assunto: cabecalhos.get('subject'), texto: partes[0]?.texto ?? '', anexos: partes.length - 2 };
    });

  it('is one message when they are cancelled together, with what comes back of each', async () => {
    for (const n of [0, 1, 2]) {
      await harness.confirmar(reserva(n), cliente);
      await eventually(async () => expect(await harness.historico(reserva(n))).toEqual(['CRIADA']));
    }
    await Promise.all([0, 1, 2].map((n) => harness.cancelar(reserva(n), cliente)));
    await todas(3, 'RESERVA_CANCELADA', 'CRIADA');
    // An answer that is still being written keeps its message from going with the others.
    for (const n of [0, 1, 2]) await harness.tratado(`resposta_${reserva(n)}`);
    expect(smtp.recebidas).toEqual([]);
    clock.advance(30_000);
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
    await Promise.all([0, 1].map((n) => harness.confirmar(reserva(n), cliente)));
    await todas(2, 'RESERVA_CONFIRMADA', 'CRIADA');
    for (const n of [2, 3]) {
      await harness.criar(reserva(n), cliente, '2026-11-20T13:15:00Z');
      await harness.expirar(reserva(n), cliente, randomUUID());
    }
    await eventually(async () => {
      expect(await harness.historico(reserva(3), 'RESERVA_EXPIRADA')).toEqual(['CRIADA']);
      expect(await harness.historico(reserva(2), 'RESERVA_EXPIRADA')).toEqual(['CRIADA']);
    });
    clock.advance(30_000);
    await todas(2, 'RESERVA_CONFIRMADA', 'CRIADA', 'ENVIADA');
    await eventually(() => expect(smtp.recebidas).toHaveLength(2));
    expect(
      recebidas()
        .map(({ assunto }) => assunto)
        .sort(),
    ).toEqual(['2 reservas confirmadas: Sala Ipê', '2 reservas expiradas: Sala Ipê']);
    await harness.confirmar(reserva(4), cliente);
    await eventually(async () => expect(await harness.historico(reserva(4))).toEqual(['CRIADA']));
    clock.advance(30_000);
    await eventually(() => expect(smtp.recebidas).toHaveLength(3));
    expect(recebidas()[2]?.assunto).toMatch(/^Reserva confirmada: Sala Ipê, 24/);
  });

  it('tells that money is back after it has told of the cancellation, also when it is back first', async () => {
    for (const n of [0, 1]) {
      await harness.confirmar(reserva(n), cliente);
      await eventually(async () => expect(await harness.historico(reserva(n))).toEqual(['CRIADA']));
    }
    await Promise.all([0, 1].map((n) => harness.cancelar(reserva(n), cliente)));
    await todas(2, 'RESERVA_CANCELADA', 'CRIADA');
    for (const n of [0, 1]) await harness.estornar(reserva(n), cliente, n + 1);
    await todas(2, 'ESTORNO_CONCLUIDO', 'CRIADA');
    clock.advance(30_000);
    await todas(2, 'RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
    clock.advance(30_000);
    await todas(2, 'ESTORNO_CONCLUIDO', 'CRIADA', 'ENVIADA');
    expect(recebidas().map(({ assunto }) => assunto?.split(':')[0])).toEqual([
      '2 reservas canceladas',
      'Reembolso concluído',
      'Reembolso concluído',
    ]);
  });

  it('is tried again as one when the server refuses it', async () => {
    smtp.recusas.push({ codigo: 450, em: 'RCPT' });
    await Promise.all([0, 1].map((n) => harness.confirmar(reserva(n), cliente)));
    await todas(2, 'RESERVA_CONFIRMADA', 'CRIADA');
    clock.advance(30_000);
    await todas(2, 'RESERVA_CONFIRMADA', 'CRIADA', 'TENTATIVA_FALHOU');
    clock.advance(3_600_000);
    await todas(2, 'RESERVA_CONFIRMADA', 'CRIADA', 'TENTATIVA_FALHOU', 'ENVIADA');
    expect(smtp.recebidas).toHaveLength(1);
  });
});
