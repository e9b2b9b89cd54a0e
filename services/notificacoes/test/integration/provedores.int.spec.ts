import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { eventually } from '@plataforma/testing/eventually';
import { PROVIDER_KEY } from '@plataforma/testing/providers/keyed-stand-in';
import { ResendStandIn, resendError } from '@plataforma/testing/providers/resend';
import { SendGridStandIn, sendGridError } from '@plataforma/testing/providers/sendgrid';
import type { Answer } from '@plataforma/testing/providers/stand-in';
import type { ProvedorDeEmail } from '../../src/canais/infrastructure/email/email-config.ts';
import { useTestCase } from '../support/use-test-case.ts';

const MUITAS = { headers: { 'retry-after': '120' } };

interface Provedor {
  readonly nome: Exclude<ProvedorDeEmail, 'smtp'>;
  readonly criar: () => SendGridStandIn | ResendStandIn;
  readonly muitas: Answer;
  readonly nunca: Answer;
}

describe.each<Provedor>([
  {
    nome: 'sendgrid',
    criar: () => new SendGridStandIn(),
    muitas: sendGridError(429, MUITAS),
    nunca: sendGridError(413),
  },
  {
    nome: 'resend',
    criar: () => new ResendStandIn(),
    muitas: resendError(429, 'rate_limit_exceeded', MUITAS),
    nunca: resendError(422, 'validation_error'),
  },
])('a confirmed reservation by $nome', ({ nome, criar, muitas, nunca }) => {
  const testCase = useTestCase();
  let api: SendGridStandIn | ResendStandIn;

  beforeEach(async () => {
    api = criar();
    await api.start();
    testCase.harness.email = {
      emailProvider: nome,
      ...{ sendgridApiKey: PROVIDER_KEY, sendgridUrl: `${api.url}/` },
      ...{ resendApiKey: PROVIDER_KEY, resendUrl: api.url },
    };
  });

  afterEach(() => api.stop());

  async function confirmar() {
    const instancia = await testCase.start();
    await testCase.harness.registrar(testCase.cliente, 'Ana Souza', `ana.${testCase.numero}@exemplo.com`);
    await testCase.harness.confirmar(testCase.reserva, testCase.cliente);
    return instancia;
  }

  const terminou = (...tipos: string[]) =>
    eventually(async () => expect(await testCase.harness.historico(testCase.reserva)).toEqual(tipos));

  /** What waits, and from when on. */
  const espera = async () => {
    const linhas: Array<{ recusas: number; adiada: boolean; em: Date }> =
      await testCase.harness.database.dataSource.query(
        `select recusas, adiamentos > 0 as adiada, disponivel_em as em from notificacoes
         where reserva_id = $1 and modelo = 'RESERVA_CONFIRMADA' and posse is null`,
        [testCase.reserva],
      );
    return linhas[0];
  };

  it('is sent, and goes by no other way', async () => {
    await confirmar();
    await terminou('CRIADA', 'ENVIADA');
    expect(api.ids).toEqual([expect.stringMatching(/^not_\d{8}$/)]);
    expect(api.received[0]?.attachments).toHaveLength(1);
    expect(testCase.smtp.received).toEqual([]);
  });

  it('is sent at the time that the provider told, and not before', async () => {
    api.faults.push(muitas);
    await confirmar();
    const ate = new Date(testCase.clock.now().getTime() + 120_000);
    await eventually(async () => expect(await espera()).toEqual({ recusas: 0, adiada: true, em: ate }));
    testCase.clock.advance(119_999);
    for (const instancia of testCase.instances) await instancia.turns();
    expect(api.received).toEqual([]);
    testCase.clock.advance(1);
    await terminou('CRIADA', 'ENVIADA');
    expect(api.received).toHaveLength(1);
  });

  it('is not lost when the key is refused, which operators see until it is taken', async () => {
    api.key = 'another key';
    const { metrics } = await confirmar();
    const parado = async (esperado: number) =>
      expect(await metrics.registry.metrics()).toMatch(
        new RegExp(`notificacoes_canal_parado\\{[^}]*provedor="${nome}"[^}]*\\} ${esperado}`),
      );
    await eventually(() => parado(1));
    await eventually(async () => expect(await espera()).toMatchObject({ recusas: 0, adiada: true }));
    await terminou('CRIADA');
    api.key = PROVIDER_KEY;
    testCase.clock.advance(30_000);
    await terminou('CRIADA', 'ENVIADA');
    await parado(0);
    expect(api.received).toHaveLength(1);
  });

  it('is given up when the provider will never take it', async () => {
    api.faults.push(nunca);
    await confirmar();
    await terminou('CRIADA', 'FALHOU');
    expect(api.received).toEqual([]);
  });

  it('goes by the second provider, once, while the first one is away', async () => {
    testCase.harness.email = { ...testCase.harness.email, emailFallbackProvider: 'smtp' };
    await api.stop();
    await confirmar();
    await terminou('CRIADA', 'ENVIADA');
    expect(testCase.smtp.received).toHaveLength(1);
  });
});
