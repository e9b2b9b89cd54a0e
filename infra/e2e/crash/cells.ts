import type { Flow } from './scenarios.ts';
import type { Cell } from './points.ts';

/** Programs of ours: they die at points of their own. */
export const SERVICES = ['auth', 'reservas', 'pagamentos', 'notificacoes'] as const;
export type Service = (typeof SERVICES)[number];

/** Programs that are not: one dies when a service comes to a point at which it needs it. */
const SERVERS = ['postgres', 'redis', 'nats', 'stripe'] as const;
type Server = (typeof SERVERS)[number];

export type Victim = Service | Server;

export const isServer = (victim: Victim): victim is Server => SERVERS.some((server) => server === victim);

/** One crash: somebody dies in a flow, before or after one of its steps. */
export interface CrashCell extends Cell {
  readonly flow: Flow;
  readonly service: Service;
  readonly victim: Victim;
}

/** Counters of identities are looked after once a connection and once in hundreds of them, whatever flow that falls into. */
const NO_STEP = /^(redis eval id:\w+|commit limites_de_ids)$/;

/** What a service has come past in a flow, in order, as cells; those of one point that come again told apart by a number. */
export function cellsOf(flow: Flow, service: Service, crossings: readonly string[]): CrashCell[] {
  // What customers do beside auth is gone through in flows of its own.
  if (flow === 'join and leave' && service !== 'auth') return [];
  const times = new Map<string, number>();
  let commits = 0;
  return crossings.flatMap((crossing) => {
    const nth = (times.get(crossing) ?? 0) + 1;
    times.set(crossing, nth);
    const space = crossing.indexOf(' ');
    const [when, point] = [crossing.slice(0, space) as Cell['when'], crossing.slice(space + 1)];
    if (NO_STEP.test(point)) return [];
    // The accounts of those who book were made before: auth dies beside each of the others once a flow.
    const beside: Victim[] =
      service !== 'auth' && point.startsWith('commit') && commits++ === 0 ? ['auth'] : [];
    return [...victimsAt(service, point, nth), ...beside].map((victim) => ({
      ...{ flow, service, victim, when, point, nth },
    }));
  });
}

/** Flows in which a service dies at every step, whatever it has died at before. */
const WHOLE: readonly Flow[] = ['book and pay', 'cancel for half', 'expire'];

/** All cells but those of steps that an earlier flow has shown: they would show the same again. */
export function withoutRepetitions(cells: readonly CrashCell[]): CrashCell[] {
  const shown = new Map<string, Flow>();
  return cells.filter(({ flow, service, victim, when, point }) => {
    const step = [victim, service, when, point].join(' ');
    const first = shown.get(step) ?? flow;
    shown.set(step, first);
    return first === flow || (victim === service && WHOLE.includes(flow));
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
