import { encurtarSms, paraSms } from '../../../canais/domain/sms.ts';
import type { Curto } from '../../application/modelos.ts';
import type { DadosPagamentoAprovado, DetalhesDaReserva } from '../../domain/modelo.ts';
import type { Idioma } from '../idiomas/idioma.ts';
import type { Valores } from '../idiomas/textos.ts';
import { dinheiroDe } from './reserva.ts';
import { umaLinha } from './uma-linha.ts';

/** A message in few words, before it is cut to what there is room for. */
export interface Curta {
  readonly titulo: string;
  readonly corpo: string;
  readonly sms: string;
  /** Where it leads to; left out when it leads nowhere. */
  readonly caminho?: string;
}

/** What every screen shows of a notice. */
const MAX_TITULO = 50;
const MAX_CORPO = 150;
/** Of names, so that all the rest has room beside them. */
const MAX_NOME = 40;
/** Each is paid. One is the rule; letters that need more room come to more, and no name to more than these. */
const MAX_PARTES = 3;

export const paraTela = ({ titulo, corpo, caminho }: Curta): Curto => ({
  titulo: umaLinha(titulo, MAX_TITULO),
  corpo: umaLinha(corpo, MAX_CORPO),
  ...(caminho !== undefined && { caminho }),
});

export const paraTelefone = ({ sms }: Curta, idioma: Idioma): string =>
  encurtarSms(paraSms(idioma.t('sms.marca', { texto: sms })), MAX_PARTES);

export const nomeCurto = (nome: string): string => umaLinha(nome, MAX_NOME);

const caminhoDaReserva = (reservaId: string): string => `/reservas/${encodeURIComponent(reservaId)}`;

/** Kinds of messages that say which space and when. */
type DeReserva =
  | 'reservaRecebida'
  | 'reservaConfirmada'
  | 'reservaCancelada'
  | 'reservaExpirada'
  | 'lembreteReserva'
  | 'pagamentoRecusado'
  | 'vagaOferecida';

/** Where and when, and what else the texts of that kind say. */
export function curtaDeReserva(
  modelo: DeReserva,
  { reservaId, espacoNome, inicio, fusoHorario }: DetalhesDaReserva,
  idioma: Idioma,
  outros: Valores = {},
): Curta {
  const quando = idioma.inicioMinimo(new Date(inicio), fusoHorario);
  const valores = { espaco: nomeCurto(espacoNome), inicio: quando, reserva: reservaId, ...outros };
  return {
    titulo: idioma.t(`${modelo}.cabecalho`),
    corpo: idioma.t(`${modelo}.push`, valores),
    sms: idioma.t(`${modelo}.sms`, valores),
    caminho: caminhoDaReserva(reservaId),
  };
}

/** Of money, whatever is known of its reservation. */
export function curtaDeDinheiro(
  modelo: 'pagamentoAprovado' | 'estornoSolicitado' | 'estornoConcluido' | 'estornoFalhou',
  { reservaId, valorCentavos, moeda }: DadosPagamentoAprovado,
  idioma: Idioma,
): Curta {
  const valores = { valor: dinheiroDe(valorCentavos, moeda, idioma), reserva: reservaId };
  return {
    titulo: idioma.t(`${modelo}.cabecalho`),
    corpo: idioma.t(`${modelo}.push`, valores),
    sms: idioma.t(`${modelo}.sms`, valores),
    caminho: caminhoDaReserva(reservaId),
  };
}

/** Of a message that goes by e-mail alone: most bring a code, which goes to the address that it proves and nowhere else. */
export const curtaSoPorEmail = (titulo: string, idioma: Idioma): Curta => ({
  titulo,
  corpo: idioma.t('soPorEmail.push'),
  sms: idioma.t('soPorEmail.sms'),
});
