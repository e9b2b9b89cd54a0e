import type { Anexo, Contato } from '../../../canais/domain/mensagem.ts';
import type { Idioma } from '../idiomas/idioma.ts';
import type { Curta } from './curto.ts';
import type { Visao } from './leiaute.ts';

/** What one kind of message says: functions of its data and a language, and nothing else. */
export interface Template<D> {
  /** One line. */
  assunto(dados: D, idioma: Idioma): string;
  visao(dados: D, idioma: Idioma): Visao;
  /** In few words, for telephones. */
  curta(dados: D, idioma: Idioma): Curta;
  anexos?(dados: D, idioma: Idioma, remetente: Contato): Anexo[];
}
