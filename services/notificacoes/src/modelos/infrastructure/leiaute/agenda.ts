import type { Anexo, Contato } from '../../../canais/domain/mensagem.ts';
import { type EventoDeCalendario, escreverCalendario } from '../../domain/calendario.ts';
import type { DetalhesDaReserva } from '../../domain/modelo.ts';
import type { Idioma } from '../idiomas/idioma.ts';
import { uidDe } from './reserva.ts';
import { umaLinha } from './uma-linha.ts';

/** What differs between the files that come with messages about one reservation. */
type Versao = Pick<EventoDeCalendario, 'situacao' | 'sequencia' | 'geradoEm' | 'descricao' | 'local'> & {
  /** Without its ending. */
  readonly arquivo: string;
};

const METODO = { CONFIRMADO: 'PUBLISH', CANCELADO: 'CANCEL' } as const;

/** The file by which a calendar adds a reservation, or drops it. */
export function arquivoDeAgenda(
  { reservaId, espacoNome, inicio, fim }: DetalhesDaReserva,
  { arquivo, ...versao }: Versao,
  { codigo }: Idioma,
  remetente: Contato,
): Anexo {
  const conteudo = escreverCalendario({
    ...versao,
    uid: uidDe(reservaId, remetente),
    idioma: codigo,
    inicio: new Date(inicio),
    fim: new Date(fim),
    titulo: umaLinha(espacoNome),
    organizador: { nome: remetente.nome || remetente.email, email: remetente.email },
  });
  return {
    nome: `${arquivo}.ics`,
    tipo: `text/calendar; charset=utf-8; method=${METODO[versao.situacao]}`,
    conteudo,
  };
}
