import { Dinheiro } from '@plataforma/domain/dinheiro';
import type { Contato } from '../../../canais/domain/mensagem.ts';
import type { DetalhesDaReserva } from '../../domain/modelo.ts';
import { formatarDinheiro, formatarInicioCurto, formatarPeriodo, umaLinha } from './formatos.ts';
import type { Linha, Visao } from './leiaute.ts';

const MAX_NOME_NO_ASSUNTO = 80;

/** Subject line: what, where and when, readable in a list of messages. */
export function assuntoDe(oQue: string, { espacoNome, inicio, fusoHorario }: DetalhesDaReserva): string {
  const nome = umaLinha(espacoNome, MAX_NOME_NO_ASSUNTO);
  return `${oQue}: ${nome}, ${formatarInicioCurto(new Date(inicio), fusoHorario)}`;
}

/** `Sala Ipê · terça-feira, ...` */
export const previaDe = (detalhes: DetalhesDaReserva) =>
  `${umaLinha(detalhes.espacoNome)} · ${periodoDe(detalhes)}`;

const periodoDe = ({ inicio, fim, fusoHorario }: DetalhesDaReserva) =>
  formatarPeriodo(new Date(inicio), new Date(fim), fusoHorario);

/** Where and when, the first facts of every message. */
export const ondeEQuando = (detalhes: DetalhesDaReserva): Linha[] => [
  { rotulo: 'Espaço', valor: umaLinha(detalhes.espacoNome) },
  { rotulo: 'Quando', valor: periodoDe(detalhes) },
];

/** Cents in decimal, as people read them. */
export const dinheiroDe = (centavos: string, moeda: string) =>
  formatarDinheiro(Dinheiro.deCentavos(BigInt(centavos), moeda));

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
