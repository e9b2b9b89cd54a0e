import { CANAIS, celulaDe, GRUPOS, type Grupo } from './grade.ts';
import { estaLigada, type Preferencias } from './preferencias.ts';

/** Who has changed a preference, or what: the person, the link in an e-mail, a complaint, or the provider's own link. */
export type Autor = 'PESSOA' | 'LINK' | 'RECLAMACAO' | 'PROVEDOR';

/** One thing that is another one than before. */
export interface Mudanca {
  /** Name of the choice, or the part of the grid: `LEMBRETES/EMAIL`. */
  readonly campo: string;
  /** As it is now; of a telephone only whether there is one. */
  readonly valor: string;
}

/** What differs. */
export function mudancas(antes: Preferencias, depois: Preferencias): Mudanca[] {
  const novas = valores(depois);
  const velhas = new Map(valores(antes));
  return novas
    .filter(([campo, valor]) => velhas.get(campo) !== valor)
    .map(([campo, valor]) => ({ campo, valor: campo === 'telefone' ? String(valor !== '') : valor }));
}

function valores(preferencias: Preferencias): [string, string][] {
  const { email, sms, push, telefone, idioma, silencio: horas } = preferencias;
  const silencio = horas ? `${horas.inicio}-${horas.fim} ${horas.fuso}${horas.email ? ' e-mail' : ''}` : '';
  const grade = (Object.keys(GRUPOS) as Grupo[]).flatMap((grupo) =>
    CANAIS.map((canal): [string, string] => [
      celulaDe(grupo, canal),
      String(estaLigada(preferencias, grupo, canal)),
    ]),
  );
  const gerais = Object.entries({ email, sms, push, telefone, idioma, silencio });
  return [...gerais.map(([campo, valor]): [string, string] => [campo, String(valor)]), ...grade];
}
