import type { MessageInitShape } from '@bufbuild/protobuf';
import { type Timestamp, timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import type { Dinheiro as DinheiroMessage } from '@plataforma/contratos/comum/v1/dinheiro_pb';
import { type PagamentoSchema, StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import type {
  DadosDoEventoPagamentoSchema,
  EventoPagamentoSchema,
} from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { EventoView, PagamentoView } from '../application/ports.ts';
import { valorNoCartao } from '../domain/contas.ts';

/** Validation has refused instants that no calendar of ours can hold. */
export function instanteFrom(timestamp: Timestamp | undefined): Date | undefined {
  return timestamp && timestampDate(timestamp);
}

export function toPagamentoProto(view: PagamentoView): MessageInitShape<typeof PagamentoSchema> {
  return {
    id: view.id,
    reservaId: view.reservaId,
    clienteId: view.clienteId,
    valor: toDinheiroProto(view.valor),
    creditosUsados: toDinheiroProto(view.creditos),
    valorCartao: toDinheiroProto(valorNoCartao(view)),
    status: StatusPagamento[view.status],
    checkoutUrl: view.checkoutUrl,
    estornado: toDinheiroProto(view.estornado),
    criadoEm: timestampFromDate(view.criadoEm),
    ...instant('aprovadoEm', view.aprovadoEm),
    atualizadoEm: timestampFromDate(view.atualizadoEm),
    expiraEm: timestampFromDate(view.expiraEm),
    recusas: view.recusas,
    versao: view.versao,
    ...(view.devolvivel && {
      devolvivel: toDinheiroProto(view.devolvivel.valor),
      devolvivelCreditos: toDinheiroProto(view.devolvivel.creditos),
    }),
  };
}

export function toEventoProto(view: EventoView): MessageInitShape<typeof EventoPagamentoSchema> {
  const { tipo, em, ...dados } = view.evento;
  return { versao: view.versao, tipo, ocorridoEm: timestampFromDate(em), dados: dadosFrom(dados) };
}

/** An administrator alone says why in words of their own; all other reasons are codes. */
function dadosFrom(dados: object): MessageInitShape<typeof DadosDoEventoPagamentoSchema> {
  const emPalavras = 'origem' in dados && dados.origem === 'ADMIN';
  const campos = Object.entries(dados).map(([nome, valor]) => [
    nome === 'motivo' && !emPalavras ? 'codigo' : nome,
    noContrato(valor),
  ]);
  return Object.fromEntries(campos);
}

function noContrato(valor: unknown): unknown {
  if (valor instanceof Dinheiro) return toDinheiroProto(valor);
  return valor instanceof Date ? timestampFromDate(valor) : valor;
}

export function dinheiroFrom({ centavos, moeda }: DinheiroMessage): Dinheiro {
  return Dinheiro.deCentavos(centavos, moeda);
}

/** Money as the contracts have it. */
export function toDinheiroProto({ centavos, moeda }: Dinheiro) {
  return { centavos, moeda };
}

function instant<K extends string>(name: K, date: Date | undefined): { [P in K]?: Timestamp } {
  return date === undefined ? {} : ({ [name]: timestampFromDate(date) } as { [P in K]: Timestamp });
}
