import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { CrashCell, Victim } from './cells.ts';
import { CrashMatrix, type CrashResult } from './matrix.ts';

let matrix: CrashMatrix;

beforeAll(async () => {
  matrix = await CrashMatrix.start();
}, 120_000);

afterAll(() => matrix?.stop());

type Choice = Pick<CrashCell, 'scenario' | 'service' | 'when'> & {
  readonly point: RegExp;
  /** The service, unless it is somebody else. */
  readonly victim?: Victim;
};

/** Between an effect and its record, and between a record and its announcement. `npm run crash-matrix` takes them all. */
const CHOICES: readonly Choice[] = [
  {
    scenario: 'book and pay',
    service: 'pagamentos',
    when: 'after',
    point: /^stripe POST \/v1\/checkout\/sessions$/,
  },
  { scenario: 'book and pay', service: 'pagamentos', when: 'before', point: /\[PagamentoAprovado / },
  { scenario: 'book and pay', service: 'pagamentos', when: 'after', point: /^publish .*PagamentoAprovado/ },
  { scenario: 'book and pay', service: 'reservas', when: 'after', point: /^commit .*[[ ]ReservaConfirmada / },
  { scenario: 'book and pay', service: 'reservas', when: 'before', point: /^ack .*PagamentoAprovado/ },
  { scenario: 'book and pay', service: 'notificacoes', when: 'before', point: /^ack .*ReservaConfirmada/ },
  { scenario: 'cancel for half', service: 'pagamentos', when: 'after', point: /^stripe POST \/v1\/refunds$/ },
  {
    scenario: 'cancel for half',
    service: 'reservas',
    when: 'after',
    point: /^commit .*[[ ]ReservaCancelada /,
  },
  { scenario: 'expire', service: 'pagamentos', when: 'after', point: /^stripe POST .*\/expire$/ },
  { scenario: 'expire', service: 'reservas', when: 'before', point: /^commit .*[[ ]ReservaExpirada / },
  { scenario: 'take an offer', service: 'reservas', when: 'after', point: /^commit .*VagaOferecida/ },
  { scenario: 'spend a bonus', service: 'pagamentos', when: 'before', point: /^commit .*creditos_lotes/ },
  { scenario: 'join and leave', service: 'auth', when: 'before', point: /^answer IssueServiceToken$/ },
  { scenario: 'join and leave', service: 'auth', when: 'after', point: /^commit .*SessaoEncerrada/ },
  {
    scenario: 'book and pay',
    service: 'pagamentos',
    victim: 'postgres',
    when: 'after',
    point: /\[PagamentoAprovado /,
  },
  {
    scenario: 'book and pay',
    service: 'pagamentos',
    victim: 'nats',
    when: 'after',
    point: /^publish .*PagamentoAprovado/,
  },
  {
    scenario: 'book and pay',
    service: 'reservas',
    victim: 'redis',
    when: 'before',
    point: /^redis incr id:res$/,
  },
  {
    scenario: 'cancel for half',
    service: 'pagamentos',
    victim: 'stripe',
    when: 'after',
    point: /^stripe POST \/v1\/refunds$/,
  },
];

const cellOf = ({ point, victim, ...choice }: Choice): CrashCell => ({
  ...choice,
  victim: victim ?? choice.service,
  point: point.source,
  pattern: true,
  nth: 1,
});

describe('a service or a server that is killed', () => {
  it('leaves nothing charged, refunded, confirmed or told twice, and money finds its place within 60 s', async () => {
    const results: CrashResult[] = [];
    for (const choice of CHOICES) results.push(await matrix.crash(cellOf(choice)));
    expect(results.filter(({ died }) => !died).map(({ cell }) => cell)).toEqual([]);
    for (const { cell, verdict } of results)
      expect({ cell, ...(await verdict) }).toMatchObject({ cell, problems: [] });
    expect(await matrix.totals()).toEqual([]);
  }, 420_000);
});
