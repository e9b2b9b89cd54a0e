import { describe, expect, it } from '@jest/globals';
import { CotarReservaRequestSchema } from '@plataforma/contratos/reservas/v1/reservas_service_pb';
import { motivoDe, toConnectError } from '../errors/errors.ts';
import { requestFromJson } from './request-from-json.ts';

const PERIOD = { dataInicio: '2026-12-10T13:00:00Z', dataFim: '2026-12-10T14:00:00Z' };

describe('a request that comes in a query', () => {
  it('is the message of its contract', () => {
    const { espacoId } = requestFromJson(CotarReservaRequestSchema, { espacoId: 'esp_1', ...PERIOD });
    expect(espacoId).toBe('esp_1');
  });

  it.each([
    ['what is beyond the bounds of the contract', { espacoId: 'x'.repeat(81), ...PERIOD }],
    ['an instant that is none', { espacoId: 'esp_1', ...PERIOD, dataInicio: '2026-02-30T13:00:00Z' }],
    ['another type', { espacoId: 7, ...PERIOD }],
    ['what the contract does not know', { espacoId: 'esp_1', ...PERIOD, outro: 1 }],
    ['what breaks a rule', { espacoId: '', ...PERIOD }],
  ])('is refused for %s', (_, json) => {
    let refusal: unknown;
    try {
      requestFromJson(CotarReservaRequestSchema, json);
    } catch (err) {
      refusal = err;
    }
    expect(motivoDe(toConnectError(refusal))).toBe('REQUISICAO_INVALIDA');
  });
});
