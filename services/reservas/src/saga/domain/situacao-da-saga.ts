import { aguardaAceite } from '../../reservas/domain/aceite.ts';
import type { EstadoReserva } from '../../reservas/domain/estado-reserva.ts';
import type { RegistrosDaSaga } from './ocorrencia.ts';

export type PassoDaSaga =
  | 'AGUARDANDO_COBRANCA'
  | 'AGUARDANDO_PAGAMENTO'
  | 'AGUARDANDO_ENCERRAMENTO'
  | 'CONFIRMADA'
  | 'COMPENSANDO'
  | 'CONCLUIDA'
  | 'FALHOU_ESTORNO';

export type ParteDaSaga = 'PAGAMENTOS' | 'CLIENTE' | 'RELOGIO' | 'OPERACAO';

/** Where a saga is, why, and what comes next. */
export interface SituacaoDaSaga {
  readonly passo: PassoDaSaga;
  /** In Portuguese. */
  readonly explicacao: string;
  /** Who has to act; undefined when the saga is over. */
  readonly aguarda: ParteDaSaga | undefined;
  readonly desde: Date;
  readonly prazo: Date | undefined;
  /** What happens at the deadline, in Portuguese; empty when there is none. */
  readonly noPrazo: string;
  readonly atrasada: boolean;
  readonly tentativas: number;
}

type Registros = Omit<RegistrosDaSaga, 'porPublicar'>;

/** The clock's worker looks every second; a minute late is late. */
const FOLGA_MS = 60_000;
/** pagamentos answers within seconds; after this long somebody should look. Also the bound of the gauges. */
export const PRAZO_DA_RESPOSTA_MS = 5 * 60_000;
/** Cards are credited within minutes; pending for a day is worth a look. The same bound as in pagamentos. */
export const PRAZO_DO_ESTORNO_MS = 24 * 3_600_000;

/** Where the saga is: nothing but what is stored, so there is nothing that could disagree with it. */
export function situacaoDaSaga(registros: Registros, agora: Date): SituacaoDaSaga {
  const { reserva } = registros;
  if (devolvendo(registros)) return compensacao(registros, agora);
  switch (reserva.status) {
    case 'PENDENTE_COBRANCA':
    case 'PENDENTE_PAGAMENTO':
      return espera(registros, agora);
    case 'EXPIRANDO':
      return encerramento(registros, agora);
    case 'CONFIRMADA':
      return confirmada(registros, agora);
    default:
      return encerrada(registros, agora);
  }
}

/** Whether money is to go back and has not, as far as is known. */
function devolvendo({ reserva }: Registros): boolean {
  const { devolucao, estorno, cancelamento, pagamentoNaoAproveitado } = reserva;
  // pagamentos has not answered; what is known of refunds is from before the cancellation.
  if (devolucao) return true;
  if (estorno) return estorno.status !== 'CONCLUIDO';
  if (pagamentoNaoAproveitado !== undefined) return true;
  return cancelamento !== undefined && cancelamento.reembolso.centavos > 0n;
}

function espera(registros: Registros, agora: Date): SituacaoDaSaga {
  const { reserva, ocorrencias, historico } = registros;
  const comum = {
    desde: ultimaMudanca(registros, ['ReservaCriada', 'CobrancaRegistrada']),
    prazo: reserva.expiraEm,
    noPrazo: 'A espera termina: pagamentos é chamado a encerrar a cobrança e só então a vaga é liberada.',
    atrasada: passou(reserva.expiraEm, FOLGA_MS, agora),
  };
  if (reserva.preco.valor.centavos === 0n)
    return {
      ...comum,
      passo: 'AGUARDANDO_PAGAMENTO',
      aguarda: 'CLIENTE',
      explicacao: 'Feita por outra pessoa e sem nada a pagar; falta o cliente aceitar.',
      tentativas: 0,
    };
  if (reserva.status === 'PENDENTE_COBRANCA')
    return {
      ...comum,
      passo: 'AGUARDANDO_COBRANCA',
      aguarda: 'PAGAMENTOS',
      explicacao:
        'A vaga está reservada e pagamentos ainda não criou a cobrança; ela vem pelo evento ReservaCriada assim que pagamentos ou o provedor voltar.',
      tentativas: ocorrencias.filter(({ resultado }) => resultado === 'ADIADA').length,
    };
  return {
    ...comum,
    passo: 'AGUARDANDO_PAGAMENTO',
    aguarda: 'CLIENTE',
    explicacao: aguardaAceite(reserva)
      ? 'Feita por outra pessoa; falta o cliente pagar a cobrança aberta, ou aceitar e usar créditos.'
      : 'A cobrança está aberta; falta o cliente pagar. Um cartão recusado não encerra a espera.',
    tentativas: historico.filter(({ evento }) => evento === 'PagamentoRecusado').length,
  };
}

function encerramento(registros: Registros, agora: Date): SituacaoDaSaga {
  const { expiracao, atualizadoEm } = registros.reserva;
  const desde = expiracao?.desde ?? atualizadoEm;
  return {
    passo: 'AGUARDANDO_ENCERRAMENTO',
    aguarda: 'PAGAMENTOS',
    explicacao:
      'A espera pelo pagamento acabou; a vaga continua ocupada até pagamentos dizer que a cobrança foi encerrada ou paga.',
    desde,
    prazo: expiracao?.proximoAnuncioEm,
    noPrazo: 'A pergunta é repetida a pagamentos (comando EncerrarCobranca), com intervalos de até uma hora.',
    atrasada: passou(desde, PRAZO_DA_RESPOSTA_MS, agora),
    tentativas: expiracao?.anuncios ?? 0,
  };
}

