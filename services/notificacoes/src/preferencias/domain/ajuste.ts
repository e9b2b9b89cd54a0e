import { Result } from '@plataforma/domain/result';
import type { Canal } from '../../canais/domain/mensagem.ts';
import { ehObrigatoria, type Grupo } from './grade.ts';
import { comCelula, type Preferencias } from './preferencias.ts';
import {
  type FusoInvalidoError,
  IdiomaInexistenteError,
  PreferenciaObrigatoriaError,
  type SilencioInvalidoError,
  TelefoneAusenteError,
} from './recusa.ts';
import { criarSilencio, type Silencio } from './silencio.ts';

/** Part of the grid, and whether it is to be on. */
export interface Escolha {
  readonly grupo: Grupo;
  readonly canal: Canal;
  readonly ligada: boolean;
}

/** What is to change; what is left out stays. */
export interface Ajuste {
  readonly email?: boolean | undefined;
  readonly sms?: boolean | undefined;
  readonly push?: boolean | undefined;
  /** Of two about the same part the last one counts. */
  readonly escolhas: readonly Escolha[];
  readonly idioma?: string | undefined;
  /** Null: none from now on. */
  readonly silencio?: Silencio | null | undefined;
}

export type RecusaDeAjuste =
  | PreferenciaObrigatoriaError
  | TelefoneAusenteError
  | IdiomaInexistenteError
  | SilencioInvalidoError
  | FusoInvalidoError;

/**
 * All of it or nothing.
 *
 * @param idiomas those that messages are written in
 */
export function ajustar(
  antes: Preferencias,
  { email, sms, push, escolhas, idioma, silencio }: Ajuste,
  idiomas: readonly string[],
): Result<Preferencias, RecusaDeAjuste> {
  const proibida = escolhas.some(({ grupo, canal, ligada }) => !ligada && ehObrigatoria(grupo, canal));
  if (proibida) return Result.fail(new PreferenciaObrigatoriaError());
  if (sms && antes.telefone === '') return Result.fail(new TelefoneAusenteError());
  if (idioma !== undefined && !idiomas.includes(idioma))
    return Result.fail(new IdiomaInexistenteError(idiomas));
  const horas = silencio ? criarSilencio(silencio) : Result.ok(silencio);
  if (horas.isFailure) return horas;
  const base = {
    ...antes,
    email: email ?? antes.email,
    sms: sms ?? antes.sms,
    push: push ?? antes.push,
    idioma: idioma ?? antes.idioma,
    silencio: horas.value === undefined ? antes.silencio : horas.value,
  };
  return Result.ok(
    escolhas.reduce((ate, { grupo, canal, ligada }) => comCelula(ate, grupo, canal, ligada), base),
  );
}
