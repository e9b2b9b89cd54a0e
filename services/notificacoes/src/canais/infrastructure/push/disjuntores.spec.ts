import { afterEach, describe, expect, it } from '@jest/globals';
import { Result } from '@plataforma/domain/result';
import { eventually } from '@plataforma/testing/eventually';
import type { Entrega } from '../../application/carteiro.ts';
import { FalhaDeEnvioError, type TipoFalha } from '../../domain/falha-de-envio.ts';
import { Disjuntores } from './disjuntores.ts';

let disjuntores: Disjuntores;
let estados: string[] = [];
let pedidos = 0;

function criar(...provedores: string[]): void {
  [estados, pedidos] = [[], 0];
  const aoMudar = (provedor: string, estado: string) => void estados.push(`${provedor} ${estado}`);
  disjuntores = new Disjuntores({ provedores, aoMudar, resetMs: 50 });
}

afterEach(() => disjuntores.close());

/** What becomes of a message by this provider, which answers so. */
async function enviar(provedor: string, tipo?: TipoFalha, espera = 0): Promise<string> {
  const entrega = await disjuntores.enviar(provedor, async (): Promise<Entrega> => {
    pedidos += 1;
    return tipo ? Result.fail(new FalhaDeEnvioError(tipo, 'no', espera)) : Result.ok({ provedor });
  });
  return entrega.isFailure ? `${entrega.error.tipo} ${entrega.error.depoisDeMs}` : 'sent';
}

describe('Disjuntores', () => {
  it.each(['INDISPONIVEL', 'CREDENCIAIS'] as const)(
    'ask a provider that answers %s three times, and others all the time',
    async (tipo) => {
      criar('fcm', 'web');
      for (let n = 0; n < 10; n += 1) {
        expect(await enviar('fcm', tipo)).toBe('PARCIAL 0');
        expect(await enviar('web')).toBe('sent');
      }
      expect(pedidos).toBe(3 + 10);
      expect(estados).toEqual(['fcm open']);
    },
  );

  it('say that the channel is away when all of its providers are', async () => {
    criar('fcm', 'web');
    for (const provedor of ['fcm', 'web'])
      for (let n = 0; n < 3; n += 1) await enviar(provedor, 'INDISPONIVEL');
    expect(await enviar('fcm')).toBe('INDISPONIVEL 0');
    expect(await enviar('web')).toBe('INDISPONIVEL 0');
  });

  it('try one that was left alone again, with one message at a time', async () => {
    criar('fcm', 'web');
    for (let n = 0; n < 3; n += 1) await enviar('fcm', 'INDISPONIVEL');
    await eventually(() => expect(estados).toContain('fcm half-open'));
    expect(await enviar('fcm')).toBe('sent');
    expect(estados).toEqual(['fcm open', 'fcm half-open', 'fcm closed']);
    expect(await enviar('fcm')).toBe('sent');
  });

  it.each(['TEMPORARIA', 'PERMANENTE'] as const)('take %s for an answer about the message', async (tipo) => {
    criar('fcm', 'web');
    for (let n = 0; n < 5; n += 1) expect(await enviar('fcm', tipo)).toBe(`${tipo} 0`);
    expect([pedidos, estados]).toEqual([5, []]);
  });

  it('pass on how long a provider asks to be left alone', async () => {
    criar('fcm', 'web');
    expect(await enviar('fcm', 'INDISPONIVEL', 90_000)).toBe('PARCIAL 90000');
  });

  it('leave it to the channel to pause where there is one provider alone', async () => {
    criar('fcm');
    for (let n = 0; n < 5; n += 1) expect(await enviar('fcm', 'INDISPONIVEL')).toBe('INDISPONIVEL 0');
    expect(pedidos).toBe(5);
  });
});
