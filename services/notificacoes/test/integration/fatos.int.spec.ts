import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { eventually } from '@plataforma/testing/eventually';
import { PostgresConsultaDeNotificacoes } from '../../src/mensagens/infrastructure/consulta-de-notificacoes.ts';
import type { Modelo } from '../../src/modelos/domain/modelo.ts';
import type { Preferencias } from '../../src/preferencias/domain/preferencias.ts';
import { PostgresPreferenciasRepository } from '../../src/preferencias/infrastructure/preferencias-repository.ts';
import { lerCalendario } from '../support/calendario.ts';
import { CHECKOUT } from '../support/harness.ts';
import { lerMime } from '../support/mime.ts';
import { useCaso } from '../support/use-caso.ts';

describe('what happens to a reservation and what its customer is told', () => {
  const caso = useCaso();

  beforeEach(async () => {
    await caso.iniciar();
    await caso.harness.registrar(caso.cliente, 'Ana', `ana.${caso.numero}@exemplo.com`);
  });

  const terminou = (modelo: Modelo, ...tipos: string[]) =>
    eventually(async () => expect(await caso.harness.historico(caso.reserva, modelo)).toEqual(tipos));

  const assuntos = () =>
    caso.smtp.recebidas
      .map(({ bruta }) => lerMime(bruta).cabecalhos.get('subject')?.replace(/:.*/, ''))
      .sort();

  describe('a cancellation', () => {
    it('is told once, with the file that takes the entry away, however often it comes', async () => {
      await caso.iniciar();
      await caso.harness.confirmar(caso.reserva, caso.cliente);
      await terminou('RESERVA_CONFIRMADA', 'CRIADA', 'ENVIADA');
      const evento = randomUUID();
      await Promise.all([1, 2, 3].map(() => caso.harness.cancelar(caso.reserva, caso.cliente, evento)));
      await caso.harness.cancelar(caso.reserva, caso.cliente);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      expect(assuntos()).toEqual(['Reserva cancelada', 'Reserva confirmada']);
      const anexo = lerMime(caso.smtp.recebidas[1]?.bruta ?? '').partes[2];
      expect(anexo?.cabecalhos.get('content-type')).toContain('method=CANCEL');
      const { calendario, evento: retirado } = lerCalendario(anexo?.texto ?? '');
      expect(calendario.method).toBe('CANCEL');
      expect(retirado.uid).toBe(`${caso.reserva}@plataforma.local`);
    });

    it('that is faster than the confirmation is told alone, without a file', async () => {
      await caso.harness.cancelar(caso.reserva, caso.cliente);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      const tarde = randomUUID();
      await caso.harness.confirmar(caso.reserva, caso.cliente, tarde);
      await caso.harness.tratado(tarde);
      expect(await caso.harness.historico(caso.reserva, 'RESERVA_CONFIRMADA')).toEqual([]);
      expect(lerMime(caso.smtp.recebidas[0]?.bruta ?? '').partes).toHaveLength(2);
    });

    it('takes back a confirmation that could not be sent yet', async () => {
      caso.smtp.recusas.push({ codigo: 450, em: 'RCPT' });
      await caso.harness.confirmar(caso.reserva, caso.cliente);
      await terminou('RESERVA_CONFIRMADA', 'CRIADA', 'TENTATIVA_FALHOU');
      await caso.harness.cancelar(caso.reserva, caso.cliente);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      caso.clock.advance(3_600_000);
      expect(await caso.harness.historico(caso.reserva, 'RESERVA_CONFIRMADA')).toEqual([
        'CRIADA',
        'TENTATIVA_FALHOU',
        'SUPRIMIDA',
      ]);
      expect(assuntos()).toEqual(['Reserva cancelada']);
    });
  });

  describe('an offer of the waitlist', () => {
    it('is told once, with the address to pay, whatever comes first and how often', async () => {
      await caso.iniciar();
      await Promise.all([
        caso.harness.oferecer(caso.reserva, caso.cliente, '2026-11-20T13:30:00Z'),
        caso.harness.cobrar(caso.reserva, caso.cliente, randomUUID()),
        caso.harness.criar(caso.reserva, caso.cliente, '2026-11-20T13:30:00Z'),
        caso.harness.oferecer(caso.reserva, caso.cliente, '2026-11-20T13:30:00Z'),
      ]);
      await terminou('VAGA_OFERECIDA', 'CRIADA', 'ENVIADA');
      expect(assuntos()).toEqual(['Sua vez na fila']);
      expect(lerMime(caso.smtp.recebidas[0]?.bruta ?? '').partes[0]?.texto).toContain(CHECKOUT);
    });
  });

  describe('a hold that ended unpaid', () => {
    it('is told once, with the name and the period of its creation', async () => {
      await caso.iniciar();
      await caso.harness.criar(caso.reserva, caso.cliente, '2026-11-20T13:15:00Z');
      const evento = randomUUID();
      await Promise.all([1, 2].map(() => caso.harness.expirar(caso.reserva, caso.cliente, evento)));
      await caso.harness.expirar(caso.reserva, caso.cliente, randomUUID());
      await terminou('RESERVA_EXPIRADA', 'CRIADA', 'ENVIADA');
      const { cabecalhos } = lerMime(caso.smtp.recebidas[0]?.bruta ?? '');
      expect(cabecalhos.get('subject')).toBe('Reserva expirada: Sala Ipê, 24/11/2026 às 14:00');
      expect(caso.smtp.recebidas).toHaveLength(1);
    });

    it('is told when the creation comes later', async () => {
      const evento = randomUUID();
      await caso.harness.expirar(caso.reserva, caso.cliente, evento);
      await caso.harness.tratado(evento);
      await caso.harness.criar(caso.reserva, caso.cliente, '2026-11-20T13:15:00Z');
      await terminou('RESERVA_EXPIRADA', 'CRIADA', 'ENVIADA');
      expect(assuntos()).toEqual(['Reserva expirada']);
    });
  });

  describe('a declined card', () => {
    it('is told once each, with the address to try another one', async () => {
      await caso.iniciar();
      await caso.harness.criar(caso.reserva, caso.cliente, '2026-11-20T13:15:00Z');
      const [cobranca, primeira, segunda] = [randomUUID(), randomUUID(), randomUUID()];
      await caso.harness.cobrar(caso.reserva, caso.cliente, cobranca);
      await caso.harness.tratado(cobranca);
      await Promise.all([1, 2, 3].map(() => caso.harness.recusar(caso.reserva, caso.cliente, primeira)));
      await caso.harness.recusar(caso.reserva, caso.cliente, segunda);
      await terminou('PAGAMENTO_RECUSADO', 'CRIADA', 'ENVIADA', 'CRIADA', 'ENVIADA');
      expect(assuntos()).toEqual(['Pagamento recusado', 'Pagamento recusado']);
      const { partes } = lerMime(caso.smtp.recebidas[0]?.bruta ?? '');
      expect(partes[0]?.texto).toContain('tente outro cartão até 10:15 (horário de São Paulo).');
      expect(partes[0]?.texto).toContain(`Tentar outro cartão: ${CHECKOUT}`);
    });

    it('is told when the creation comes later, for two cards at once', async () => {
      const recusas = [randomUUID(), randomUUID()];
      for (const recusa of recusas) await caso.harness.recusar(caso.reserva, caso.cliente, recusa);
      for (const recusa of recusas) await caso.harness.tratado(recusa);
      await caso.harness.criar(caso.reserva, caso.cliente, '2026-11-20T13:15:00Z');
      await terminou('PAGAMENTO_RECUSADO', 'CRIADA', 'ENVIADA', 'CRIADA', 'ENVIADA');
    });

    it('is not told any more when the hold ends before the message can be sent', async () => {
      caso.smtp.recusas.push({ codigo: 450, em: 'RCPT' });
      await caso.harness.criar(caso.reserva, caso.cliente, '2026-11-20T13:15:00Z');
      await caso.harness.recusar(caso.reserva, caso.cliente, randomUUID());
      await terminou('PAGAMENTO_RECUSADO', 'CRIADA', 'TENTATIVA_FALHOU');
      caso.clock.set('2026-11-20T13:15:00Z');
      await terminou('PAGAMENTO_RECUSADO', 'CRIADA', 'TENTATIVA_FALHOU', 'SUPRIMIDA');
      expect(caso.smtp.recebidas).toEqual([]);
    });
  });

  it('tells of a refund once, and of the next one of the same payment too', async () => {
    await caso.iniciar();
    await Promise.all([1, 1, 1].map((refund) => caso.harness.estornar(caso.reserva, caso.cliente, refund)));
    await terminou('ESTORNO_CONCLUIDO', 'CRIADA', 'ENVIADA');
    await caso.harness.estornar(caso.reserva, caso.cliente, 2);
    await terminou('ESTORNO_CONCLUIDO', 'CRIADA', 'ENVIADA', 'CRIADA', 'ENVIADA');
    expect(assuntos()).toEqual(['Reembolso concluído', 'Reembolso concluído']);
  });

  it('tells of a refund that failed after it was done, once', async () => {
    await caso.harness.estornar(caso.reserva, caso.cliente, 1);
    await terminou('ESTORNO_CONCLUIDO', 'CRIADA', 'ENVIADA');
    await Promise.all([1, 2].map(() => caso.harness.falhar(caso.reserva, caso.cliente, 1)));
    await terminou('ESTORNO_FALHOU', 'CRIADA', 'ENVIADA');
    expect(assuntos()).toEqual(['Reembolso concluído', 'Reembolso não concluído']);
  });

  it('tells of a cancellation what pagamentos gives back, not what was promised', async () => {
    await caso.harness.cancelarSemResposta(caso.reserva, caso.cliente, `cancelada_${caso.reserva}`);
    await caso.harness.tratado(`cancelada_${caso.reserva}`);
    expect(caso.smtp.recebidas).toEqual([]);
    await caso.harness.responder(caso.reserva, caso.cliente, 3_333n);
    await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
    const [texto] = lerMime(caso.smtp.recebidas[0]?.bruta ?? '').partes;
    expect(texto?.texto).toContain('Reembolso: R$\u00a033,33');
    expect(texto?.texto).not.toContain('125,00');
  });

  it('tells of a cancellation without an amount when pagamentos is long away', async () => {
    await caso.harness.cancelarSemResposta(caso.reserva, caso.cliente, `cancelada_${caso.reserva}`);
    await caso.harness.tratado(`cancelada_${caso.reserva}`);
    caso.clock.advance(2 * 60_000);
    await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
    const [texto] = lerMime(caso.smtp.recebidas[0]?.bruta ?? '').partes;
    expect(texto?.texto).toContain('O valor do reembolso ainda está sendo confirmado');
    expect(texto?.texto).not.toContain('R$');
    await caso.harness.responder(caso.reserva, caso.cliente);
    await caso.harness.tratado(`resposta_${caso.reserva}`);
    expect(caso.smtp.recebidas).toHaveLength(1);
  });

  describe('a reminder', () => {
    const UM_DIA_ANTES = '2026-11-23T17:00:00Z';

    const confirmar = async () => {
      const evento = randomUUID();
      await Promise.all([1, 2].map(() => caso.harness.confirmar(caso.reserva, caso.cliente, evento)));
      await terminou('RESERVA_CONFIRMADA', 'CRIADA', 'ENVIADA');
    };

    const parar = async () => {
      for (const instancia of caso.instancias.splice(0)) await instancia.stop();
    };

    const listadas = async () => {
      const consulta = new PostgresConsultaDeNotificacoes(caso.harness.database.dataSource.manager);
      const filtro = { clienteId: caso.cliente, reservaId: caso.reserva };
      const lidas = await consulta.listar(filtro, caso.clock.now(), 10, undefined);
      return lidas.map(({ modelo }) => modelo).sort();
    };

    it('is sent once, a day before the start, by whichever copy runs then', async () => {
      await confirmar();
      await parar();
      caso.clock.set('2026-11-23T16:59:59Z');
      await caso.iniciar();
      await caso.iniciar();
      await caso.harness.confirmar(`${caso.reserva}_sentinela`, caso.cliente);
      await eventually(() => expect(assuntos()).toEqual(['Reserva confirmada', 'Reserva confirmada']));
      expect(await caso.harness.historico(caso.reserva, 'LEMBRETE_RESERVA')).toEqual(['CRIADA']);
      expect(await listadas()).toEqual(['RESERVA_CONFIRMADA']);

      caso.clock.set(UM_DIA_ANTES);
      await terminou('LEMBRETE_RESERVA', 'CRIADA', 'ENVIADA');
      await eventually(() => expect(caso.smtp.recebidas).toHaveLength(4));
      expect(assuntos().filter((assunto) => assunto === 'Lembrete')).toHaveLength(2);
      expect(await listadas()).toEqual(['LEMBRETE_RESERVA', 'RESERVA_CONFIRMADA']);
    });

    it('is sent once when copies of the service are down at its time, late but before the start', async () => {
      await confirmar();
      await parar();
      caso.clock.set('2026-11-24T16:00:00Z');
      await caso.iniciar();
      await caso.harness.confirmar(caso.reserva, caso.cliente);
      await terminou('LEMBRETE_RESERVA', 'CRIADA', 'ENVIADA');
      expect(assuntos()).toEqual(['Lembrete', 'Reserva confirmada']);
    });

    it('is not sent any more after the start', async () => {
      await confirmar();
      await parar();
      caso.clock.set('2026-11-24T17:00:00Z');
      await caso.iniciar();
      await terminou('LEMBRETE_RESERVA', 'CRIADA', 'SUPRIMIDA');
      expect(assuntos()).toEqual(['Reserva confirmada']);
    });

    it('is called off by the cancellation', async () => {
      await confirmar();
      await caso.harness.cancelar(caso.reserva, caso.cliente);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      expect(await caso.harness.historico(caso.reserva, 'LEMBRETE_RESERVA')).toEqual(['CRIADA', 'SUPRIMIDA']);
      caso.clock.set(UM_DIA_ANTES);
      const tarde = randomUUID();
      await caso.harness.confirmar(caso.reserva, caso.cliente, tarde);
      await caso.harness.tratado(tarde);
      expect(await caso.harness.historico(caso.reserva, 'LEMBRETE_RESERVA')).toEqual(['CRIADA', 'SUPRIMIDA']);
    });

    it('is not planned when the cancellation is faster than the confirmation', async () => {
      await caso.harness.cancelar(caso.reserva, caso.cliente);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      const tarde = randomUUID();
      await caso.harness.confirmar(caso.reserva, caso.cliente, tarde);
      await caso.harness.tratado(tarde);
      expect(await caso.harness.historico(caso.reserva, 'LEMBRETE_RESERVA')).toEqual([]);
    });

    it('that was refused for now on its day is tried again, however long ago it was planned', async () => {
      caso.clock.set('2026-11-10T13:00:00Z');
      await confirmar();
      caso.smtp.recusas.push({ codigo: 450, em: 'RCPT' });
      caso.clock.set(UM_DIA_ANTES);
      await terminou('LEMBRETE_RESERVA', 'CRIADA', 'TENTATIVA_FALHOU');
      caso.clock.advance(30_000);
      await terminou('LEMBRETE_RESERVA', 'CRIADA', 'TENTATIVA_FALHOU', 'ENVIADA');
    });
  });

  describe('with everything switched off', () => {
    beforeEach(() => preferir({ lembretes: false }));

    const preferir = (mudanca: Partial<Preferencias>) =>
      new PostgresPreferenciasRepository(caso.harness.database.dataSource.manager).save(
        caso.cliente,
        { email: false, sms: false, push: false, lembretes: false, telefone: '', ...mudanca },
        caso.clock.now(),
      );

    it('tells of confirmation, cancellation and refund all the same, and suppresses the rest', async () => {
      caso.clock.set('2026-11-24T09:00:00Z');
      await caso.harness.criar(caso.reserva, caso.cliente, '2026-11-24T09:15:00Z');
      await caso.harness.recusar(caso.reserva, caso.cliente, randomUUID());
      await terminou('PAGAMENTO_RECUSADO', 'CRIADA', 'SUPRIMIDA');
      await caso.harness.confirmar(caso.reserva, caso.cliente);
      await terminou('RESERVA_CONFIRMADA', 'CRIADA', 'ENVIADA');
      await terminou('LEMBRETE_RESERVA', 'CRIADA', 'SUPRIMIDA');
      await caso.harness.cancelar(caso.reserva, caso.cliente);
      await caso.harness.estornar(caso.reserva, caso.cliente, 1);
      await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
      await terminou('ESTORNO_CONCLUIDO', 'CRIADA', 'ENVIADA');
      expect(assuntos()).toEqual(['Reembolso concluído', 'Reserva cancelada', 'Reserva confirmada']);
    });

    it('counts what the person wants when the message is due, not when it was planned', async () => {
      await caso.harness.confirmar(caso.reserva, caso.cliente);
      await terminou('RESERVA_CONFIRMADA', 'CRIADA', 'ENVIADA');
      await preferir({ email: true, lembretes: true });
      caso.clock.set('2026-11-23T17:00:00Z');
      await terminou('LEMBRETE_RESERVA', 'CRIADA', 'ENVIADA');
    });

    it('leaves no preferences behind when the person leaves, and takes none any more', async () => {
      const guardadas = () =>
        caso.harness.database.dataSource.query('select 1 from preferencias where cliente_id = $1', [
          caso.cliente,
        ]);
      expect(await guardadas()).toHaveLength(1);
      await caso.harness.publicar({
        schema: UsuarioRemovidoSchema,
        dados: { usuarioId: caso.cliente },
        agregado: { tipo: 'usuario', id: caso.cliente, versao: 2 },
      });
      await eventually(async () => expect(await guardadas()).toEqual([]));
      await preferir({ sms: true, telefone: '+5511987654321' });
      expect(await guardadas()).toEqual([]);
    });
  });

  it('keeps nothing of what a person wrote when the person leaves, before or after', async () => {
    const motivos = () =>
      caso.harness.database.dataSource.query(
        `select 1 from notificacoes where cliente_id = $1 and dados::text like '%Choveu%'`,
        [caso.cliente],
      );
    await caso.harness.cancelar(caso.reserva, caso.cliente);
    await terminou('RESERVA_CANCELADA', 'CRIADA', 'ENVIADA');
    expect(await motivos()).toHaveLength(1);
    await caso.harness.publicar({
      schema: UsuarioRemovidoSchema,
      dados: { usuarioId: caso.cliente },
      agregado: { tipo: 'usuario', id: caso.cliente, versao: 2 },
    });
    await eventually(async () => expect(await motivos()).toEqual([]));
    caso.reserva = `${caso.reserva}_depois`;
    await caso.harness.cancelar(caso.reserva, caso.cliente);
    await terminou('RESERVA_CANCELADA', 'CRIADA', 'SUPRIMIDA');
    expect(await motivos()).toEqual([]);
  });
});
