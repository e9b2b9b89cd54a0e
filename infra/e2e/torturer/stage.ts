import type { Rig } from './rig.ts';

/** The customers of a scenario. Ana begins. */
export const PEOPLE = ['ana', 'bia', 'caio'] as const;
export type Person = (typeof PEOPLE)[number];
/** Identities of the customers of one run. */
export type Cast = Readonly<Record<Person, string>>;

/** One reservation as somebody sees it who looks into the services. */
export interface Scene {
  readonly reservaId: string;
  readonly who: Person;
  readonly serieId: string | null;
  /** Status of the reservation. */
  readonly reserva: string;
  readonly pagamento: {
    readonly id: string;
    readonly status: string;
    readonly sessaoId: string | null;
    readonly intencaoId: string | null;
    readonly valor: number;
    readonly creditos: number;
  };
  /** The latest refund as pagamentos has it. */
  readonly estorno: { readonly situacao: string; readonly refundId: string | null } | undefined;
  /** How often they were told that their card was declined. */
  readonly recusasAvisadas: number;
}

/** What can be seen of a run; money in cents. */
export interface Stage {
  readonly rig: Rig;
  readonly espacoId: string;
  readonly cast: Cast;
  /** All of the space, in the order of their dates, then of their customers, then as they were made. */
  readonly scenes: readonly Scene[];
  /** Credit that each has. */
  readonly saldos: Readonly<Record<Person, number>>;
  /** Status of their place in line, of those who have one. */
  readonly fila: Readonly<Partial<Record<Person, string>>>;
}

export function newCast(number: number): Cast {
  return { ana: `cli_${number}ana`, bia: `cli_${number}bia`, caio: `cli_${number}caio` };
}

/** Looks at everything that a run has come to so far. */
export async function look(rig: Rig, { espacoId, cast }: Pick<Stage, 'espacoId' | 'cast'>): Promise<Stage> {
  const clientes = Object.values(cast);
  const personOf = ({ clienteId }: { clienteId: string }) =>
    PEOPLE.find((person) => cast[person] === clienteId) ?? 'ana';
  const [reservas, entradas, saldos] = await Promise.all([
    rig.query<ReservaRow>('reservas', RESERVAS, [espacoId]),
    rig.query<{ clienteId: string; status: string }>('reservas', ENTRADAS, [espacoId]),
    rig.query<{ clienteId: string; saldo: number }>('pagamentos', SALDOS, [clientes]),
  ]);
  const ids = [reservas.map(({ reservaId }) => reservaId)];
  const [pagamentos, estornos, recusas] = await Promise.all([
    rig.query<Scene['pagamento'] & DaReserva>('pagamentos', PAGAMENTOS, ids),
    rig.query<NonNullable<Scene['estorno']> & DaReserva>('pagamentos', ESTORNOS, ids),
    rig.query<DaReserva>('notificacoes', RECUSAS_AVISADAS, ids),
  ]);
  const scenes = reservas.map(({ clienteId, ...reserva }): Scene => {
    const belongs = ({ reservaId }: DaReserva) => reservaId === reserva.reservaId;
    const who = personOf({ clienteId });
    return {
      ...reserva,
      who,
      pagamento: pagamentos.find(belongs) ?? SEM_PAGAMENTO,
      estorno: estornos.find(belongs),
      recusasAvisadas: recusas.filter(belongs).length,
    };
  });
  const saldoDe = (person: Person) => saldos.find((line) => personOf(line) === person)?.saldo ?? 0;
  return {
    ...{ rig, espacoId, cast, scenes },
    saldos: { ana: saldoDe('ana'), bia: saldoDe('bia'), caio: saldoDe('caio') },
    fila: Object.fromEntries(entradas.map((entrada) => [personOf(entrada), entrada.status])),
  };
}

/** The latest reservation that somebody has; an empty one before there is any. */
export function sceneOf({ scenes }: Pick<Stage, 'scenes'>, who: Person, date?: number): Scene {
  const theirs = scenes.filter((scene) => scene.who === who);
  const empty = { reservaId: '', serieId: null, reserva: '', pagamento: SEM_PAGAMENTO, estorno: undefined };
  return (date === undefined ? theirs.at(-1) : theirs[date]) ?? { ...empty, who, recusasAvisadas: 0 };
}

interface DaReserva {
  readonly reservaId: string;
}

type ReservaRow = Pick<Scene, 'reservaId' | 'serieId' | 'reserva'> & { readonly clienteId: string };

const SEM_PAGAMENTO = { id: '', status: '', sessaoId: null, intencaoId: null, valor: 0, creditos: 0 };

const RESERVAS = `
  select id as "reservaId", cliente_id as "clienteId", serie_id as "serieId", status as reserva
  from reservas where espaco_id = $1 order by data_inicio, cliente_id, criada_em, id`;
const ENTRADAS =
  'select cliente_id as "clienteId", status from fila_espera where espaco_id = $1 order by ordem';
const SALDOS = `
  select cliente_id as "clienteId", sum(restante)::int as saldo from creditos_lotes
  where cliente_id = any ($1) group by cliente_id`;
const PAGAMENTOS = `
  select reserva_id as "reservaId", id, status, sessao_id as "sessaoId", intencao_id as "intencaoId",
    centavos::int as valor, creditos::int as creditos
  from pagamentos where reserva_id = any ($1)`;
const ESTORNOS = `
  select distinct on (p.reserva_id) p.reserva_id as "reservaId", e.situacao, e.refund_id as "refundId"
  from estornos e join pagamentos p on p.id = e.pagamento_id
  where p.reserva_id = any ($1) order by p.reserva_id, e.numero desc`;
const RECUSAS_AVISADAS = `
  select reserva_id as "reservaId" from notificacoes
  where reserva_id = any ($1) and modelo = 'PAGAMENTO_RECUSADO' and status = 'ENVIADA'`;
