import { type Books, NADA, type ReservaBook } from '../books/books.ts';
import type { Rig } from './rig.ts';
import { MAY_BE_MISSING, type Outcome, type ScenarioEnd } from './scenarios/scenario.ts';
import { PEOPLE, type Scene, type Stage } from './stage.ts';

/** What the people of a scenario see of its end. */
export function endOf({ scenes, saldos, fila }: Stage, books: Books): ScenarioEnd {
  const outcome = ({ who, reservaId, reserva }: Scene): Outcome => {
    const book = bookOf(books, reservaId);
    const { cartao = NADA, creditos = NADA } = book?.pagamento ?? {};
    return { who, reserva, cartao, creditos, emails: [...(book?.emails ?? [])].sort() };
  };
  const comSaldo = PEOPLE.filter((person) => saldos[person] > 0);
  return {
    reservas: scenes.map(outcome),
    saldos: Object.fromEntries(comSaldo.map((person) => [person, saldos[person]])),
    fila,
  };
}

/**
 * What must be the same whatever the schedule: the end to the cent, and what happened exactly once. Whether a hold has
 * ended on the way to something else depends on what is heard first.
 */
export async function finalState(
  rig: Rig,
  { scenes, saldos, fila, espacoId }: Stage,
  books: Books,
): Promise<unknown> {
  const reservas = await Promise.all(
    scenes.map(async ({ reservaId, who, reserva, pagamento, estorno }) => {
      const [fatos, historico] = await Promise.all([
        rig.query('pagamentos', FATOS, [pagamento.id, MILESTONES]),
        rig.query<{ evento: string }>('reservas', HISTORICO, [reservaId, MILESTONES]),
      ]);
      const book = bookOf(books, reservaId);
      return {
        ...{ who, reserva, fatos },
        historico: historico.filter(({ evento }) => evento !== 'ReservaExpirada' || reserva === 'EXPIRADA'),
        pagamento: pagamento.status,
        estorno: estorno?.situacao,
        book: book && withoutChance(book),
      };
    }),
  );
  const vagas = await rig.query('reservas', 'select from fila_vagas where espaco_id = $1', [espacoId]);
  return { reservas, saldos, fila, vagas: vagas.length };
}

const bookOf = ({ reservas }: Books, id: string) => reservas.find((book) => book.id === id);

/** A customer who cancels early enough is never sent to a checkout, and news that newer news overtakes need not be told. */
function withoutChance({ status, stripe, valor, reembolso, pagamento, emails }: ReservaBook) {
  const counted = (modelo: string) =>
    !MAY_BE_MISSING.includes(modelo) && (modelo !== 'RESERVA_EXPIRADA' || status === 'EXPIRADA');
  return {
    ...{ stripe, valor, reembolso },
    contas: { ...pagamento, id: undefined, checkouts: undefined },
    emails: emails.filter(counted).sort(),
  };
}

/** What happens exactly as often as in the quiet run. Questions and answers about them may be repeated. */
const MILESTONES = [
  ...['PagamentoAprovado', 'EstornoSolicitado', 'EstornoConcluido', 'EstornoFalhou'],
  ...['ReservaCriada', 'ReservaConfirmada', 'ReservaCancelada', 'ReservaExpirada', 'PagamentoNaoAproveitado'],
];

const FATOS = `
  select tipo, count(*)::int as vezes from eventos_pagamento where fluxo = $1 and tipo = any ($2)
  group by tipo order by tipo`;
const HISTORICO = `
  select evento, count(*)::int as vezes from reservas_historico where reserva_id = $1 and evento = any ($2)
  group by evento order by evento`;
