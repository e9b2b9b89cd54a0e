import { AsyncLocalStorage } from 'node:async_hooks';

/** When a call was begun to be worked on, and by when it has to be answered: milliseconds since the epoch. */
export interface CallTime {
  readonly since: number;
  readonly until: number;
}

const times = new AsyncLocalStorage<CallTime>();

/** Runs a call that has so much time. */
export function withinTime<T>(time: CallTime, call: () => T): T {
  return times.run(time, call);
}

/** The time of the call that this is done for, however deep in it; undefined for what no call has asked for. */
export function callTime(): CallTime | undefined {
  return times.getStore();
}
