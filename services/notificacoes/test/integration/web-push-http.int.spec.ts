import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { WebPushStandIn } from '@plataforma/testing/providers/web-push';
import type { AparelhoWebPush } from '../../src/canais/domain/push.ts';
import { lerChaveVapid } from '../../src/canais/infrastructure/push/vapid.ts';
import { WebPushCarteiro } from '../../src/canais/infrastructure/push/web-push-carteiro.ts';
import { DnsResolvedor } from '../../src/rede/infrastructure/resolvedor.ts';
import { AGORA, dito, HOSTIL, MENSAGEM } from '../support/push.ts';

const TIMEOUT_MS = 400;
const CHAVE = lerChaveVapid('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw');
const OUTRA = lerChaveVapid('q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94');

const servico = new WebPushStandIn();

beforeAll(() => servico.start());
afterAll(() => servico.stop());
afterEach(() => {
  servico.received.length = 0;
  servico.authorizations.length = 0;
});

describe('WebPushCarteiro', () => {
  const inscrever = (chavePublica: string): AparelhoWebPush & { readonly id: string } => ({
    ...{ tipo: 'WEB_PUSH', chavePublica },
    ...servico.subscribe(chavePublica),
  });
  let agora = AGORA;
  let carteiro: WebPushCarteiro;
  let aparelho: AparelhoWebPush & { readonly id: string };
  const enviar = async (mensagem = MENSAGEM) => dito(await carteiro.enviar({ ...mensagem, aparelho }));
  const novo = (chave = CHAVE, permiteLocal = true, hosts = ['push.exemplo.com']) =>
    new WebPushCarteiro({
      ...{ chave, permiteLocal, contato: 'mailto:push@exemplo.com', hosts },
      ...{ resolvedor: new DnsResolvedor(), timeoutMs: TIMEOUT_MS, agora: () => agora },
    });

  beforeEach(() => {
    agora = AGORA;
    carteiro = novo();
    aparelho = inscrever(CHAVE.publica);
  });

  it('hands a message over that the browser, and nobody else, can read', async () => {
    expect(await enviar()).toBe('taken');
    const { titulo, corpo, caminho } = MENSAGEM;
    expect(servico.received).toEqual([
      {
        subscription: aparelho.id,
        clear: { id: 'not_1', titulo, corpo, caminho },
        topic: expect.stringMatching(/^[\w-]{32}$/),
        ttl: 90,
        urgency: 'normal',
        bytes: expect.any(Number),
      },
    ]);
  });

  it('makes one message of two with the same identity, and two of two', async () => {
    await enviar();
    await enviar();
    await enviar({ ...MENSAGEM, id: 'not_2', urgente: true, validoAte: undefined });
    expect(servico.received).toHaveLength(3);
    expect(servico.waiting(aparelho.id).map(({ clear, ttl, urgency }) => [clear.id, ttl, urgency])).toEqual([
      ['not_1', 90, 'normal'],
      ['not_2', 2_419_200, 'high'],
    ]);
  });

  it('writes whatever people call things into one record', async () => {
    expect(await enviar({ ...MENSAGEM, titulo: HOSTIL, corpo: HOSTIL, caminho: HOSTIL })).toBe('taken');
    const [{ clear, bytes } = { clear: {}, bytes: 0 }] = servico.received;
    expect(bytes).toBeLessThanOrEqual(4_096);
    expect(clear).toEqual({
      id: 'not_1',
      titulo: expect.stringMatching(/^gnol /),
      corpo: expect.any(String),
    });
  });

  it('signs once for a push service, and again before the end', async () => {
    await enviar();
    await enviar();
    agora = new Date(AGORA.getTime() + 11 * 3_600_000 + 1);
    await enviar();
    expect(new Set(servico.authorizations)).toHaveProperty('size', 2);
  });

  it('knows a browser that has unsubscribed', async () => {
    servico.unsubscribe(aparelho.id);
    expect(await enviar()).toEqual(['PERMANENTE', 'Web Push HTTP 410', 'INEXISTENTE']);
  });

  it('does not try a subscription that was made for another key', async () => {
    carteiro = novo(OUTRA);
    expect(await enviar()).toEqual(['PERMANENTE', 'Web Push subscription of another key', 'INEXISTENTE']);
    expect(servico.authorizations).toEqual([]);
  });

  it('blames our key for a refusal, until the push service has taken something by it', async () => {
    const boa = aparelho;
    aparelho = { ...inscrever(OUTRA.publica), chavePublica: CHAVE.publica };
    expect(await enviar()).toEqual(['CREDENCIAIS', 'Web Push HTTP 403']);
    await carteiro.enviar({ ...MENSAGEM, aparelho: boa });
    expect(await enviar()).toEqual(['PERMANENTE', 'Web Push HTTP 403', 'INEXISTENTE']);
  });

  it.each<[number, unknown[]]>([
    [404, ['PERMANENTE', 'Web Push HTTP 404', 'INEXISTENTE']],
    [413, ['PERMANENTE', 'Web Push HTTP 413']],
    [400, ['PERMANENTE', 'Web Push HTTP 400']],
    [401, ['CREDENCIAIS', 'Web Push HTTP 401']],
  ])('says what %s means', async (status, esperado) => {
    servico.faults.push({ status });
    expect(await enviar()).toEqual(esperado);
  });

  it.each([429, 500, 302])(
    'takes %s for an outage of a push service that has taken something, and of the others for the fault of the device',
    async (status) => {
      const tropeco = { status, headers: { 'retry-after': '120', location: 'http://127.0.0.1:1/' } };
      servico.faults.push(tropeco);
      expect(await enviar()).toEqual(['TEMPORARIA', `Web Push HTTP ${status}`, 120_000]);
      await enviar();
      servico.faults.push(tropeco);
      expect(await enviar()).toEqual(['INDISPONIVEL', `Web Push HTTP ${status}`, 120_000]);
    },
  );

  it('lets no name that a caller has thought of stop the channel', async () => {
    carteiro = novo(CHAVE, false, ['*.invalido.exemplo.com']);
    aparelho = { ...aparelho, endpoint: 'https://ninguem.invalido.exemplo.com/push/x' };
    expect(await enviar()).toEqual(['TEMPORARIA', expect.stringMatching(/^Web Push \w+$/)]);
  });

  it.each(['SILENCE', 'CUT'] as const)(
    'takes it for an outage when there is no answer: %s',
    async (tropeco) => {
      await enviar();
      servico.faults.push(tropeco);
      const [tipo, texto] = (await enviar()) as string[];
      expect(tipo).toBe('INDISPONIVEL');
      // The address of a device is a secret.
      expect(texto).toMatch(/^Web Push \w+$/);
    },
  );

  it.each([
    'http://127.0.0.1:9999/push/x',
    'https://169.254.169.254/latest',
    'https://exemplo.com/push/x',
    'https://push.exemplo.com.atacante.com/x',
    'https://push.exemplo.com@10.0.0.1/x',
    'https://push.exemplo.com:8443/push/x',
  ])('asks nothing of %s, wherever it has come from', async (endpoint) => {
    carteiro = novo(CHAVE, false);
    aparelho = { ...aparelho, endpoint };
    expect(await enviar()).toEqual(['PERMANENTE', 'Web Push address not allowed', 'INEXISTENTE']);
  });
});
