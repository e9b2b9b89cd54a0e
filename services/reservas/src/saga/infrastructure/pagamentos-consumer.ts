import type { Dinheiro as DinheiroMessage } from '@plataforma/contratos/comum/v1/dinheiro_pb';
import {
  type InformarDesfecho,
  InformarDesfechoSchema,
} from '@plataforma/contratos/pagamentos/v1/comandos_pb';
import {
  CobrancaCanceladaSchema,
  CobrancaCriadaSchema,
  DevolucaoRecusadaSchema,
  type Devolvivel,
  DisputaPerdidaSchema,
  EstornoConcluidoSchema,
  EstornoFalhouSchema,
  EstornoSolicitadoSchema,
  type PagamentoAprovado,
  PagamentoAprovadoSchema,
  PagamentoRecusadoSchema,
  type PedidoEstorno,
} from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { ConsumeOptions } from '@plataforma/runtime/event-consumer';
import { type EventMeta, on, PermanentError } from '@plataforma/runtime/event-message';
import type { ReceberFatoHandler } from '../application/receber-fato.ts';
import type { FatoDaSaga } from '../domain/fato.ts';

const CONSUMIDOR = 'reservas-pagamentos';

const ESTORNO = {
  SOLICITADO: EstornoSolicitadoSchema,
  CONCLUIDO: EstornoConcluidoSchema,
  FALHOU: EstornoFalhouSchema,
} as const;

/** What this service listens to. Types of pagamentos that are not named here are none of its business. */
export function pagamentosConsumers(handler: ReceberFatoHandler): ConsumeOptions[] {
  const receber = async (mensagemId: string, fato: FatoDaSaga) => {
    const recebido = await handler.execute({ consumidor: CONSUMIDOR, mensagemId, fato });
    if (recebido.isSuccess) return;
    // The reservation cannot take the fact now or later: somebody has to look at it.
    const { error } = recebido;
    throw new PermanentError(`${error.motivo}: ${error.message}`, { cause: error });
  };
  const cobrancaCriada = on(CobrancaCriadaSchema, (evento, { id }) => {
    const { reservaId, pagamentoId, checkoutUrl } = evento;
    const creditosUsados = Dinheiro.deCentavos(evento.creditosUsados?.centavos ?? 0n);
    return receber(id, { tipo: 'CobrancaCriada', reservaId, pagamentoId, checkoutUrl, creditosUsados });
  });
  const pagamentoAprovado = on(PagamentoAprovadoSchema, (evento, { id }) => receber(id, pagamento(evento)));
  const informarDesfecho = on(InformarDesfechoSchema, (pedido, { id }) =>
    receber(id, { ...pagamento(pedido), pedeDesfecho: true }),
  );
  const pagamentoRecusado = on(
    PagamentoRecusadoSchema,
    ({ reservaId, pagamentoId, codigo, definitiva }, { id }) =>
      receber(id, { tipo: 'PagamentoRecusado', reservaId, pagamentoId, motivo: codigo, definitiva }),
  );
  const cobrancaCancelada = on(CobrancaCanceladaSchema, ({ reservaId, pagamentoId, foiPaga }, { id }) =>
    receber(id, { tipo: 'CobrancaCancelada', reservaId, pagamentoId: pagamentoId || undefined, foiPaga }),
  );
  const devolucaoRecusada = on(DevolucaoRecusadaSchema, ({ reservaId, codigo }, { id }) =>
    receber(id, { tipo: 'DevolucaoRecusada', reservaId, motivo: codigo }),
  );
  const estornos = (['SOLICITADO', 'CONCLUIDO', 'FALHOU'] as const).map((status) =>
    on(ESTORNO[status], async (evento, meta) => {
      const { reservaId, pagamentoId, numero } = evento;
      // Money beyond the price, which no customer owed: what paid the reservation stays.
      if (evento.excedente) return;
      const valor = evento.valor && { valor: toDinheiro(evento.valor) };
      const porque = 'codigo' in evento && { porque: evento.codigo };
      return receber(meta.id, {
        tipo: 'EstornoMudou',
        reservaId,
        pagamentoId,
        estorno: { numero, status, ...valor },
        ...resta(evento, meta),
        ...parteDe(evento),
        ...porque,
      });
    }),
  );
  const disputaPerdida = on(DisputaPerdidaSchema, (evento, meta) => {
    const { reservaId, pagamentoId } = evento;
    return receber(meta.id, { tipo: 'DisputaPerdida', reservaId, pagamentoId, ...resta(evento, meta) });
  });
  return [
    {
      stream: 'PAGAMENTOS',
      durable: CONSUMIDOR,
      filter: 'pagamentos.v1.>',
      on: [
        cobrancaCriada,
        pagamentoAprovado,
        informarDesfecho,
        pagamentoRecusado,
        cobrancaCancelada,
        devolucaoRecusada,
        ...estornos,
        disputaPerdida,
      ],
    },
  ];
}

/** Money that came, told or asked about. */
function pagamento(evento: PagamentoAprovado | InformarDesfecho) {
  const { reservaId, pagamentoId, valor, creditosUsados } = evento;
  return {
    ...({ tipo: 'PagamentoAprovado', reservaId, pagamentoId } as const),
    ...(valor && { valor: toDinheiro(valor) }),
    creditosUsados: Dinheiro.deCentavos(creditosUsados?.centavos ?? 0n),
  };
}

/** What can still go back; nothing where the event does not say. */
function resta({ devolvivel }: { readonly devolvivel?: Devolvivel | undefined }, { agregado }: EventMeta) {
  if (!devolvivel?.valor || !devolvivel.creditos) return {};
  const [valor, creditos] = [toDinheiro(devolvivel.valor), toDinheiro(devolvivel.creditos)];
  return { devolvivel: { versao: agregado.versao, valor, creditos } };
}

/** The refund that a movement is part of; nothing where the event does not say. */
function parteDe({ pedido }: { readonly pedido?: PedidoEstorno | undefined }) {
  if (!pedido?.valor) return {};
  const { origem, valor, creditos } = pedido;
  return { pedido: { origem, valor: toDinheiro(valor), creditos: toDinheiro(creditos) } };
}

function toDinheiro(dinheiro: DinheiroMessage | undefined): Dinheiro {
  return dinheiro ? Dinheiro.deCentavos(dinheiro.centavos, dinheiro.moeda) : Dinheiro.zero();
}
