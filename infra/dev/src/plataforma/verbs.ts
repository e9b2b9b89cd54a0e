import { sentenceOf } from './running-stack.ts';

/** A verb that is no command by itself. Its module is loaded when it is called for: the others need not wait for it. */
interface Verb {
  readonly about: string;
  readonly load: () => Promise<(args: readonly string[]) => Promise<void>>;
}

/** What the command line does by itself. */
export const VERBS: Readonly<Record<string, Verb>> = {
  book: { about: 'book a free slot of the local stack', load: async () => (await import('./book.ts')).book },
  pay: { about: 'pay a reservation: pay res_...', load: async () => (await import('./pay.ts')).pay },
  decline: {
    about: 'have the card for a reservation declined: decline res_...',
    load: async () => (await import('./decline.ts')).decline,
  },
  listen: {
    about: 'print the events of a reservation as they come: listen res_...',
    load: async () => (await import('./listen.ts')).listen,
  },
  trigger: {
    about: 'have a webhook sent: trigger whk_... | evt_... | checkout.session.completed',
    load: async () => (await import('./trigger.ts')).trigger,
  },
  time: {
    about: 'say when what concerns a reservation happens: time res_...',
    load: async () => (await import('./time.ts')).time,
  },
  doctor: {
    about: 'look at every part of the local stack, and say what to do',
    load: async () => (await import('./doctor.ts')).doctor,
  },
};

/** Does what a verb says. What could not be done ends the process with 1, in one sentence where it is no defect. */
export async function runVerb(name: string, args: readonly string[]): Promise<void> {
  try {
    await (await VERBS[name]?.load())?.(args);
  } catch (error) {
    const sentence = sentenceOf(error);
    if (sentence === undefined) throw error;
    console.error(`${name}: ${sentence}`);
    process.exitCode = 1;
  }
}
