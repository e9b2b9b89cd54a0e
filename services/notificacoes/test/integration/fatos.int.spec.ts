import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { eventually } from '@plataforma/testing/eventually';
import { PostgresConsultaDeNotificacoes } from '../../src/mensagens/infrastructure/consulta-de-notificacoes.ts';
import type { Modelo } from '../../src/modelos/domain/modelo.ts';
import { PREFERENCIAS_INICIAIS, type Preferencias } from '../../src/preferencias/domain/preferencias.ts';
import { PostgresPreferenciasRepository } from '../../src/preferencias/infrastructure/preferencias-repository.ts';
import { readCalendario } from '../support/calendario.ts';
import { CHECKOUT } from '../support/harness.ts';
import { lerMime } from '../support/mime.ts';
import { useTestCase } from '../support/use-test-case.ts';

describe('what happens to a reservation and what its customer is told', () => {
  const testCase = useTestCase();

  beforeEach(async () => {
    await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana', `ana.${testCase.numero}@exemplo.com`);
  });

  const terminou = (modelo: Modelo, ...tipos: string[]) =>
    eventually(async () => expect(await testCase.harness.historico(testCase.reserva, modelo)).toEqual(tipos));

  const assuntos = () =>
    testCase.smtp.received
      .map(({ raw }) => lerMime(raw).cabecalhos.get('subject')?.replace(/:.*/, ''))
      .sort();

  describe('a cancellation', () => {
    it('is told once, with the file that takes the entry away, however often it comes', async () => {
      await testCase.start();
      await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
      await terminou('RESERVA_CONFIRMADA', 'CRIADA', 'ENVIADA');
      const evento = randomUUID();
      await Promise.all(
        [1, 2, 3].map(() => testCase.harness.cancelar(testCase.reserva, testCase.cliente, evento)),
      );
      await testCase.harness.cancelar(testCase.reserva, testCase.cliente);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      expect(assuntos()).toEqual(['Reserva cancelada', 'Reserva confirmada']);
      const anexo = lerMime(testCase.smtp.received[1]?.raw ?? '').partes[2];
      expect(anexo?.cabecalhos.get('content-type')).toContain('method=CANCEL');
      const { calendario, evento: retirado } = readCalendario(anexo?.texto ?? '');
      expect(calendario.method).toBe('CANCEL');
      expect(retirado.uid).toBe(`${testCase.reserva}@plataforma.local`);
    });

    it('that is faster than the confirmation is told alone, without a file', async () => {
      await testCase.harness.cancelar(testCase.reserva, testCase.cliente);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      const tarde = randomUUID();
      await testCase.harness.confirmar(testCase.reserva, testCase.cliente, tarde);
      await testCase.harness.handled(tarde);
      expect(await testCase.harness.historico(testCase.reserva, 'RESERVA_CONFIRMADA')).toEqual([]);
      expect(lerMime(testCase.smtp.received[0]?.raw ?? '').partes).toHaveLength(2);
    });

    it('takes back a confirmation that could not be sent yet', async () => {
      testCase.smtp.refusals.push({ code: 450, at: 'RCPT' });
      await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
      await terminou('RESERVA_CONFIRMADA', 'CRIADA', 'TENTATIVA_FALHOU');
      await testCase.harness.cancelar(testCase.reserva, testCase.cliente);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      testCase.clock.advance(3_600_000);
      expect(await testCase.harness.historico(testCase.reserva, 'RESERVA_CONFIRMADA')).toEqual([
        'CRIADA',
        'TENTATIVA_FALHOU',
        'SUPRIMIDA',
      ]);
      expect(assuntos()).toEqual(['Reserva cancelada']);
    });
  });

  describe('an offer of the waitlist', () => {
    it('is told once, with the address to pay, whatever comes first and how often', async () => {
      await testCase.start();
      await Promise.all([
        testCase.harness.oferecer(testCase.reserva, testCase.cliente, '2026-11-20T13:30:00Z'),
        testCase.harness.cobrar(testCase.reserva, testCase.cliente, randomUUID()),
        testCase.harness.criar(testCase.reserva, testCase.cliente, '2026-11-20T13:30:00Z'),
        testCase.harness.oferecer(testCase.reserva, testCase.cliente, '2026-11-20T13:30:00Z'),
      ]);
      await terminou('VAGA_OFERECIDA', 'CRIADA', 'ENVIADA');
      expect(assuntos()).toEqual(['Sua vez na fila']);
      expect(lerMime(testCase.smtp.received[0]?.raw ?? '').partes[0]?.texto).toContain(CHECKOUT);
    });
  });

  describe('a hold that ended unpaid', () => {
    it('is told once, with the name and the period of its creation', async () => {
      await testCase.start();
      await testCase.harness.criar(testCase.reserva, testCase.cliente, '2026-11-20T13:15:00Z');
      const evento = randomUUID();
      await Promise.all(
        [1, 2].map(() => testCase.harness.expirar(testCase.reserva, testCase.cliente, evento)),
      );
      await testCase.harness.expirar(testCase.reserva, testCase.cliente, randomUUID());
      await terminou('RESERVA_EXPIRADA', 'CRIADA', 'ENVIADA');
      const { cabecalhos } = lerMime(testCase.smtp.received[0]?.raw ?? '');
      expect(cabecalhos.get('subject')).toBe('Reserva expirada: Sala Ipê, 24/11/2026 às 14:00');
      expect(testCase.smtp.received).toHaveLength(1);
    });

    it('is told when the creation comes later', async () => {
      const evento = randomUUID();
      await testCase.harness.expirar(testCase.reserva, testCase.cliente, evento);
      await testCase.harness.handled(evento);
      await testCase.harness.criar(testCase.reserva, testCase.cliente, '2026-11-20T13:15:00Z');
      await terminou('RESERVA_EXPIRADA', 'CRIADA', 'ENVIADA');
      expect(assuntos()).toEqual(['Reserva expirada']);
    });
  });

  describe('a declined card', () => {
    it('is told once each, with the address to try another one', async () => {
      await testCase.start();
      await testCase.harness.criar(testCase.reserva, testCase.cliente, '2026-11-20T13:15:00Z');
      const [cobranca, primeira, segunda] = [randomUUID(), randomUUID(), randomUUID()];
      await testCase.harness.cobrar(testCase.reserva, testCase.cliente, cobranca);
      await testCase.harness.handled(cobranca);
      await Promise.all(
        [1, 2, 3].map(() => testCase.harness.recusar(testCase.reserva, testCase.cliente, primeira)),
      );
      await testCase.harness.recusar(testCase.reserva, testCase.cliente, segunda);
      await terminou('PAGAMENTO_RECUSADO', 'CRIADA', 'ENVIADA', 'CRIADA', 'ENVIADA');
      expect(assuntos()).toEqual(['Pagamento recusado', 'Pagamento recusado']);
      const { partes } = lerMime(testCase.smtp.received[0]?.raw ?? '');
      expect(partes[0]?.texto).toContain('tente outro cartão até 10:15 (horário de São Paulo).');
      expect(partes[0]?.texto).toContain(`Tentar outro cartão: ${CHECKOUT}`);
    });

    it('is told when the creation comes later, for two cards at once', async () => {
      const recusas = [randomUUID(), randomUUID()];
      for (const recusa of recusas)
        await testCase.harness.recusar(testCase.reserva, testCase.cliente, recusa);
      for (const recusa of recusas) await testCase.harness.handled(recusa);
      await testCase.harness.criar(testCase.reserva, testCase.cliente, '2026-11-20T13:15:00Z');
      await terminou('PAGAMENTO_RECUSADO', 'CRIADA', 'ENVIADA', 'CRIADA', 'ENVIADA');
    });

    it('is not told any more when the hold ends before the message can be sent', async () => {
      testCase.smtp.refusals.push({ code: 450, at: 'RCPT' });
      await testCase.harness.criar(testCase.reserva, testCase.cliente, '2026-11-20T13:15:00Z');
      await testCase.harness.recusar(testCase.reserva, testCase.cliente, randomUUID());
      await terminou('PAGAMENTO_RECUSADO', 'CRIADA', 'TENTATIVA_FALHOU');
      testCase.clock.set('2026-11-20T13:15:00Z');
      await terminou('PAGAMENTO_RECUSADO', 'CRIADA', 'TENTATIVA_FALHOU', 'SUPRIMIDA');
      expect(testCase.smtp.received).toEqual([]);
    });
  });

  it('tells of a refund once, and of the next one of the same payment too', async () => {
    await testCase.start();
    await Promise.all(
      [1, 1, 1].map((refund) => testCase.harness.estornar(testCase.reserva, testCase.cliente, refund)),
    );
    await terminou('ESTORNO_CONCLUIDO', 'CRIADA', 'ENVIADA');
    await testCase.harness.estornar(testCase.reserva, testCase.cliente, 2);
    await terminou('ESTORNO_CONCLUIDO', 'CRIADA', 'ENVIADA', 'CRIADA', 'ENVIADA');
    expect(assuntos()).toEqual(['Reembolso concluído', 'Reembolso concluído']);
  });

  it('tells of a refund that failed after it was done, once', async () => {
    await testCase.harness.estornar(testCase.reserva, testCase.cliente, 1);
    await terminou('ESTORNO_CONCLUIDO', 'CRIADA', 'ENVIADA');
    await Promise.all([1, 2].map(() => testCase.harness.falhar(testCase.reserva, testCase.cliente, 1)));
    await terminou('ESTORNO_FALHOU', 'CRIADA', 'ENVIADA');
    expect(assuntos()).toEqual(['Reembolso concluído', 'Reembolso não concluído']);
  });

  it('tells of a cancellation what pagamentos gives back, not what was promised', async () => {
    await testCase.harness.cancelarSemResposta(
      testCase.reserva,
      testCase.cliente,
      `cancelada_${testCase.reserva}`,
    );
    await testCase.harness.handled(`cancelada_${testCase.reserva}`);
    expect(testCase.smtp.received).toEqual([]);
    await testCase.harness.responder(testCase.reserva, testCase.cliente, 3_333n);
    await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
    const [texto] = lerMime(testCase.smtp.received[0]?.raw ?? '').partes;
    expect(texto?.texto).toContain('Reembolso: R$\u00a033,33');
    expect(texto?.texto).not.toContain('125,00');
  });

  it('tells of a cancellation without an amount when pagamentos is long away', async () => {
    await testCase.harness.cancelarSemResposta(
      testCase.reserva,
      testCase.cliente,
      `cancelada_${testCase.reserva}`,
    );
    await testCase.harness.handled(`cancelada_${testCase.reserva}`);
    testCase.clock.advance(2 * 60_000);
    await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
    const [texto] = lerMime(testCase.smtp.received[0]?.raw ?? '').partes;
    expect(texto?.texto).toContain('O valor do reembolso ainda está sendo confirmado');
    expect(texto?.texto).not.toContain('R$');
    await testCase.harness.responder(testCase.reserva, testCase.cliente);
    await testCase.harness.handled(`resposta_${testCase.reserva}`);
    expect(testCase.smtp.received).toHaveLength(1);
  });

  describe('a reminder', () => {
    const UM_DIA_ANTES = '2026-11-23T17:00:00Z';

    const confirmar = async () => {
      const evento = randomUUID();
      await Promise.all(
        [1, 2].map(() => testCase.harness.confirmar(testCase.reserva, testCase.cliente, evento)),
      );
      await terminou('RESERVA_CONFIRMADA', 'CRIADA', 'ENVIADA');
    };

    const parar = async () => {
      for (const instancia of testCase.instances.splice(0)) await instancia.stop();
    };

    const listadas = async () => {
      const consulta = new PostgresConsultaDeNotificacoes(testCase.harness.database.dataSource.manager);
      const filtro = { clienteId: testCase.cliente, reservaId: testCase.reserva };
      const lidas = await consulta.listar(filtro, testCase.clock.now(), 10, undefined);
      return lidas.map(({ modelo }) => modelo).sort();
    };

    it('is sent once, a day before the start, by whichever copy runs then', async () => {
      await confirmar();
      await parar();
      testCase.clock.set('2026-11-23T16:59:59Z');
      await testCase.start();
      await testCase.start();
      await testCase.harness.confirmar(`${testCase.reserva}_sentinela`, testCase.cliente);
      await eventually(() => expect(assuntos()).toEqual(['Reserva confirmada', 'Reserva confirmada']));
      expect(await testCase.harness.historico(testCase.reserva, 'LEMBRETE_RESERVA')).toEqual(['CRIADA']);
      expect(await listadas()).toEqual(['RESERVA_CONFIRMADA']);

      testCase.clock.set(UM_DIA_ANTES);
      await terminou('LEMBRETE_RESERVA', 'CRIADA', 'ENVIADA');
      await eventually(() => expect(testCase.smtp.received).toHaveLength(4));
      expect(assuntos().filter((assunto) => assunto === 'Lembrete')).toHaveLength(2);
      expect(await listadas()).toEqual(['LEMBRETE_RESERVA', 'RESERVA_CONFIRMADA']);
    });

    it('is sent once when copies of the service are down at its time, late but before the start', async () => {
      await confirmar();
      await parar();
      testCase.clock.set('2026-11-24T16:00:00Z');
      await testCase.start();
      await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
      await terminou('LEMBRETE_RESERVA', 'CRIADA', 'ENVIADA');
      expect(assuntos()).toEqual(['Lembrete', 'Reserva confirmada']);
    });

    it('is not sent any more after the start', async () => {
      await confirmar();
      await parar();
      testCase.clock.set('2026-11-24T17:00:00Z');
      await testCase.start();
      await terminou('LEMBRETE_RESERVA', 'CRIADA', 'SUPRIMIDA');
      expect(assuntos()).toEqual(['Reserva confirmada']);
    });

    it('is called off by the cancellation', async () => {
      await confirmar();
      await testCase.harness.cancelar(testCase.reserva, testCase.cliente);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      expect(await testCase.harness.historico(testCase.reserva, 'LEMBRETE_RESERVA')).toEqual([
        'CRIADA',
        'SUPRIMIDA',
      ]);
      testCase.clock.set(UM_DIA_ANTES);
      const tarde = randomUUID();
      await testCase.harness.confirmar(testCase.reserva, testCase.cliente, tarde);
      await testCase.harness.handled(tarde);
      expect(await testCase.harness.historico(testCase.reserva, 'LEMBRETE_RESERVA')).toEqual([
        'CRIADA',
        'SUPRIMIDA',
      ]);
    });

    it('is not planned when the cancellation is faster than the confirmation', async () => {
      await testCase.harness.cancelar(testCase.reserva, testCase.cliente);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      const tarde = randomUUID();
      await testCase.harness.confirmar(testCase.reserva, testCase.cliente, tarde);
      await testCase.harness.handled(tarde);
      expect(await testCase.harness.historico(testCase.reserva, 'LEMBRETE_RESERVA')).toEqual([]);
    });

    it('that was refused for now on its day is tried again, however long ago it was planned', async () => {
      testCase.clock.set('2026-11-10T13:00:00Z');
      await confirmar();
      testCase.smtp.refusals.push({ code: 450, at: 'RCPT' });
      testCase.clock.set(UM_DIA_ANTES);
      await terminou('LEMBRETE_RESERVA', 'CRIADA', 'TENTATIVA_FALHOU');
      testCase.clock.advance(30_000);
      await terminou('LEMBRETE_RESERVA', 'CRIADA', 'TENTATIVA_FALHOU', 'ENVIADA');
    });
  });

  describe('with everything switched off', () => {
    beforeEach(() => preferir({ lembretes: false }));

    const preferir = (mudanca: Partial<Preferencias>) =>
      new PostgresPreferenciasRepository(testCase.harness.database.dataSource.manager).save(
        testCase.cliente,
        { ...PREFERENCIAS_INICIAIS, email: false, lembretes: false, ...mudanca },
        testCase.clock.now(),
      );

    it('tells of confirmation, cancellation and refund all the same, and suppresses the rest', async () => {
      testCase.clock.set('2026-11-24T09:00:00Z');
      await testCase.harness.criar(testCase.reserva, testCase.cliente, '2026-11-24T09:15:00Z');
      await testCase.harness.recusar(testCase.reserva, testCase.cliente, randomUUID());
      await terminou('PAGAMENTO_RECUSADO', 'CRIADA', 'SUPRIMIDA');
      await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
      await terminou('RESERVA_CONFIRMADA', 'CRIADA', 'ENVIADA');
      await terminou('LEMBRETE_RESERVA', 'CRIADA', 'SUPRIMIDA');
      await testCase.harness.cancelar(testCase.reserva, testCase.cliente);
      await testCase.harness.estornar(testCase.reserva, testCase.cliente, 1);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      await terminou('ESTORNO_CONCLUIDO', 'CRIADA', 'ENVIADA');
      expect(assuntos()).toEqual(['Reembolso concluído', 'Reserva cancelada', 'Reserva confirmada']);
    });

    it('counts what the person wants when the message is due, not when it was planned', async () => {
      await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
      await terminou('RESERVA_CONFIRMADA', 'CRIADA', 'ENVIADA');
      await preferir({ email: true, lembretes: true });
      testCase.clock.set('2026-11-23T17:00:00Z');
      await terminou('LEMBRETE_RESERVA', 'CRIADA', 'ENVIADA');
    });

    it('leaves no preferences behind when the person leaves, and takes none any more', async () => {
      const guardadas = () =>
        testCase.harness.database.dataSource.query('select 1 from preferencias where cliente_id = $1', [
          testCase.cliente,
        ]);
      expect(await guardadas()).toHaveLength(1);
      await testCase.harness.publish({
        schema: UsuarioRemovidoSchema,
        dados: { usuarioId: testCase.cliente },
        agregado: { tipo: 'usuario', id: testCase.cliente, versao: 2 },
      });
      await eventually(async () => expect(await guardadas()).toEqual([]));
      await preferir({ sms: true, telefone: '+5511987654321' });
      expect(await guardadas()).toEqual([]);
    });
  });

  it('keeps nothing of what a person wrote when the person leaves, before or after', async () => {
    const motivos = () =>
      testCase.harness.database.dataSource.query(
        `select 1 from notificacoes where cliente_id = $1 and dados::text like '%Choveu%'`,
        [testCase.cliente],
      );
    await testCase.harness.cancelar(testCase.reserva, testCase.cliente);
    await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
    expect(await motivos()).toHaveLength(1);
    await testCase.harness.publish({
      schema: UsuarioRemovidoSchema,
      dados: { usuarioId: testCase.cliente },
      agregado: { tipo: 'usuario', id: testCase.cliente, versao: 2 },
    });
    await eventually(async () => expect(await motivos()).toEqual([]));
    testCase.reserva = `${testCase.reserva}_depois`;
    await testCase.harness.cancelar(testCase.reserva, testCase.cliente);
    await terminou('RESERVA_CANCELADA', 'CRIADA', 'SUPRIMIDA');
    expect(await motivos()).toEqual([]);
  });
});
