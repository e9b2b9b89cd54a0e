import type { Conteudo } from '../../canais/domain/mensagem.ts';
import type { ModeloComDados } from '../domain/modelo.ts';
import type { Resumo } from '../domain/resumo.ts';

/** The templates. */
export interface Modelos {
  assunto(mensagem: ModeloComDados): string;
  renderizar(mensagem: ModeloComDados, nome: string): Conteudo;
  /** Several messages in one. */
  resumir(resumo: Resumo, nome: string): Conteudo & { readonly assunto: string };
}
