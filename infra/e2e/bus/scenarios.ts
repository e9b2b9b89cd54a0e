import { type LivroDeReserva, NADA, type Parte } from '../livros/livros.ts';
import {
  CANCELADA,
  CONFIRMADA,
  DEVOLVIDO,
  type Desfecho,
  ESTORNO,
  EXPIRADA,
  LEMBRETE,
  METADE,
  OFERTA,
  PAGO,
  PODEM_FALTAR,
  PRECO,
  RECUSADO,
} from '../torturador/cenarios/cenario.ts';
import type { Pessoa } from './gente.ts';

/** A way that a booking can go, in real time, and how it has to end whatever becomes of the messages. */
export interface Cenario {
  readonly nome: string;
  viver(pessoa: Pessoa): Promise<unknown>;
  readonly fim: Fim;
}

type Fim = Omit<Desfecho, 'quem'>;

const CEDO = 72;
const TARDE = 20;

const fim = (reserva: string, cartao: Parte, emails: readonly string[], creditos = NADA): Fim => ({
  ...{ reserva, cartao, creditos, emails },
});

async function pagarEConfirmar(pessoa: Pessoa, emHoras = CEDO): Promise<void> {
  await pessoa.reservar(emHoras);
  await pessoa.pagar();
  await pessoa.ate('CONFIRMADA');
}

export const CENARIOS: readonly Cenario[] = [
  {
    nome: 'pays',
    viver: (pessoa) => pagarEConfirmar(pessoa),
    fim: fim('CONFIRMADA', PAGO, [CONFIRMADA]),
  },
  {
    nome: 'is declined twice, then pays',
    async viver(pessoa) {
      await pessoa.reservar(CEDO);
      await pessoa.recusarCartao();
      await pessoa.recusarCartao();
      await pessoa.pagar();
    },
    fim: fim('CONFIRMADA', PAGO, [RECUSADO, RECUSADO, CONFIRMADA]),
  },
  {
    nome: 'never pays',
    async viver(pessoa) {
      await pessoa.reservar(CEDO);
      await pessoa.deixarVencer();
    },
    fim: fim('EXPIRADA', NADA, [EXPIRADA]),
  },
  {
    nome: 'pays, and the hold runs out before anybody has heard of the money',
    async viver(pessoa) {
      await pessoa.reservar(CEDO);
      await pessoa.pagar();
      await pessoa.deixarVencer();
    },
    fim: fim('CONFIRMADA', PAGO, [CONFIRMADA]),
  },
  {
    nome: 'cancels at once',
    async viver(pessoa) {
      await pessoa.reservar(CEDO);
      await pessoa.cancelar();
    },
    fim: fim('CANCELADA', NADA, []),
  },
  {
    nome: 'cancels in time',
    async viver(pessoa) {
      await pagarEConfirmar(pessoa);
      await pessoa.cancelar();
    },
    fim: fim('CANCELADA', DEVOLVIDO, [CONFIRMADA, CANCELADA, ESTORNO]),
  },
  {
    nome: 'cancels late, for half',
    async viver(pessoa) {
      await pagarEConfirmar(pessoa, TARDE);
      await pessoa.cancelar();
    },
    fim: fim('CANCELADA', METADE, [CONFIRMADA, LEMBRETE, CANCELADA, ESTORNO]),
  },
  {
    nome: 'pays and cancels before anybody has heard of the money',
    async viver(pessoa) {
      await pessoa.reservar(CEDO);
      await pessoa.pagar();
      await pessoa.cancelar();
    },
    fim: fim('CANCELADA', DEVOLVIDO, [CONFIRMADA, CANCELADA, ESTORNO]),
  },
  {
    nome: 'has credit for everything, then cancels',
    async viver(pessoa) {
      await pessoa.receberCredito(200_00n);
      await pessoa.reservar(CEDO);
      await pessoa.ate('CONFIRMADA');
      await pessoa.cancelar();
    },
    fim: fim('CANCELADA', NADA, [CONFIRMADA, CANCELADA, ESTORNO], DEVOLVIDO),
  },
  {
    nome: 'pays a part by credit, then cancels late, for half',
    async viver(pessoa) {
      await pessoa.receberCredito(50_00n);
      await pagarEConfirmar(pessoa, TARDE);
      await pessoa.cancelar();
    },
    fim: fim('CANCELADA', { pago: 100_01, devolvido: 50_01 }, [CONFIRMADA, LEMBRETE, CANCELADA, ESTORNO], {
      ...{ pago: 50_00, devolvido: 25_00 },
    }),
  },
  {
    nome: 'gets a part back from an administrator, then cancels',
    async viver(pessoa) {
      await pagarEConfirmar(pessoa);
      await pessoa.receberEstorno(30_00n);
      await pessoa.cancelar();
    },
    fim: fim('CANCELADA', DEVOLVIDO, [CONFIRMADA, ESTORNO, CANCELADA, ESTORNO]),
  },
  {
    nome: 'pays, and somebody gives a part back at Stripe itself',
    async viver(pessoa) {
      await pessoa.reservar(CEDO);
      await pessoa.pagar();
      await pessoa.receberEstornoNoStripe(50_00);
    },
    fim: fim('CONFIRMADA', { pago: PRECO, devolvido: 50_00 }, [CONFIRMADA, ESTORNO]),
  },
  {
    nome: 'is booked for, and accepts with credit for everything',
    async viver(pessoa) {
      await pessoa.receberCredito(200_00n);
      await pessoa.reservar(CEDO, { porOutro: true });
      await pessoa.aceitar();
    },
    fim: fim('CONFIRMADA', NADA, [OFERTA, CONFIRMADA], PAGO),
  },
];

/** Whether one is told of a cancellation depends on what was known when it came, which the comparison of the books looks at. */
const FALTAM_AS_VEZES: ReadonlySet<string> = new Set([...PODEM_FALTAR, CANCELADA]);

/** What is not as it has to be at the end. */
export function falhasDe({ nome, fim: esperado }: Cenario, livro: LivroDeReserva | undefined): string[] {
  if (livro === undefined) return [`"${nome}": no reservation`];
  const { id, status: reserva, pagamento, emails } = livro;
  const { cartao = NADA, creditos = NADA } = pagamento ?? {};
  const achado = JSON.stringify({ reserva, cartao, creditos });
  const certo = JSON.stringify({
    reserva: esperado.reserva,
    cartao: esperado.cartao,
    creditos: esperado.creditos,
  });
  const problemas = achado === certo ? [] : [`${achado}, not ${certo}`];
  const vezes = (lista: readonly string[], modelo: string) => lista.filter((um) => um === modelo).length;
  for (const modelo of new Set([...emails, ...esperado.emails])) {
    const [vieram, devidos] = [vezes(emails, modelo), vezes(esperado.emails, modelo)];
    if (vieram > devidos || (vieram < devidos && !FALTAM_AS_VEZES.has(modelo)))
      problemas.push(`${vieram} e-mails ${modelo}, not ${devidos}`);
  }
  return problemas.map((problema) => `${id} "${nome}": ${problema}`);
}
