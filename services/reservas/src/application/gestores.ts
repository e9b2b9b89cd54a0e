import type { Gestor } from '../domain/gestor.ts';
import type { Pagina, Posicao } from './ports.ts';

/** Who runs which space. */
export interface Gestores {
  /** Keeps an assignment that exists already. @returns the one in force; undefined when there is no such space. */
  atribuir(gestor: Gestor): Promise<Gestor | undefined>;
  /** Also revokes the person's calendar feeds of the space. Nothing happens when they do not run it. */
  remover(espacoId: string, usuarioId: string, em: Date): Promise<void>;
  /** By the identity of the person. */
  doEspaco(espacoId: string, tamanho: number, depoisDe: Posicao | undefined): Promise<Pagina<Gestor>>;
  espacosDe(usuarioId: string): Promise<ReadonlySet<string>>;
}
