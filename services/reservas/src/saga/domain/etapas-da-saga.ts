import type { StatusReserva } from '../../agenda/domain/status-reserva.ts';
import type { PassoHistorico, ReservaEvent } from '../../reservas/domain/estado-reserva.ts';
import type { OcorrenciaDaSaga, RegistrosDaSaga, ResultadoDaEtapa } from './ocorrencia.ts';

/** One thing that happened in a saga. */
export interface EtapaDaSaga {
  readonly fato: string;
  /** Empty: nothing was done about it. */
  readonly comando: string;
  readonly resultado: ResultadoDaEtapa;
  /** Undefined before the first step, and where nothing changed. */
  readonly de: StatusReserva | undefined;
  readonly para: StatusReserva | undefined;
  readonly quem: string;
  readonly porque: string;
  readonly mensagemId: string;
  readonly em: Date;
}

type Par = readonly [fato: string, comando: string];

/** A change of the reservation as the saga sees it, when no message tells. What is not listed stands for itself. */
const PARES: Partial<Record<ReservaEvent['tipo'], Par>> = {
  ReservaCriada: ['ReservaPedida', 'CriarCobranca'],
  ReservaAceita: ['AceitePedido', 'UsarCreditos'],
  CobrancaRegistrada: ['CobrancaRespondida', 'RegistrarCobranca'],
  ReservaConfirmada: ['ConfirmacaoPedida', 'ReceberPagamento'],
  ReservaExpirando: ['EsperaEsgotada', 'EncerrarCobranca'],
  ExpiracaoReanunciada: ['RespostaAtrasada', 'EncerrarCobranca'],
  ReservaCancelada: ['CancelamentoPedido', 'EncerrarOuDevolver'],
  CancelamentoReanunciado: ['EstornoAtrasado', 'EncerrarOuDevolver'],
  ReservaConcluida: ['PeriodoTerminado', ''],
};

/** The same where there is nothing to pay. */
const PARES_SEM_PAGAMENTO: typeof PARES = {
  ...PARES,
  ReservaCriada: ['ReservaPedida', ''],
  ReservaAceita: ['AceitePedido', ''],
  ReservaConfirmada: ['NadaAPagar', ''],
  ReservaCancelada: ['CancelamentoPedido', ''],
};

/** What happened, oldest first: the history of the reservation, with the messages and tries that it does not tell. */
export function etapasDaSaga({
  reserva,
  historico,
  ocorrencias,
}: Pick<RegistrosDaSaga, 'reserva' | 'historico' | 'ocorrencias'>): readonly EtapaDaSaga[] {
  const porVersao = new Map(ocorrencias.map((ocorrencia) => [ocorrencia.versao, ocorrencia]));
  const pares = reserva.preco.valor.centavos === 0n ? PARES_SEM_PAGAMENTO : PARES;
  const mudancas = historico.map((passo) => deMudanca(passo, porVersao.get(passo.versao), pares));
  const semMudanca = ocorrencias.filter(({ versao }) => versao === undefined).map(deOcorrencia);
  // Stable, so what happened at one instant stays in its order: a change first, its repetitions after it.
  return [...mudancas, ...semMudanca].sort((a, b) => a.em.getTime() - b.em.getTime());
}

function deMudanca(
  passo: PassoHistorico,
  ocorrencia: OcorrenciaDaSaga | undefined,
  pares: typeof PARES,
): EtapaDaSaga {
  const { evento, de, para, quem, porque, em } = passo;
  const [fato, comando] = ocorrencia
    ? [ocorrencia.fato, ocorrencia.comando]
    : (pares[evento as ReservaEvent['tipo']] ?? [evento, '']);
  const mensagemId = ocorrencia?.mensagemId ?? '';
  return { fato, comando, resultado: 'FEITA', de, para, quem, porque, mensagemId, em };
}

function deOcorrencia(ocorrencia: OcorrenciaDaSaga): EtapaDaSaga {
  const { fato, comando, resultado, porque, mensagemId, em } = ocorrencia;
  const quem = mensagemId === '' ? 'servico:reservas' : 'servico:pagamentos';
  return { fato, comando, resultado, de: undefined, para: undefined, quem, porque, mensagemId, em };
}