function confirmada({ reserva }: Registros, agora: Date): SituacaoDaSaga {
  const { periodo, confirmadoEm, atualizadoEm, pagamentoId } = reserva;
  return {
    passo: 'CONFIRMADA',
    aguarda: 'RELOGIO',
    explicacao:
      pagamentoId === undefined
        ? 'Não há nada a pagar: a reserva está garantida.'
        : 'A reserva está paga e garantida.',
    desde: confirmadoEm ?? atualizadoEm,
    prazo: periodo.fim,
    noPrazo: 'O período termina e a reserva é concluída.',
    atrasada: passou(periodo.fim, FOLGA_MS, agora),
    tentativas: 0,
  };
}

function compensacao(registros: Registros, agora: Date): SituacaoDaSaga {
  const { devolucao, estorno: ultimo } = registros.reserva;
  const estorno = devolucao ? undefined : ultimo;
  const desde = ultimaMudanca(registros, [
    'ReservaCancelada',
    'PagamentoNaoAproveitado',
    'EstornoAtualizado',
    'DevolucaoRecusada',
  ]);
  const tentativas = estorno?.numero ?? 0;
  const recusada = !estorno && registros.historico.some(({ evento }) => evento === 'DevolucaoRecusada');
  if (recusada || estorno?.status === 'FALHOU')
    return {
      passo: 'FALHOU_ESTORNO',
      aguarda: 'OPERACAO',
      explicacao: recusada
        ? 'Pagamentos recusou a devolução em definitivo: é preciso ver por quê e devolver o valor de outro modo.'
        : 'O estorno falhou e o dinheiro continua conosco: é preciso devolvê-lo de outro modo ou pedir outro estorno.',
      desde,
      prazo: undefined,
      noPrazo: '',
      atrasada: true,
      tentativas,
    };
  const prazoMs = estorno ? PRAZO_DO_ESTORNO_MS : PRAZO_DA_RESPOSTA_MS;
  return {
    passo: 'COMPENSANDO',
    aguarda: 'PAGAMENTOS',
    explicacao: estorno
      ? 'O estorno foi pedido ao provedor; falta ele confirmar que o dinheiro voltou.'
      : 'Há dinheiro a devolver e pagamentos ainda não registrou o estorno.',
    desde,
    prazo: new Date(desde.getTime() + prazoMs),
    noPrazo: estorno
      ? 'Conta como estorno parado e gera alerta; pagamentos continua tentando.'
      : 'Conta como estorno parado e gera alerta; o cancelamento é repetido a pagamentos, com intervalos de até uma hora.',
    atrasada: passou(desde, prazoMs, agora),
    tentativas,
  };
}

function encerrada(registros: Registros, agora: Date): SituacaoDaSaga {
  const { reserva, ocorrencias } = registros;
  const desde = reserva.cancelamento?.em ?? reserva.atualizadoEm;
  const respondida = ocorrencias.some(
    ({ fato }) => fato === 'CobrancaCancelada' || fato === 'PagamentoAprovado',
  );
  // Its slot is free; what is open is only whether somebody may still pay.
  if (reserva.status === 'CANCELADA' && reserva.confirmadoEm === undefined && !respondida)
    return {
      passo: 'AGUARDANDO_ENCERRAMENTO',
      aguarda: 'PAGAMENTOS',
      explicacao: 'Cancelada sem pagamento: a vaga já está livre e pagamentos ainda vai encerrar a cobrança.',
      desde,
      prazo: new Date(desde.getTime() + PRAZO_DA_RESPOSTA_MS),
      noPrazo: 'Conta como encerramento atrasado em pagamentos e gera alerta; pagamentos continua tentando.',
      atrasada: passou(desde, PRAZO_DA_RESPOSTA_MS, agora),
      tentativas: 1,
    };
  return {
    passo: 'CONCLUIDA',
    aguarda: undefined,
    explicacao: DESFECHOS[reserva.status] ?? 'Nada mais a fazer.',
    desde: ultimaMudanca(registros),
    prazo: undefined,
    noPrazo: '',
    atrasada: false,
    tentativas: 0,
  };
}

const DESFECHOS: Partial<Record<EstadoReserva['status'], string>> = {
  CANCELADA: 'A reserva foi cancelada e não há nada a receber nem a devolver.',
  EXPIRADA: 'A espera acabou sem pagamento; a vaga foi liberada.',
  CONCLUIDA: 'A reserva aconteceu.',
};

/** When the last change of these kinds was made; of any kind when none is named. */
function ultimaMudanca({ historico, reserva }: Registros, eventos?: readonly string[]): Date {
  const passo = historico.findLast(({ evento }) => !eventos || eventos.includes(evento));
  return passo?.em ?? reserva.atualizadoEm;
}

function passou(instante: Date, folgaMs: number, agora: Date): boolean {
  return agora.getTime() > instante.getTime() + folgaMs;
}
