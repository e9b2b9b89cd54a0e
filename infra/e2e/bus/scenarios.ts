import { NADA, type Parte, type ReservaBook } from '../books/books.ts';
import {
  CANCELADA,
  CONFIRMADA,
  DEVOLVIDO,
  ESTORNO,
  EXPIRADA,
  LEMBRETE,
  MAY_BE_MISSING,
  METADE,
  OFERTA,
  type Outcome,
  PAGO,
  PRECO,
  RECUSADO,
} from '../torturer/scenarios/scenario.ts';
import type { Person } from './people.ts';

/** A way that a booking can go, in real time, and how it has to end whatever becomes of the messages. */
export interface Scenario {
  readonly name: string;
  live(person: Person): Promise<unknown>;
  readonly end: End;
}

type End = Omit<Outcome, 'who'>;

const EARLY = 72;
const LATE = 20;

const end = (reserva: string, cartao: Parte, emails: readonly string[], creditos = NADA): End => ({
  ...{ reserva, cartao, creditos, emails },
});

async function pagarEConfirmar(person: Person, inHours = EARLY): Promise<void> {
  await person.reservar(inHours);
  await person.pagar();
  await person.until('CONFIRMADA');
}

export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'pays',
    live: (person) => pagarEConfirmar(person),
    end: end('CONFIRMADA', PAGO, [CONFIRMADA]),
  },
  {
    name: 'is declined twice, then pays',
    async live(person) {
      await person.reservar(EARLY);
      await person.recusarCartao();
      await person.recusarCartao();
      await person.pagar();
    },
    end: end('CONFIRMADA', PAGO, [RECUSADO, RECUSADO, CONFIRMADA]),
  },
  {
    name: 'never pays',
    async live(person) {
      await person.reservar(EARLY);
      await person.deixarVencer();
    },
    end: end('EXPIRADA', NADA, [EXPIRADA]),
  },
  {
    name: 'pays, and the hold runs out before anybody has heard of the money',
    async live(person) {
      await person.reservar(EARLY);
      await person.pagar();
      await person.deixarVencer();
    },
    end: end('CONFIRMADA', PAGO, [CONFIRMADA]),
  },
  {
    name: 'cancels at once',
    async live(person) {
      await person.reservar(EARLY);
      await person.cancelar();
    },
    end: end('CANCELADA', NADA, []),
  },
  {
    name: 'cancels in time',
    async live(person) {
      await pagarEConfirmar(person);
      await person.cancelar();
    },
    end: end('CANCELADA', DEVOLVIDO, [CONFIRMADA, CANCELADA, ESTORNO]),
  },
  {
    name: 'cancels late, for half',
    async live(person) {
      await pagarEConfirmar(person, LATE);
      await person.cancelar();
    },
    end: end('CANCELADA', METADE, [CONFIRMADA, LEMBRETE, CANCELADA, ESTORNO]),
  },
  {
    name: 'pays and cancels before anybody has heard of the money',
    async live(person) {
      await person.reservar(EARLY);
      await person.pagar();
      await person.cancelar();
    },
    end: end('CANCELADA', DEVOLVIDO, [CONFIRMADA, CANCELADA, ESTORNO]),
  },
  {
    name: 'has credit for everything, then cancels',
    async live(person) {
      await person.receberCredito(200_00n);
      await person.reservar(EARLY);
      await person.until('CONFIRMADA');
      await person.cancelar();
    },
    end: end('CANCELADA', NADA, [CONFIRMADA, CANCELADA, ESTORNO], DEVOLVIDO),
  },
  {
    name: 'pays a part by credit, then cancels late, for half',
    async live(person) {
      await person.receberCredito(50_00n);
      await pagarEConfirmar(person, LATE);
      await person.cancelar();
    },
    end: end('CANCELADA', { pago: 100_01, devolvido: 50_01 }, [CONFIRMADA, LEMBRETE, CANCELADA, ESTORNO], {
      ...{ pago: 50_00, devolvido: 25_00 },
    }),
  },
  {
    name: 'gets a part back from an administrator, then cancels',
    async live(person) {
      await pagarEConfirmar(person);
      await person.receberEstorno(30_00n);
      await person.cancelar();
    },
    end: end('CANCELADA', DEVOLVIDO, [CONFIRMADA, ESTORNO, CANCELADA, ESTORNO]),
  },
  {
    name: 'pays, and somebody gives a part back at Stripe itself',
    async live(person) {
      await person.reservar(EARLY);
      await person.pagar();
      await person.receberEstornoNoStripe(50_00);
    },
    end: end('CONFIRMADA', { pago: PRECO, devolvido: 50_00 }, [CONFIRMADA, ESTORNO]),
  },
  {
    name: 'is booked for, and accepts with credit for everything',
    async live(person) {
      await person.receberCredito(200_00n);
      await person.reservar(EARLY, { porOutro: true });
      await person.aceitar();
    },
    end: end('CONFIRMADA', NADA, [OFERTA, CONFIRMADA], PAGO),
  },
];

/** Whether one is told of a cancellation depends on what was known when it came, which the comparison of the books looks at. */
const SOMETIMES_MISSING: ReadonlySet<string> = new Set([...MAY_BE_MISSING, CANCELADA]);

/** What is not as it has to be at the end. */
export function failuresOf({ name, end: expected }: Scenario, book: ReservaBook | undefined): string[] {
  if (book === undefined) return [`"${name}": no reservation`];
  const { id, status: reserva, pagamento, emails } = book;
  const { cartao = NADA, creditos = NADA } = pagamento ?? {};
  const found = JSON.stringify({ reserva, cartao, creditos });
  const right = JSON.stringify({
    reserva: expected.reserva,
    cartao: expected.cartao,
    creditos: expected.creditos,
  });
  const problems = found === right ? [] : [`${found}, not ${right}`];
  const times = (list: readonly string[], modelo: string) => list.filter((one) => one === modelo).length;
  for (const modelo of new Set([...emails, ...expected.emails])) {
    const [came, due] = [times(emails, modelo), times(expected.emails, modelo)];
    if (came > due || (came < due && !SOMETIMES_MISSING.has(modelo)))
      problems.push(`${came} e-mails ${modelo}, not ${due}`);
  }
  return problems.map((problem) => `${id} "${name}": ${problem}`);
}
