/**
 * Loaded into a replica before its own code (`node --import`), and only by the proof of the bus: its clock is ahead of the
 * machine's by `CLOCK_AHEAD_MS`, or behind it when that is negative. Timers and the databases keep true time.
 */
const ahead = Number(process.env.CLOCK_AHEAD_MS);
if (!Number.isSafeInteger(ahead)) throw new Error('CLOCK_AHEAD_MS needs a whole number');

const now = () => trueDate.now() + ahead;
const trueDate = Date;

globalThis.Date = new Proxy(trueDate, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});
