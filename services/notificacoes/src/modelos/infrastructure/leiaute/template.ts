import type { Anexo, Contato } from '../../../canais/domain/mensagem.ts';
import type { Visao } from './leiaute.ts';

/** What one kind of message says: functions of its data and nothing else. */
export interface Template<D> {
  /** One line. */
  assunto(dados: D): string;
  visao(dados: D): Visao;
  anexos?(dados: D, remetente: Contato): Anexo[];
}
