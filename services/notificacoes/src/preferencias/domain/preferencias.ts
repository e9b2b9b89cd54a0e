import type { Canal } from '../../canais/domain/mensagem.ts';
import { IDIOMA_PADRAO } from '../../modelos/domain/idioma-padrao.ts';
import type { Modelo } from '../../modelos/domain/modelo.ts';
import { CANAIS, type Celula, celulaDe, ehObrigatoria, type Grupo, MODELOS } from './grade.ts';
import { SILENCIO_INICIAL, type Silencio } from './silencio.ts';

/** What a person chooses for whole channels, and for the reminder on all of them. */
export interface EscolhasGerais {
  readonly email: boolean;
  readonly sms: boolean;
  readonly push: boolean;
  /** The reminder before the start, on any channel. */
  readonly lembretes: boolean;
  /** E.164; empty when there is none. */
  readonly telefone: string;
}

/** What a person wants to be told about, and how. */
export interface Preferencias extends EscolhasGerais {
  /**
   * What is not told over a channel that is on. All reminders are off by `lembretes` and none of them by this, so that there
   * is one way to say it.
   */
  readonly desligadas: readonly Celula[];
  /** BCP 47. */
  readonly idioma: string;
  /** When what can wait waits; null: never. */
  readonly silencio: Silencio | null;
}

/** The preferences of a person who never said anything. */
export const PREFERENCIAS_INICIAIS: Preferencias = {
  email: true,
  sms: false,
  push: false,
  lembretes: true,
  telefone: '',
  desligadas: [],
  idioma: IDIOMA_PADRAO,
  silencio: SILENCIO_INICIAL,
};

export const CHAVE_DO_CANAL = { EMAIL: 'email', SMS: 'sms', PUSH: 'push' } as const satisfies Record<
  Canal,
  string
>;

type Escolhas = Pick<Preferencias, 'email' | 'sms' | 'push' | 'lembretes' | 'desligadas'>;

/** Whether a message of this model may be sent over this channel. */
export function quer(
  preferencias: Escolhas,
  { modelo, canal }: { readonly modelo: Modelo; readonly canal: Canal },
): boolean {
  const { grupo, soPorEmail, soPorSms } = MODELOS[modelo];
  if (soPorSms) return canal === 'SMS';
  if (ehObrigatoria(grupo, canal)) return true;
  if (soPorEmail && canal !== 'EMAIL') return false;
  return preferencias[CHAVE_DO_CANAL[canal]] && estaLigada(preferencias, grupo, canal);
}

/** Whether this part of the grid is on, be the channel on or off. */
export function estaLigada(
  { lembretes, desligadas }: Pick<Escolhas, 'lembretes' | 'desligadas'>,
  grupo: Grupo,
  canal: Canal,
): boolean {
  if (ehObrigatoria(grupo, canal)) return true;
  if (grupo === 'LEMBRETES' && !lembretes) return false;
  return !desligadas.includes(celulaDe(grupo, canal));
}

/** Replaces what is chosen for whole channels. Reminders that are on stay on where they are. */
export function comEscolhasGerais(antes: Preferencias, novas: EscolhasGerais): Preferencias {
  const continuam = antes.lembretes && novas.lembretes;
  return { ...antes, ...novas, desligadas: continuam ? antes.desligadas : semLembretes(antes.desligadas) };
}

/** Switches one part of the grid; what is told whatever was chosen stays as it is. */
export function comCelula(antes: Preferencias, grupo: Grupo, canal: Canal, ligada: boolean): Preferencias {
  if (estaLigada(antes, grupo, canal) === ligada || ehObrigatoria(grupo, canal)) return antes;
  const celula = celulaDe(grupo, canal);
  if (ligada && grupo === 'LEMBRETES' && !antes.lembretes) {
    const outras = LEMBRETES.filter((uma) => uma !== celula);
    return { ...antes, lembretes: true, desligadas: [...semLembretes(antes.desligadas), ...outras] };
  }
  const desligadas = ligada
    ? antes.desligadas.filter((uma) => uma !== celula)
    : [...antes.desligadas, celula].sort();
  const nenhum = LEMBRETES.every((uma) => desligadas.includes(uma));
  return nenhum
    ? { ...antes, lembretes: false, desligadas: semLembretes(desligadas) }
    : { ...antes, desligadas };
}

const LEMBRETES = CANAIS.map((canal) => celulaDe('LEMBRETES', canal));

const semLembretes = (celulas: readonly Celula[]) => celulas.filter((celula) => !LEMBRETES.includes(celula));
