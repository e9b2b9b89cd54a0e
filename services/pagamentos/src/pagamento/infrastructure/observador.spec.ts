import { expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { createLogger } from '@plataforma/runtime/logger';
import { createMetrics } from '@plataforma/runtime/metrics';
import type { PagamentoEvent } from '../domain/eventos.ts';
import { observadorDePagamentos } from './observador.ts';

const em = new Date('2026-11-24T12:00:00Z');
const valor = Dinheiro.deCentavos(10_000n);
const falhou = (motivo: string) =>
  ({ tipo: 'EstornoFalhou', numero: 1, valor, motivo, devolvido: false, em }) as const;
const encerrada = (resultado: string) =>
  ({ tipo: 'DisputaEncerrada', disputaId: 'dp_1', resultado, em }) as const;

it.each<[string, PagamentoEvent]>([
  ['EstornoFalhou', falhou('declined')],
  ['EstornoFeitoNoProvedor', falhou('FEITO_NO_PROVEDOR')],
  ['DisputaPerdida', encerrada('lost')],
  ['DisputaEncerrada', encerrada('won')],
])('counts as %s', async (tipo, evento) => {
  const metrics = createMetrics('pagamentos');
  const logger = createLogger({ service: 'pagamentos', level: 'silent' });
  observadorDePagamentos({ logger, metrics }).gravados('pag_1', [evento]);
  const contador = await metrics.registry.getSingleMetric('pagamentos_eventos_total')?.get();
  const contados = contador?.values.filter(({ value }) => value > 0);
  expect(contados).toMatchObject([{ value: 1, labels: { tipo } }]);
});
