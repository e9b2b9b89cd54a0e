import type { PagamentosService } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import {
  deNinguemMais,
  type MostraDe,
  type Titulares,
  titularDito,
  titularesDaLista,
} from '@plataforma/runtime/shown';

/*
 * Whose data each answer shows to an administrator, beside who may ask for it (`acesso.ts`). What a change answers counts, too:
 * a charge that is there already is answered as it is, and leaves no trace of its own.
 */

interface DeCliente {
  readonly clienteId: string;
}

/** An administrator names somebody else, or means themself. */
const dePedido = ({ clienteId }: DeCliente) => [clienteId];
const daResposta = (_request: unknown, { clienteId }: DeCliente) => [clienteId];
const clientesDe = (coisas: readonly DeCliente[]) => coisas.map(({ clienteId }) => clienteId);

export const MOSTRA_PAGAMENTOS: MostraDe<typeof PagamentosService> = {
  criarCobranca: daResposta,
  usarCreditos: deNinguemMais('reservas alone may ask'),
  obterPagamento: daResposta,
  listarTransacoes: ({ clienteId }, { transacoes }) => titularesDaLista(clienteId, clientesDe(transacoes)),
  obterExtrato: daResposta,
  // Sums of everybody are nobody's.
  obterTotais: dePedido,
  listarEventos: titularDito,
  estornarPagamento: daResposta,
  obterCreditos: dePedido,
};

interface FiltroDoCsv extends DeCliente {
  readonly reservaId: string;
  readonly pagamentoId: string;
}

/** Of the CSV whose first rows these are: what is of one reservation or payment is of one person, all else may be of several. */
export function titularesDoCsv(
  { clienteId, reservaId, pagamentoId }: FiltroDoCsv,
  primeiras: readonly DeCliente[],
): Titulares {
  if (clienteId !== '' || primeiras.length === 0) return [clienteId];
  const deUmaCoisa = reservaId !== '' || pagamentoId !== '';
  return deUmaCoisa ? titularesDaLista('', clientesDe(primeiras)) : 'TODOS';
}
