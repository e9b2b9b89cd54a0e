/** What integrators can be told of. */
export const TIPOS_DE_EVENTO = [
  'RESERVA_CRIADA',
  'RESERVA_CONFIRMADA',
  'RESERVA_CANCELADA',
  'RESERVA_EXPIRADA',
  'RESERVA_CONCLUIDA',
  'PAGAMENTO_APROVADO',
  'PAGAMENTO_RECUSADO',
  'ESTORNO_CONCLUIDO',
  'ESTORNO_FALHOU',
] as const;

/** `WEBHOOK_TESTE` is sent when somebody asks for it, and subscribed to by nobody. */
export type TipoDeEvento = (typeof TIPOS_DE_EVENTO)[number] | 'WEBHOOK_TESTE';

type Valor = string | number | boolean | { readonly centavos: number; readonly moeda: string };

/** Something that happened, as those outside the platform are told: identities, instants and amounts, and nothing about people. */
export interface EventoPublico {
  /** The same in every delivery of the event: receivers know by it what they have. */
  readonly id: string;
  readonly tipo: TipoDeEvento;
  /** Aggregate: its events are told in order. */
  readonly chave: string;
  readonly versao: number;
  readonly reservaId: string;
  /** Undefined where the event does not say: known by the reservation. */
  readonly espacoId: string | undefined;
  readonly ocorridoEm: Date;
  readonly dados: Readonly<Record<string, Valor>>;
}

/** Body of the requests. It is stored as it is signed. */
export function corpoDe({ tipo, ocorridoEm, versao, dados }: EventoPublico): string {
  const type = tipo.toLowerCase().replace('_', '.');
  return JSON.stringify({ type, timestamp: ocorridoEm.toISOString(), data: { ...dados, versao } });
}
