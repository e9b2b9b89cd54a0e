import type { Bancada } from './bancada.ts';

/** The customers of a scenario. Ana begins. */
export const PESSOAS = ['ana', 'bia', 'caio'] as const;
export type Pessoa = (typeof PESSOAS)[number];
/** Identities of the customers of one run. */
export type Elenco = Readonly<Record<Pessoa, string>>;

/** One reservation as somebody sees it who looks into the services. */
export interface Cena {
  readonly reservaId: string;
  readonly quem: Pessoa;
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
}

/** What can be seen of a run; money in cents. */
export interface Palco {
  readonly bancada: Bancada;
  readonly espacoId: string;
  readonly elenco: Elenco;
  /** All of the space, in the order of their dates, then of their customers, then as they were made. */
  readonly cenas: readonly Cena[];
  /** Credit that each has. */
  readonly saldos: Readonly<Record<Pessoa, number>>;
  /** Status of their place in line, of those who have one. */
  readonly fila: Readonly<Partial<Record<Pessoa, string>>>;
}

export function novoElenco(numero: number): Elenco {
  return { ana: `cli_${numero}ana`, bia: `cli_${numero}bia`, caio: `cli_${numero}caio` };
}

/** Looks at everything that a run has come to so far. */
export async function olhar(
  bancada: Bancada,
  { espacoId, elenco }: Pick<Palco, 'espacoId' | 'elenco'>,
): Promise<Palco> {
  const clientes = Object.values(elenco);
  const pessoaDe = ({ clienteId }: { clienteId: string }) =>
    PESSOAS.find((pessoa) => elenco[pessoa] === clienteId) ?? 'ana';
  const [reservas, entradas, saldos] = await Promise.all([
    bancada.query<ReservaRow>('reservas', RESERVAS, [espacoId]),
    bancada.query<{ clienteId: string; status: string }>('reservas', ENTRADAS, [espacoId]),
    bancada.query<{ clienteId: string; saldo: number }>('pagamentos', SALDOS, [clientes]),
  ]);
  const ids = [reservas.map(({ reservaId }) => reservaId)];
  const [pagamentos, estornos] = await Promise.all([
    bancada.query<Cena['pagamento'] & DaReserva>('pagamentos', PAGAMENTOS, ids),
    bancada.query<NonNullable<Cena['estorno']> & DaReserva>('pagamentos', ESTORNOS, ids),
  ]);
  const cenas = reservas.map(({ clienteId, ...reserva }): Cena => {
    const desta = ({ reservaId }: DaReserva) => reservaId === reserva.reservaId;
    const quem = pessoaDe({ clienteId });
    return {
      ...reserva,
      quem,
      pagamento: pagamentos.find(desta) ?? SEM_PAGAMENTO,
      estorno: estornos.find(desta),
    };
  });
  const saldoDe = (pessoa: Pessoa) => saldos.find((linha) => pessoaDe(linha) === pessoa)?.saldo ?? 0;
  return {
    ...{ bancada, espacoId, elenco, cenas },
    saldos: { ana: saldoDe('ana'), bia: saldoDe('bia'), caio: saldoDe('caio') },
    fila: Object.fromEntries(entradas.map((entrada) => [pessoaDe(entrada), entrada.status])),
  };
}

/** The latest reservation that somebody has; an empty one before there is any. */
export function cenaDe({ cenas }: Pick<Palco, 'cenas'>, quem: Pessoa, data?: number): Cena {
  const suas = cenas.filter((cena) => cena.quem === quem);
  const vazia = { reservaId: '', serieId: null, reserva: '', pagamento: SEM_PAGAMENTO, estorno: undefined };
  return (data === undefined ? suas.at(-1) : suas[data]) ?? { ...vazia, quem };
}

interface DaReserva {
  readonly reservaId: string;
}

type ReservaRow = Pick<Cena, 'reservaId' | 'serieId' | 'reserva'> & { readonly clienteId: string };

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
