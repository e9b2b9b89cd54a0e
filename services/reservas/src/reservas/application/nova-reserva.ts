import { type Dispensas, explicarDispensas, motivoDasDispensas } from '../../espacos/domain/dispensas.ts';
import type { Espaco } from '../../espacos/domain/espaco.ts';
import type { DadosReserva } from '../domain/estado-reserva.ts';
import { POLITICA_PADRAO, type PoliticaCancelamento } from '../domain/politica-cancelamento.ts';
import { Reserva } from '../domain/reserva.ts';

/** Who books, for whom, and what an admin leaves aside. */
export interface PedidoDeReserva {
  readonly clienteId: string;
  /** Who books: the customer, or an admin for the customer. */
  readonly quem: string;
  readonly dispensas: Dispensas;
  readonly cotacaoId: string | undefined;
  /** The customer's credit is not to pay it. Default: it is. */
  readonly guardarCreditos?: boolean;
}

type Escolhidos = Pick<DadosReserva, 'id' | 'periodo' | 'preco' | 'extras' | 'serie'>;

/** A hold that is not stored yet, with everything that is frozen when it is made. */
export function novaReserva(
  escolhidos: Escolhidos,
  pedido: PedidoDeReserva,
  espaco: Espaco,
  { agora, bonusPercentual }: { readonly agora: Date; readonly bonusPercentual: number },
): Reserva {
  const dados = dadosCongelados(escolhidos, pedido, espaco, bonusPercentual);
  const autoria = { quem: pedido.quem, porque: porqueDe(pedido), em: agora };
  return Reserva.criar(dados, espaco.estado.esperaPagamentoMinutos, autoria);
}

/** What a reservation keeps of its space and of the request, whatever becomes of them. */
export function dadosCongelados(
  escolhidos: Escolhidos,
  { clienteId, cotacaoId, dispensas, guardarCreditos = false }: Omit<PedidoDeReserva, 'quem'>,
  espaco: Espaco,
  bonusPercentual: number,
): DadosReserva {
  const { estado } = espaco;
  return {
    ...escolhidos,
    clienteId,
    espacoId: estado.id,
    espacoNome: estado.nome,
    espacoEndereco: estado.endereco,
    fusoHorario: estado.fusoHorario,
    folgaMinutos: estado.folgaMinutos,
    politica: politicaDe(espaco, bonusPercentual),
    cotacaoId,
    dispensaDeFolga: dispensas.folga ? motivoDasDispensas(dispensas) : undefined,
    guardarCreditos,
  };
}

/** The cancellation policy in force today. */
function politicaDe({ estado }: Espaco, bonusPercentual: number): PoliticaCancelamento {
  return { ...POLITICA_PADRAO, carenciaMinutos: estado.carenciaCancelamentoMinutos, bonusPercentual };
}

/** What the history keeps. */
function porqueDe({ quem, clienteId, dispensas }: PedidoDeReserva): string {
  const feita = quem === clienteId ? 'reserva feita pelo cliente' : `reserva feita para ${clienteId}`;
  const explicacao = explicarDispensas(dispensas);
  return explicacao === '' ? feita : `${feita}, com ${explicacao}`;
}
