/**
 * Loaded into a replica before its own code (`node --import`), and only by the proof of the bus: its clock is ahead of the
 * machine's by `RELOGIO_ADIANTADO_MS`, or behind it when that is negative. Timers and the databases keep true time.
 */
const adiantado = Number(process.env.RELOGIO_ADIANTADO_MS);
if (!Number.isSafeInteger(adiantado)) throw new Error('RELOGIO_ADIANTADO_MS needs a whole number');

const agora = () => verdadeiro.now() + adiantado;
const verdadeiro = Date;

globalThis.Date = new Proxy(verdadeiro, {
  construct: (alvo, args, novo) => Reflect.construct(alvo, args.length === 0 ? [agora()] : args, novo),
  get: (alvo, nome) => (nome === 'now' ? agora : Reflect.get(alvo, nome)),
});
