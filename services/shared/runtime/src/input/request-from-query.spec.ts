import { describe, expect, it } from '@jest/globals';
import { BuscarEspacosDisponiveisRequestSchema } from '@plataforma/contratos/reservas/v1/disponibilidade_service_pb';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { motivoDe, toConnectError } from '../errors/errors.ts';
import { requestFromQuery } from './request-from-query.ts';

const PERIOD = 'dataInicio=2026-12-10T13:00:00Z&dataFim=2026-12-10T14:00:00Z';
const TAKEN = ['dataInicio', 'dataFim', 'capacidade', 'tipo', 'pageToken'];

const read = (query: string) =>
  requestFromQuery(BuscarEspacosDisponiveisRequestSchema, new URLSearchParams(query), TAKEN);

describe('a request that comes in a query', () => {
  it('is the message of its contract, in the words of REST', () => {
    const request = read(`${PERIOD}&capacidade=8&tipo=AUDITORIO`);
    expect(request).toMatchObject({ capacidade: 8, tipo: TipoEspaco.AUDITORIO });
  });

  it.each([
    ['what is beyond the bounds of the contract', `pageToken=${'x'.repeat(10_000)}`, 'pageToken deve ter'],
    ['an instant that is none', 'dataInicio=2026-02-30T13:00:00Z', 'dataInicio deve ser um instante'],
    ['another type', 'capacidade=oito', 'capacidade deve ser um número inteiro'],
    ['a fraction', 'capacidade=1.5', 'capacidade deve ser um número inteiro'],
    ['nothing for a number', 'capacidade=', 'capacidade deve ser um número inteiro'],
    ['an unknown word', 'tipo=PISCINA', 'tipo tem um valor não permitido'],
    ['no word', 'tipo=', 'tipo tem um valor não permitido'],
    ['what the contract does not know', `${PERIOD}&cor=azul`, 'campo desconhecido: cor.'],
    ['what the route does not take', `${PERIOD}&pageSize=1`, 'campo desconhecido: pageSize.'],
    ['the name of what every object has', 'constructor=1', 'campo desconhecido: constructor.'],
    ['a parameter twice', `${PERIOD}&capacidade=1&capacidade=2`, 'capacidade aparece mais de uma vez'],
    ['what breaks a rule', `${PERIOD}&capacidade=-1`, 'capacidade deve'],
  ])('is refused for %s', (_, query, told) => {
    let refusal: unknown;
    try {
      read(query);
    } catch (err) {
      refusal = err;
    }
    const error = toConnectError(refusal);
    expect([motivoDe(error), error.rawMessage]).toEqual([
      'REQUISICAO_INVALIDA',
      expect.stringContaining(`Requisição inválida: ${told}`),
    ]);
  });
});
