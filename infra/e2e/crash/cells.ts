import type { Cell } from './points.ts';
import type { Scenario } from './scenarios.ts';

/** Programs of ours: they die at points of their own. */
export const SERVICES = ['auth', 'reservas', 'pagamentos', 'notificacoes'] as const;
export type Service = (typeof SERVICES)[number];

/** Programs that are not: one dies when a service comes to a point at which it needs it. */
const SERVERS = ['postgres', 'redis', 'nats', 'stripe'] as const;
type Server = (typeof SERVERS)[number];

export type Victim = Service | Server;

export const isServer = (victim: Victim): victim is Server => SERVERS.some((server) => server === victim);

/** One crash: somebody dies in a scenario, before or after one of its steps. */
export interface CrashCell extends Cell {
  readonly scenario: Scenario;
  readonly service: Service;
  readonly victim: Victim;
}

/** Counters of identities are looked after once a connection and once in hundreds of them, whatever scenario that falls into. */
const NO_STEP = /^(redis eval id:\w+|commit limites_de_ids)$/;

/** What a service has come past in a scenario, in order, as cells; those of one point that come again told apart by a number. */
export function cellsOf(scenario: Scenario, service: Service, crossings: readonly string[]): CrashCell[] {
  // What customers do beside auth is gone through in scenarios of its own.
  if (scenario === 'join and leave' && service !== 'auth') return [];
  const times = new Map<string, number>();
  let commits = 0;
  return crossings.flatMap((crossing) => {
    const nth = (times.get(crossing) ?? 0) + 1;
    times.set(crossing, nth);
    const space = crossing.indexOf(' ');
    const [when, point] = [crossing.slice(0, space) as Cell['when'], crossing.slice(space + 1)];
    if (NO_STEP.test(point)) return [];
    // The accounts of those who book were made before: auth dies beside each of the others once a scenario.
    const beside: Victim[] =
      service !== 'auth' && point.startsWith('commit') && commits++ === 0 ? ['auth'] : [];
    return [...victimsAt(service, point, nth), ...beside].map((victim) => ({
      ...{ scenario, service, victim, when, point, nth },
    }));
  });
}

/** Scenarios in which a service dies at every step, whatever it has died at before. */
const WHOLE: readonly Scenario[] = ['book and pay', 'cancel for half', 'expire'];

/** All cells but those of steps that an earlier scenario has shown: they would show the same again. */
export function withoutRepetitions(cells: readonly CrashCell[]): CrashCell[] {
  const shown = new Map<string, Scenario>();
  return cells.filter(({ scenario, service, victim, when, point }) => {
    const step = [victim, service, when, point].join(' ');
    const first = shown.get(step) ?? scenario;
    shown.set(step, first);
    return first === scenario || (victim === service && WHOLE.includes(scenario));
  });
}

const NEEDED: ReadonlyArray<readonly [prefix: string, server: Server]> = [
  ['commit', 'postgres'],
  ['publish', 'nats'],
  ['ack', 'nats'],
  ['stripe', 'stripe'],
  ['redis', 'redis'],
];

/** Who dies at a point: the service itself, and the server that the step is done at, the first time that it is come to. */
function victimsAt(service: Service, point: string, nth: number): Victim[] {
  const server = NEEDED.find(([prefix]) => point.startsWith(prefix))?.[1];
  // A counter or a cached page is no record of a service; what auth keeps there is.
  const itself = server !== 'redis' || service === 'auth';
  return [...(itself ? [service] : []), ...(server && nth === 1 ? [server] : [])];
}
