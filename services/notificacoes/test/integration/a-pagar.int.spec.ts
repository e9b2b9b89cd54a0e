import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { PostgresConsultaDeNotificacoes } from '../../src/mensagens/infrastructure/consulta-de-notificacoes.ts';
import type { Modelo } from '../../src/modelos/domain/modelo.ts';
import { CHECKOUT } from '../support/harness.ts';
import { lerMime } from '../support/mime.ts';
import { useTestCase } from '../support/use-test-case.ts';

/** A hold of a quarter of an hour. */
const EXPIRA = '2026-11-20T13:15:00Z';

describe('what is to be paid, and what was paid', () => {
  const testCase = useTestCase();

  beforeEach(async () => {
    await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana', `ana.${testCase.numero}@exemplo.com`);
    await testCase.harness.criar(testCase.reserva, testCase.cliente, EXPIRA);
    await testCase.harness.cobrar(testCase.reserva, testCase.cliente, randomUUID(), 25_000n);
    await terminou('RESERVA_RECEBIDA', 'CRIADA');
  });

  const terminou = (modelo: Modelo, ...tipos: string[]) =>
    eventually(async () => expect(await testCase.harness.historico(testCase.reserva, modelo)).toEqual(tipos));

  const assuntos = () =>
    testCase.smtp.received.map(({ raw }) => lerMime(raw).cabecalhos.get('subject')?.replace(/:.*/, ''));

  it('is told with price and place once some minutes have gone by', async () => {
    testCase.clock.set('2026-11-20T13:04:00Z');
    const evento = randomUUID();
    await testCase.harness.cobrar(testCase.reserva, testCase.cliente, evento, 25_000n);
    await testCase.harness.handled(evento);
    expect(testCase.smtp.received).toEqual([]);
    testCase.clock.set('2026-11-20T13:06:00Z');
    await terminou('RESERVA_RECEBIDA', 'CRIADA', 'ENVIADA');
    expect(assuntos()).toEqual(['Reserva recebida']);
    const texto = lerMime(testCase.smtp.received[0]?.raw ?? '').partes[0]?.texto;
    expect(texto).toContain(CHECKOUT);
    expect(texto).toContain('R$\u00a0250,00');
  });

  it('is one message, the confirmation, for who pays at once', async () => {
    await testCase.harness.aprovar(testCase.reserva, testCase.cliente, randomUUID());
    await terminou('RESERVA_RECEBIDA', 'CRIADA', 'SUPRIMIDA');
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    await terminou('RESERVA_CONFIRMADA', 'CRIADA', 'ENVIADA');
    await terminou('PAGAMENTO_APROVADO', 'CRIADA', 'SUPRIMIDA');
    testCase.clock.set('2026-11-20T13:10:00Z');
    expect(assuntos()).toEqual(['Reserva confirmada']);
    const consulta = new PostgresConsultaDeNotificacoes(testCase.harness.database.dataSource.manager);
    const filtro = { clienteId: testCase.cliente, reservaId: testCase.reserva };
    const listadas = await consulta.listar(filtro, testCase.clock.now(), 10, undefined);
    expect(listadas.map(({ modelo }) => modelo)).toEqual(['RESERVA_CONFIRMADA']);
  });

  it('is told to be paid, once, where the confirmation does not come', async () => {
    await Promise.all(
      [1, 2].map(() => testCase.harness.aprovar(testCase.reserva, testCase.cliente, randomUUID())),
    );
    await terminou('PAGAMENTO_APROVADO', 'CRIADA');
    testCase.clock.set('2026-11-20T13:10:00Z');
    await terminou('PAGAMENTO_APROVADO', 'CRIADA', 'ENVIADA');
    expect(assuntos()).toEqual(['Pagamento recebido']);
  });
});
