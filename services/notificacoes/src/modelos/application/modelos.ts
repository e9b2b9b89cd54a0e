import type { Conteudo } from '../../canais/domain/mensagem.ts';
import type { ModeloComDados } from '../domain/modelo.ts';
import type { Resumo } from '../domain/resumo.ts';

/** What the screen of a telephone shows of a message. */
export interface Curto {
  readonly titulo: string;
  readonly corpo: string;
  /** Where it leads to in the application, from its root on; left out when it leads nowhere. */
  readonly caminho?: string;
}

/** A message with its subject. */
type Carta = Conteudo & { readonly assunto: string };

/** The templates, in the language of the platform. */
export interface Modelos {
  /**
   * The same in the language of a reader, a BCP 47 tag; in the nearest there is where that one is not known, and in that of
   * the platform for a reader who never chose.
   */
  em(idioma: string | undefined): Modelos;
  assunto(mensagem: ModeloComDados): string;
  /** @param descadastro where messages of this kind are ended, if they may be; a link to it stands at the end */
  renderizar(mensagem: ModeloComDados, nome: string, descadastro?: string): Carta;
  /** Several messages in one. */
  resumir(resumo: Resumo, nome: string): Carta;
  /** A message, or several in one, for a screen that shows some lines. */
  curto(mensagem: ModeloComDados | Resumo, nome: string): Curto;
  /** A message, or several in one, as text alone. */
  sms(mensagem: ModeloComDados | Resumo): string;
}
