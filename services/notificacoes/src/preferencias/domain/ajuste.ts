import { Result } from '@plataforma/domain/result';
import type { Canal } from '../../canais/domain/mensagem.ts';
import { ehObrigatoria, type Grupo } from './grade.ts';
import { ehIdioma } from './idioma.ts';
import { comCelula, type Preferencias } from './preferencias.ts';
import { IdiomaInexistenteError, PreferenciaObrigatoriaError, TelefoneAusenteError } from './recusa.ts';

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
}

export type RecusaDeAjuste = PreferenciaObrigatoriaError | TelefoneAusenteError | IdiomaInexistenteError;

/** All of it or nothing. */
export function ajustar(
  antes: Preferencias,
  { email, sms, push, escolhas, idioma }: Ajuste,
): Result<Preferencias, RecusaDeAjuste> {
  const proibida = escolhas.some(({ grupo, canal, ligada }) => !ligada && ehObrigatoria(grupo, canal));
  if (proibida) return Result.fail(new PreferenciaObrigatoriaError());
  if (sms && antes.telefone === '') return Result.fail(new TelefoneAusenteError());
  if (idioma !== undefined && !ehIdioma(idioma)) return Result.fail(new IdiomaInexistenteError());
  const base = {
    ...antes,
    email: email ?? antes.email,
    sms: sms ?? antes.sms,
    push: push ?? antes.push,
    idioma: idioma ?? antes.idioma,
  };
  return Result.ok(
    escolhas.reduce((ate, { grupo, canal, ligada }) => comCelula(ate, grupo, canal, ligada), base),
  );
}
