import { NADA, type Parte } from '../../books/books.ts';
import type { ReservarOptions } from '../acts.ts';
import type { Rig } from '../rig.ts';
import { type Cast, type Person, type Scene, type Stage, sceneOf } from '../stage.ts';

/** Something that is done as soon as it can be. */
export interface Step {
  when(stage: Stage): boolean;
  act(stage: Stage): Promise<unknown> | unknown;
}

/** What has become of one reservation in the end, as its customer sees it; cents. */
export interface Outcome {
  readonly who: Person;
  readonly reserva: string;
  readonly cartao: Parte;
  readonly creditos: Parte;
  /** Templates of all e-mails. Who cancels at once is not told that it was confirmed. */
  readonly emails: readonly string[];
}

/** What has become of everything. */
export interface ScenarioEnd {
  /** In the order of {@link Stage.scenes}. */
  readonly reservas: readonly Outcome[];
  /** Credit that somebody has; cents. */
  readonly saldos: Readonly<Partial<Record<Person, number>>>;
  /** Status of places in line. */
  readonly fila: Readonly<Partial<Record<Person, string>>>;
}

export interface Scenario {
  /** Completes "a customer who ...". */
  readonly name: string;
  /** Hours until Ana's reservation begins: they decide what a cancellation gives back. */
  readonly inHours: number;
  /** How it is booked. */
  readonly how?: Pick<ReservarOptions, 'porOutro' | 'datas'>;
  /** Before anything happens. */
  readonly before?: (rig: Rig, cast: Cast) => Promise<void> | void;
  /** One after the other, each when it can be done; messages travel meanwhile. */
  readonly steps: readonly Step[];
  readonly end: ScenarioEnd;
}

/** A step about one reservation, with everything else beside it. */
interface StepOfOne {
  when(scene: Scene, stage: Stage): boolean;
  act(scene: Scene, stage: Stage): Promise<unknown> | unknown;
}

/** @param date which of their reservations, by its date from 0; without it the latest */
export function by(who: Person, { when, act }: StepOfOne, date?: number): Step {
  return {
    when: (stage) => when(sceneOf(stage, who, date), stage),
    act: (stage) => act(sceneOf(stage, who, date), stage),
  };
}

/** Steps about the reservation with which everything begins. */
export const byAna = (...steps: StepOfOne[]): Step[] => steps.map((step) => by('ana', step, 0));

/** Waits until something has come about. */
export const waitFor = (when: StepOfOne['when']): StepOfOne => ({ when, act: () => {} });

export const MINUTE_MS = 60_000;

export const always = () => true;
export const podePagar = ({ pagamento }: Scene) => pagamento.sessaoId !== null;
export const inStatus =
  (...status: string[]) =>
  ({ reserva }: Scene) =>
    status.includes(reserva);
export const confirmada = inStatus('CONFIRMADA');
export const cancelada = inStatus('CANCELADA');
export const expirada = inStatus('EXPIRADA');

const sessao = ({ pagamento }: Scene): string => pagamento.sessaoId ?? '';

export const pagar = (scene: Scene, { rig }: Stage) => rig.stripe.pay(sessao(scene));
export const recusar = (scene: Scene, { rig }: Stage) => rig.stripe.decline(sessao(scene));
export const cancelar = ({ reservaId, who }: Scene, { rig, cast }: Stage) =>
  rig.cancelar(reservaId, cast[who]);
export const aceitar = ({ reservaId, who }: Scene, { rig, cast }: Stage) => rig.aceitar(reservaId, cast[who]);
/** The hold runs out. */
export const esgotar = (_: unknown, { rig }: Stage) => rig.clock.advance(16 * MINUTE_MS);

export const PAGA: StepOfOne = { when: podePagar, act: pagar };
export const CANCELA: StepOfOne = { when: confirmada, act: cancelar };

export const comCredito =
  (centavos: bigint, who: Person = 'ana') =>
  (rig: Rig, cast: Cast) =>
    rig.darCredito(cast[who], centavos);

/** One hour at R$ 100,01 and the cleaning fee. */
export const PRECO = 150_01;
export const PAGO: Parte = { pago: PRECO, devolvido: 0 };
export const DEVOLVIDO: Parte = { pago: PRECO, devolvido: PRECO };
/** Rounded half up. */
export const METADE: Parte = { pago: PRECO, devolvido: 75_01 };

export const CONFIRMADA = 'RESERVA_CONFIRMADA';
export const CANCELADA = 'RESERVA_CANCELADA';
export const EXPIRADA = 'RESERVA_EXPIRADA';
export const ESTORNO = 'ESTORNO_CONCLUIDO';
export const OFERTA = 'VAGA_OFERECIDA';
export const FALHA = 'ESTORNO_FALHOU';
export const RECUSADO = 'PAGAMENTO_RECUSADO';
export const LEMBRETE = 'LEMBRETE_RESERVA';
const RECEBIDA = 'RESERVA_RECEBIDA';
const APROVADO = 'PAGAMENTO_APROVADO';
const A_CAMINHO = 'ESTORNO_SOLICITADO';

/** What a customer need not be told when the next news is quicker. */
export const MAY_BE_MISSING: readonly string[] = [
  ...[RECUSADO, CONFIRMADA, LEMBRETE, OFERTA],
  ...[RECEBIDA, APROVADO, A_CAMINHO],
];

interface Extras {
  readonly who?: Person;
  readonly creditos?: Parte;
}

export function outcome(
  reserva: string,
  cartao: Parte,
  emails: readonly string[],
  { who = 'ana', creditos = NADA }: Extras = {},
): Outcome {
  return { who, reserva, cartao, creditos, emails: [...emails].sort() };
}

/** How a single reservation ends. */
export function end(
  reserva: string,
  cartao: Parte,
  emails: readonly string[],
  { creditos = NADA, saldo }: { readonly creditos?: Parte; readonly saldo?: number } = {},
): ScenarioEnd {
  const saldos = saldo === undefined ? {} : { ana: saldo };
  return { reservas: [outcome(reserva, cartao, emails, { creditos })], saldos, fila: {} };
}
