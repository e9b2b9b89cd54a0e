import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type CrashCell, CrashMatrix, type CrashResult } from './crash-matrix.ts';

let matrix: CrashMatrix;
let all: CrashCell[];

beforeAll(async () => {
  matrix = await CrashMatrix.start();
  all = await matrix.discover();
}, 120_000);

afterAll(() => matrix?.stop());

type Choice = Pick<CrashCell, 'flow' | 'service' | 'when'> & { readonly point: RegExp };

/** Between an effect and its record, and between a record and its announcement. `npm run crash-matrix` takes them all. */
const CHOICES: readonly Choice[] = [
  {
    flow: 'book and pay',
    service: 'pagamentos',
    when: 'after',
    point: /^stripe POST \/v1\/checkout\/sessions$/,
  },
  { flow: 'book and pay', service: 'pagamentos', when: 'before', point: /\[PagamentoAprovado / },
  { flow: 'book and pay', service: 'pagamentos', when: 'after', point: /^publish .*PagamentoAprovado/ },
  { flow: 'book and pay', service: 'reservas', when: 'after', point: /^commit .*[[ ]ReservaConfirmada / },
  { flow: 'book and pay', service: 'reservas', when: 'before', point: /^ack .*PagamentoAprovado/ },
  { flow: 'book and pay', service: 'notificacoes', when: 'before', point: /^ack .*ReservaConfirmada/ },
  { flow: 'cancel for half', service: 'pagamentos', when: 'after', point: /^stripe POST \/v1\/refunds$/ },
  { flow: 'cancel for half', service: 'reservas', when: 'after', point: /^commit .*[[ ]ReservaCancelada / },
  { flow: 'expire', service: 'pagamentos', when: 'after', point: /^stripe POST .*\/expire$/ },
  { flow: 'expire', service: 'reservas', when: 'before', point: /^commit .*[[ ]ReservaExpirada / },
];

function cellFor({ flow, service, when, point }: Choice): CrashCell {
  const [cell] = all.filter(
    (one) => one.flow === flow && one.service === service && one.when === when && point.test(one.point),
  );
  if (cell === undefined)
    throw new Error(`nothing like ${point} happens in ${service} when customers ${flow}`);
  return cell;
}

describe('a service that is killed', () => {
  it('leaves nothing charged, refunded, confirmed or told twice, and money finds its place within 60 s', async () => {
    const results: CrashResult[] = [];
    for (const choice of CHOICES) results.push(await matrix.crash(cellFor(choice)));
    expect(results.filter(({ died }) => !died).map(({ cell }) => cell)).toEqual([]);
    for (const { cell, verdict } of results)
      expect({ cell, ...(await verdict) }).toMatchObject({ cell, problems: [] });
    expect(await matrix.totals()).toEqual([]);
  }, 300_000);
});
