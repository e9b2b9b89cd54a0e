import { administra, type Solicitante } from '../../contas/domain/solicitante.ts';
import type { PassoHistorico } from './estado-reserva.ts';

/** In which part somebody changed a reservation. */
export type PapelNaMudanca = 'CLIENTE' | 'GESTOR' | 'ADMIN' | 'SISTEMA';

/** A step with what is known of the person behind it at that time. */
export interface PassoComAutor extends PassoHistorico {
  readonly eraAdmin: boolean;
  readonly geriaEspaco: boolean;
}

/** A step as somebody may read it. */
export interface PassoVisivel extends PassoHistorico {
  readonly papel: PapelNaMudanca;
}

const DETALHE = ': ';

/** Why a step of the platform was taken, with what the payment provider has said of it. */
export function comDetalhe(porque: string, detalhe: string | undefined): string {
  return detalhe ? `${porque}${DETALHE}${detalhe}` : porque;
}

function semDetalhe(porque: string): string {
  return porque.split(DETALHE, 1).join();
}

/**
 * The history for a reader. Who runs the space reads everything; the customer reads in which part somebody acted, but
 * neither who of the staff it was nor what they wrote for each other, nor codes of the payment provider: they may speak of a
 * stolen card, or of a suspicion.
 */
export function historicoPara(
  passos: readonly PassoComAutor[],
  { clienteId, espacoId }: { readonly clienteId: string; readonly espacoId: string },
  solicitante: Solicitante,
): PassoVisivel[] {
  const tudo = administra(solicitante, espacoId);
  return passos.map(({ eraAdmin, geriaEspaco, ...passo }) => {
    const papel = papelDe(passo.quem, clienteId, { eraAdmin, geriaEspaco });
    if (tudo || papel === 'CLIENTE') return { ...passo, papel };
    if (papel === 'SISTEMA') return { ...passo, papel, porque: semDetalhe(passo.porque) };
    return { ...passo, papel, quem: '', porque: '' };
  });
}

function papelDe(
  quem: string,
  clienteId: string,
  { eraAdmin, geriaEspaco }: Pick<PassoComAutor, 'eraAdmin' | 'geriaEspaco'>,
): PapelNaMudanca {
  if (quem === clienteId) return 'CLIENTE';
  if (quem.startsWith('servico:')) return 'SISTEMA';
  return geriaEspaco && !eraAdmin ? 'GESTOR' : 'ADMIN';
}
