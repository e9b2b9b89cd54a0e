import { type LivroDeReserva, type Livros, NADA } from '../livros/livros.ts';
import type { Bancada } from './bancada.ts';
import { type Desfecho, type FimDoCenario, PODEM_FALTAR } from './cenarios/cenario.ts';
import { type Cena, type Palco, PESSOAS } from './palco.ts';

/** What the people of a scenario see of its end. */
export function fimDe({ cenas, saldos, fila }: Palco, livros: Livros): FimDoCenario {
  const desfecho = ({ quem, reservaId, reserva }: Cena): Desfecho => {
    const livro = livroDe(livros, reservaId);
    const { cartao = NADA, creditos = NADA } = livro?.pagamento ?? {};
    return { quem, reserva, cartao, creditos, emails: [...(livro?.emails ?? [])].sort() };
  };
  const comSaldo = PESSOAS.filter((pessoa) => saldos[pessoa] > 0);
  return {
    reservas: cenas.map(desfecho),
    saldos: Object.fromEntries(comSaldo.map((pessoa) => [pessoa, saldos[pessoa]])),
    fila,
  };
}

/**
 * What must be the same whatever the schedule: the end to the cent, and what happened exactly once. Whether a hold has
 * ended on the way to something else depends on what is heard first.
 */
export async function estadoFinal(
  bancada: Bancada,
  { cenas, saldos, fila, espacoId }: Palco,
  livros: Livros,
): Promise<unknown> {
  const reservas = await Promise.all(
    cenas.map(async ({ reservaId, quem, reserva, pagamento, estorno }) => {
      const [fatos, historico] = await Promise.all([
        bancada.query('pagamentos', FATOS, [pagamento.id, MARCOS]),
        bancada.query<{ evento: string }>('reservas', HISTORICO, [reservaId, MARCOS]),
      ]);
      const livro = livroDe(livros, reservaId);
      return {
        ...{ quem, reserva, fatos },
        historico: historico.filter(({ evento }) => evento !== 'ReservaExpirada' || reserva === 'EXPIRADA'),
        pagamento: pagamento.status,
        estorno: estorno?.situacao,
        livro: livro && semAcaso(livro),
      };
    }),
  );
  const vagas = await bancada.query('reservas', 'select from fila_vagas where espaco_id = $1', [espacoId]);
  return { reservas, saldos, fila, vagas: vagas.length };
}

const livroDe = ({ reservas }: Livros, id: string) => reservas.find((livro) => livro.id === id);

/** A customer who cancels early enough is never sent to a checkout, and news that newer news overtakes need not be told. */
function semAcaso({ status, stripe, valor, reembolso, pagamento, emails }: LivroDeReserva) {
  const contada = (modelo: string) =>
    !PODEM_FALTAR.includes(modelo) && (modelo !== 'RESERVA_EXPIRADA' || status === 'EXPIRADA');
  return {
    ...{ stripe, valor, reembolso },
    contas: { ...pagamento, id: undefined, checkouts: undefined },
    emails: emails.filter(contada).sort(),
  };
}

/** What happens exactly as often as in the quiet run. Questions and answers about them may be repeated. */
const MARCOS = [
  ...['PagamentoAprovado', 'EstornoSolicitado', 'EstornoConcluido', 'EstornoFalhou'],
  ...['ReservaCriada', 'ReservaConfirmada', 'ReservaCancelada', 'ReservaExpirada', 'PagamentoNaoAproveitado'],
];

const FATOS = `
  select tipo, count(*)::int as vezes from eventos_pagamento where fluxo = $1 and tipo = any ($2)
  group by tipo order by tipo`;
const HISTORICO = `
  select evento, count(*)::int as vezes from reservas_historico where reserva_id = $1 and evento = any ($2)
  group by evento order by evento`;
