import { expect, it } from '@jest/globals';
import { ProviderAwayError } from '@plataforma/domain/work-queue';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { CRIADA, SOLICITADO } from '../../../test/cobrancas/given.ts';
import { InMemoryUnitOfWork, script } from '../../../test/in-memory.ts';
import { GatewayError } from '../../pagamento/application/gateway-error.ts';
import { AbrirCheckoutHandler } from './abrir-checkout.ts';
import { RetomarCheckoutsHandler } from './retomar-checkouts.ts';

const AGORA = new Date('2026-11-24T12:00:00Z');
const VEZ = { pagamentoId: 'pag_1', falhas: 0, paradaDesde: new Date(AGORA.getTime() - 8_000) };

function retomada(...respostas: unknown[]) {
  const adiados: unknown[][] = [];
  const pagamentos = new InMemoryUnitOfWork().given('pag_1', CRIADA, SOLICITADO);
  const { asked, method } = script({ abrirCheckout: respostas });
  const comum = { uow: pagamentos, clock: new FixedClock(AGORA.toISOString()) };
  const abrirCheckout = new AbrirCheckoutHandler({
    ...comum,
    gateway: {
      abrirCheckout: method('abrirCheckout'),
      consultarSessao: method('consultarSessao'),
      encerrarSessao: method('encerrarSessao'),
    },
    observador: { checkoutFalhou: () => {}, encerramentoFalhou: () => {} },
  });
  const retomar = new RetomarCheckoutsHandler({
    ...comum,
    abrirCheckout,
    fila: {
      reivindicar: async (...prazo) => {
        asked.push(['reivindicar', ...prazo]);
        return [VEZ];
      },
      adiar: async (...adiado) => void adiados.push(adiado),
      devolver: async (...devolvido) => void adiados.push(devolvido),
    },
  });
  return { retomar, pagamentos, asked, adiados };
}

it('takes a charge that has no checkout for half a minute', async () => {
  const { retomar, asked } = retomada();
  expect(await retomar.due()).toEqual([VEZ]);
  expect(asked).toEqual([['reivindicar', AGORA, new Date('2026-11-24T12:00:30Z')]]);
});

it('opens one', async () => {
  const { retomar, pagamentos } = retomada({ sessaoId: 'cs_1', url: 'https://c', expiraEm: AGORA });
  await retomar.execute(VEZ);
  expect(pagamentos.since('pag_1', 2)).toEqual(['CheckoutAberto']);
  expect(pagamentos.causes).toEqual(['varredura']);
});

it.each([
  ['is away', new ProviderAwayError('away')],
  ['refuses', new GatewayError('RECUSADO', 'no')],
])('fails by what the provider says while that %s', async (_, erro) => {
  await expect(retomada(erro).retomar.execute(VEZ)).rejects.toBe(erro);
});

it('waits as long again as it has while the provider is away, half a minute at most', async () => {
  const { retomar, adiados } = retomada();
  await retomar.giveBack(VEZ, new ProviderAwayError('x'));
  await retomar.giveBack({ ...VEZ, paradaDesde: new Date(0) }, new ProviderAwayError('x'));
  expect(adiados).toEqual([
    ['pag_1', expect.any(Date), 'ProviderAwayError: x'],
    ['pag_1', expect.any(Date), 'ProviderAwayError: x'],
  ]);
  const [pouco, muito] = adiados.map(([, ate]) => Number(ate) - AGORA.getTime()) as [number, number];
  expect([pouco >= 4_000, pouco <= 8_000, muito >= 15_000, muito <= 30_000]).toEqual(Array(4).fill(true));
});

it.each<[string, Error, number, string, number]>([
  ['a refusal by its text', new GatewayError('RECUSADO', 'no'), 0, 'GatewayError: no', 1_000],
  ['an error by its text', new TypeError('x'), 2, 'TypeError: x', 4_000],
  ['half a minute at most', new TypeError('x'), 40, 'TypeError: x', 30_000],
])('is put off longer each time: %s', async (_, erro, falhas, texto, ms) => {
  const { retomar, adiados } = retomada();
  expect(await retomar.putOff({ ...VEZ, falhas }, erro)).toEqual({ item: 'pag_1', failures: falhas + 1 });
  expect(adiados).toEqual([['pag_1', expect.any(Date), texto]]);
  const espera = Number(adiados[0]?.[1]) - AGORA.getTime();
  expect(espera).toBeGreaterThanOrEqual(ms / 2);
  expect(espera).toBeLessThanOrEqual(ms);
});
