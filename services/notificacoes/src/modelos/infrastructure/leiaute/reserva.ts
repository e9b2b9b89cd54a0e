import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Contato } from '../../../canais/domain/mensagem.ts';
import type { DetalhesDaReserva } from '../../domain/modelo.ts';
import type { Idioma } from '../idiomas/idioma.ts';
import type { Chave } from '../idiomas/textos.ts';
import type { Linha, Visao } from './leiaute.ts';
import { umaLinha } from './uma-linha.ts';

export const MAX_NOME_NO_ASSUNTO = 80;

/** Subject line: what, where and when, readable in a list of messages. */
export function assuntoDe(
  chave: Chave,
  { espacoNome, inicio, fusoHorario }: DetalhesDaReserva,
  idioma: Idioma,
): string {
  return idioma.t(chave, {
    espaco: umaLinha(espacoNome, MAX_NOME_NO_ASSUNTO),
    inicio: idioma.inicioCurto(new Date(inicio), fusoHorario),
  });
}

/** `Sala Ipê · terça-feira, ...` */
export const previaDe = (detalhes: DetalhesDaReserva, idioma: Idioma) =>
  `${umaLinha(detalhes.espacoNome)} · ${periodoDe(detalhes, idioma)}`;

const periodoDe = ({ inicio, fim, fusoHorario }: DetalhesDaReserva, idioma: Idioma) =>
  idioma.periodo(new Date(inicio), new Date(fim), fusoHorario);

/** Where and when, the first facts of every message. */
export const ondeEQuando = (detalhes: DetalhesDaReserva, idioma: Idioma): Linha[] => [
  { rotulo: idioma.t('rotulos.espaco'), valor: umaLinha(detalhes.espacoNome) },
  { rotulo: idioma.t('rotulos.quando'), valor: periodoDe(detalhes, idioma) },
];

/** Cents in decimal, as people read them. */
export const dinheiroDe = (centavos: string, moeda: string, idioma: Idioma) =>
  idioma.dinheiro(Dinheiro.deCentavos(BigInt(centavos), moeda));

/** Nothing for nothing: a line without a value is left out. */
export const dinheiroOuNada = (centavos: string, moeda: string, idioma: Idioma) =>
  centavos === '0' ? '' : dinheiroDe(centavos, moeda, idioma);

/** What is left to be paid. */
export const faltaPagar = (
  {
    valorCentavos,
    creditosCentavos = '0',
    moeda,
  }: { readonly valorCentavos: string; readonly creditosCentavos?: string; readonly moeda: string },
  idioma: Idioma,
): string => dinheiroDe(`${BigInt(valorCentavos) - BigInt(creditosCentavos)}`, moeda, idioma);

/** What is to be paid; of what store credit has paid a part, the rest too. */
export function aPagar(
  {
    valorCentavos,
    creditosCentavos,
    moeda,
  }: { readonly valorCentavos: string; readonly creditosCentavos?: string; readonly moeda: string },
  idioma: Idioma,
): Linha[] {
  const valor = { rotulo: idioma.t('rotulos.valor'), valor: dinheiroDe(valorCentavos, moeda, idioma) };
  if (creditosCentavos === undefined) return [valor];
  const falta = String(BigInt(valorCentavos) - BigInt(creditosCentavos));
  return [
    valor,
    { rotulo: idioma.t('rotulos.seusCreditos'), valor: dinheiroDe(creditosCentavos, moeda, idioma) },
    { rotulo: idioma.t('rotulos.faltaPagar'), valor: dinheiroDe(falta, moeda, idioma) },
  ];
}

/** What of a refund comes back as credit and what goes to the card, when a part comes back as credit. */
export function partesDaVolta(valor: string, creditos: string, moeda: string, idioma: Idioma): Linha[] {
  if (creditos === '0') return [];
  const noCartao = `${BigInt(valor) - BigInt(creditos)}`;
  return [
    { rotulo: idioma.t('rotulos.reembolsoComoCredito'), valor: dinheiroDe(creditos, moeda, idioma) },
    { rotulo: idioma.t('rotulos.reembolsoNoCartao'), valor: dinheiroOuNada(noCartao, moeda, idioma) },
  ];
}

/** What no program of any reader has been seen to cut. */
const MAX_ENDERECO = 2_000;

/** Only an address of the web becomes a link, whatever was sent as one. */
export function acaoNaWeb(rotulo: string, endereco: string): Visao['acao'] {
  if (!URL.canParse(endereco)) return undefined;
  const { protocol, href } = new URL(endereco);
  const serve = /^https?:$/.test(protocol) && href.length <= MAX_ENDERECO;
  return serve ? { rotulo, url: href } : undefined;
}

/** The same entry of the calendar for the same reservation, whatever happens to it. */
export function uidDe(reservaId: string, { email }: Contato): string {
  return `${reservaId}@${email.slice(email.lastIndexOf('@') + 1)}`;
}
