import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import ICAL from 'ical.js';
import type { Modelo } from '../../src/domain/notificacao.ts';
import { Harness, type Instancia } from '../support/harness.ts';
import { lerMime } from '../support/mime.ts';
import { SmtpInbox } from '../support/smtp-inbox.ts';

describe('what happens to a reservation and what its customer is told', () => {
  let harness: Harness;
  let smtp: SmtpInbox;
  let clock: FixedClock;
  let instancias: Instancia[];
  let numero = 0;
  let cliente: string;
  let reserva: string;

  beforeAll(async () => {
    harness = await Harness.start();
  });

  beforeEach(async () => {
    numero += 1;
    cliente = `cli_${numero}`;
    reserva = `res_${numero}`;
    instancias = [];
    clock = new FixedClock('2026-11-20T13:00:00Z');
    smtp = new SmtpInbox();
    await smtp.start();
    await iniciar();
    await harness.registrar(cliente, 'Ana', `ana.${numero}@exemplo.com`);
  });

  afterEach(async () => {
    for (const instancia of instancias) await instancia.stop();
    await smtp.stop();
    await harness.database.dataSource.query('delete from notificacoes');
  });

  afterAll(() => harness.stop());

  async function iniciar(): Promise<void> {
    instancias.push(await harness.instancia(smtp.url, clock));
  }

  const terminou = (modelo: Modelo, ...tipos: string[]) =>
    eventually(async () => expect(await harness.historico(reserva, modelo)).toEqual(tipos));

  const assuntos = () =>
    smtp.recebidas.map(({ bruta }) => lerMime(bruta).cabecalhos.get('subject')?.replace(/:.*/, '')).sort();

  describe('a cancellation', () => {
    it('is told once, with the file that takes the entry away, however often it comes', async () => {
      await iniciar();
      await harness.confirmar(reserva, cliente);
      await terminou('RESERVA_CONFIRMADA', 'CRIADA', 'ENVIADA');
      const evento = randomUUID();
      await Promise.all([1, 2, 3].map(() => harness.cancelar(reserva, cliente, evento)));
      await harness.cancelar(reserva, cliente);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      expect(assuntos()).toEqual(['Reserva cancelada', 'Reserva confirmada']);
      const anexo = lerMime(smtp.recebidas[1]?.bruta ?? '').partes[2];
      expect(anexo?.cabecalhos.get('content-type')).toContain('method=CANCEL');
      const calendario = new ICAL.Component(ICAL.parse(anexo?.texto ?? ''));
      expect(calendario.getFirstPropertyValue('method')).toBe('CANCEL');
      const vevent = calendario.getFirstSubcomponent('vevent');
      expect(vevent?.getFirstPropertyValue('uid')).toBe(`${reserva}@plataforma.local`);
    });

    it('that is faster than the confirmation is told alone, without a file', async () => {
      await harness.cancelar(reserva, cliente);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      const tarde = randomUUID();
      await harness.confirmar(reserva, cliente, tarde);
      await harness.tratado(tarde);
      expect(await harness.historico(reserva, 'RESERVA_CONFIRMADA')).toEqual([]);
      expect(lerMime(smtp.recebidas[0]?.bruta ?? '').partes).toHaveLength(2);
    });

    it('takes back a confirmation that could not be sent yet', async () => {
      smtp.recusas.push({ codigo: 450, em: 'RCPT' });
      await harness.confirmar(reserva, cliente);
      await terminou('RESERVA_CONFIRMADA', 'CRIADA', 'TENTATIVA_FALHOU');
      await harness.cancelar(reserva, cliente);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      clock.advance(3_600_000);
      expect(await harness.historico(reserva, 'RESERVA_CONFIRMADA')).toEqual([
        'CRIADA',
        'TENTATIVA_FALHOU',
        'SUPRIMIDA',
      ]);
      expect(assuntos()).toEqual(['Reserva cancelada']);
    });
  });
});
