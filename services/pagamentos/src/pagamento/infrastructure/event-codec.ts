import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { PagamentoEvent } from '../domain/eventos.ts';

/** Version of the stored shape of the events. A change of shape raises it and adds a step from the version before. */
export const VERSAO_ESQUEMA = 2;

type Dados = Readonly<Record<string, unknown>>;

/** What turns the data of an event into its next shape; the type tells which event it is. */
export type Passo = (tipo: string, dados: Dados) => Dados;

/** Step `i` leads from schema `i + 1` to `i + 2`. Stored events are never rewritten: they are read through these. */
const PASSOS: readonly Passo[] = [semCreditos];

type Tipo = PagamentoEvent['tipo'];

/** Fields that JSON cannot tell from plain texts, by event. */
const CAMPOS: Record<Tipo, { readonly instantes: readonly string[]; readonly valores: readonly string[] }> = {
  CobrancaCriada: { instantes: ['expiraEm'], valores: ['valor', 'creditos'] },
  CheckoutSolicitado: { instantes: ['expiraEm'], valores: [] },
  CheckoutAberto: { instantes: ['expiraEm'], valores: [] },
  CreditosPedidos: { instantes: [], valores: [] },
  CheckoutFechado: { instantes: [], valores: [] },
  CreditosUsados: { instantes: [], valores: ['creditos'] },
  CartaoRecusado: { instantes: [], valores: [] },
  PagamentoAprovado: { instantes: [], valores: ['valor'] },
  AprovacaoReanunciada: { instantes: [], valores: [] },
  CobrancaCancelada: { instantes: [], valores: [] },
  CobrancaImpedida: { instantes: [], valores: ['valor'] },
  EncerramentoSolicitado: { instantes: [], valores: [] },
  EncerramentoRespondido: { instantes: [], valores: [] },
  EstornoSolicitado: { instantes: [], valores: ['valor'] },
  EstornoPendente: { instantes: [], valores: [] },
  EstornoConcluido: { instantes: [], valores: ['valor'] },
  EstornoFalhou: { instantes: [], valores: ['valor'] },
  DisputaAberta: { instantes: [], valores: ['valor'] },
  DisputaEncerrada: { instantes: [], valores: [] },
};

export interface EventoArmazenado {
  readonly tipo: string;
  readonly versao_esquema: number;
  readonly dados: Dados;
  readonly ocorrido_em: Date;
}

/** The event's own data as JSON: cents as text, instants as RFC 3339. Type and instant have columns of their own. */
export function encode(evento: PagamentoEvent): string {
  const { tipo: _tipo, em: _em, ...dados } = evento;
  return JSON.stringify(dados, (_, valor: unknown) =>
    valor instanceof Dinheiro ? { centavos: String(valor.centavos), moeda: valor.moeda } : valor,
  );
}

/** @throws Error on a type or schema version that this program does not know: it must not guess about money. */
export function decode(row: EventoArmazenado, passos: readonly Passo[] = PASSOS): PagamentoEvent {
  const { tipo, versao_esquema: esquema } = row;
  if (!Object.hasOwn(CAMPOS, tipo) || esquema > passos.length + 1)
    throw new Error(`stored event ${tipo} of schema ${esquema} is unknown to this version`);
  const campos = CAMPOS[tipo as Tipo];
  const atuais = passos.slice(esquema - 1).reduce((dados, passo) => passo(tipo, dados), row.dados);
  const dados: Record<string, unknown> = { ...atuais };
  for (const campo of campos.instantes) dados[campo] = new Date(String(dados[campo]));
  for (const campo of campos.valores) dados[campo] = dinheiro(dados[campo]);
  return { ...dados, tipo: row.tipo, em: row.ocorrido_em } as PagamentoEvent;
}

/** Before store credit could pay, the card paid everything, and all money went back to it. */
function semCreditos(tipo: string, dados: Dados): Dados {
  if (tipo === 'CobrancaCriada') return { ...dados, creditos: { centavos: '0', moeda: 'BRL' } };
  return tipo === 'EstornoSolicitado' ? { ...dados, meio: 'CARTAO' } : dados;
}

function dinheiro(valor: unknown): Dinheiro {
  const { centavos, moeda } = valor as { centavos: string; moeda: string };
  return Dinheiro.deCentavos(BigInt(centavos), moeda);
}
