import type { Canal } from '../../canais/domain/mensagem.ts';
import type { Modelo } from '../../modelos/domain/modelo.ts';
import { GRUPOS, type Grupo, grupoDoModelo } from '../domain/grade.ts';

/** What a link ends: the messages of a group to a person over a channel. */
export interface Alvo {
  readonly clienteId: string;
  readonly grupo: Grupo;
  readonly canal: Canal;
}

/** Texts that stand for a target and that nobody else can make or read. */
export interface TokensDeDescadastro {
  /**
   * The same for the same target, or a letter that is tried again would be another one.
   *
   * @param email where the message goes
   */
  token(alvo: Alvo, email: string): string;
  /** With the digest of where the message went. Undefined for one that was not made here. */
  alvo(token: string): (Alvo & { readonly digesto: Buffer }) | undefined;
}

interface Mensagem {
  readonly clienteId: string;
  readonly modelo: Modelo;
  readonly canal: Canal;
}

/** What a link in this message ends; undefined for one that follows from what the person did, and has none. */
export function alvoDe({ clienteId, modelo, canal }: Mensagem): Alvo | undefined {
  const grupo = grupoDoModelo(modelo);
  return GRUPOS[grupo].transacional ? undefined : { clienteId, grupo, canal };
}
